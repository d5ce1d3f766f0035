"""What somebody follows, a term or a saved search, and what they have opened: theirs alone to see."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from postmortems.models.postmortem import Postmortem
from postmortems.models.saved_search import SavedSearch
from taxonomy.models import Term


class FollowingQuerySet(models.QuerySet["Following"]):
    """Words for sets of what is followed."""

    def of(self, user: User | AnonymousUser) -> Self:
        """What the user follows and may still see, the first followed first."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        searches = SavedSearch.objects.visible_to(user)
        reached = models.Q(term__isnull=False) | models.Q(saved_search__in=searches)
        own = self.filter(reached, user=user).order_by("since", "pk")
        return own.select_related("term__vocabulary", "saved_search")


class Following(models.Model):
    """A term or a saved search that somebody wants to hear of; what was published since `since` is news."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="followings")
    term = models.ForeignKey(Term, on_delete=models.CASCADE, null=True, related_name="followings")
    saved_search = models.ForeignKey(
        SavedSearch, on_delete=models.CASCADE, null=True, related_name="followings"
    )
    since = models.DateTimeField(default=timezone.now)

    objects = FollowingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "term"], name="following_term_once"),
            models.UniqueConstraint(fields=["user", "saved_search"], name="following_search_once"),
            models.CheckConstraint(
                condition=(
                    models.Q(term__isnull=False, saved_search__isnull=True)
                    | models.Q(term__isnull=True, saved_search__isnull=False)
                ),
                name="following_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"following {self.pk} of {self.user_id}"


class Opening(models.Model):
    """That somebody opened a postmortem: the revision it was at, and when. Nobody else is told of it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="openings")
    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="openings")
    revision = models.PositiveIntegerField()
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "postmortem"], name="opening_once_a_reader_and_postmortem"
            )
        ]

    def __str__(self) -> str:
        return f"opening {self.pk} of {self.user_id}"


class ReadUpTo(models.Model):
    """From when on somebody is told what is new: what was published before `since` never is, and
    nothing of what happened before `until`. Who has no row began when the account was made."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="read_up_to"
    )
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"read up to {self.until} by {self.user_id}"
