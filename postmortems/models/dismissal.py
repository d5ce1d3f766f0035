"""Pairs of postmortems that somebody found not to be similar."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from postmortems.models.postmortem import Postmortem


class DismissalQuerySet(models.QuerySet["Dismissal"]):
    """Words for sets of dismissals."""

    def of_pair(self, one: Postmortem, other: Postmortem) -> Self:
        """Everybody's about these two, in whichever order."""
        first, second = sorted((one.pk, other.pk))
        return self.filter(first=first, second=second)

    def hiding_from(self, viewer: User | AnonymousUser) -> Self:
        """The viewer's own and those that count for everybody."""
        own = models.Q(by=viewer) if isinstance(viewer, User) else models.Q(pk__in=[])
        return self.filter(own | models.Q(is_for_all=True))

    def partners_of(self, postmortem: Postmortem) -> "models.QuerySet[Dismissal, Any]":
        """The keys of the other postmortems of these pairs."""
        # A union, because for one condition or another databases read the whole table.
        ahead, behind = self.sides_of(postmortem)
        return ahead.union(behind)

    def sides_of(
        self, postmortem: Postmortem
    ) -> "tuple[models.QuerySet[Dismissal, Any], models.QuerySet[Dismissal, Any]]":
        """The same in its two halves, for a larger union."""
        return (
            self.filter(first=postmortem).values("second"),
            self.filter(second=postmortem).values("first"),
        )


class Dismissal(models.Model):
    """One person's *not similar* about a pair; the smaller key comes first, so that a pair is one pair.

    `is_for_all` where that person could edit one of the two: then the pair is shown to nobody.
    """

    first = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="dismissed_with")
    second = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="dismissed_by")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="dismissals")
    is_for_all = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DismissalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "by"], name="dismissal_once_a_pair_and_person"
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="dismissal_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not like {self.second_id}"
