"""Ordered lists of postmortems that somebody put together to be read, and the marks of readers whom one helped."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postmortems.models.accounts import Team, User
from postmortems.models.postmortem import REF_LENGTH, Postmortem, new_ref

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 2_000
LONGEST_WHY = 500


class ReadingListQuerySet(models.QuerySet["ReadingList"]):
    """Words for sets of reading lists."""

    def shared_with(self, user: User | AnonymousUser) -> Self:
        """What others share with the user: with everybody, with the site, or with one of their teams."""
        public = models.Q(shared=ReadingList.Shared.PUBLIC)
        if not isinstance(user, User) or not user.is_active:
            return self.filter(public)
        teams = user.memberships.values("team")
        site = models.Q(shared=ReadingList.Shared.SITE)
        return self.exclude(owner=user).filter(public | site | models.Q(team__in=teams))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The user's own and those shared with them; administrators reach everything shared."""
        public = models.Q(shared=ReadingList.Shared.PUBLIC)
        if not isinstance(user, User) or not user.is_active:
            return self.filter(public)
        teams = user.memberships.values("team")
        site = models.Q(shared=ReadingList.Shared.SITE)
        reached = models.Q(owner=user) | public | site | models.Q(team__in=teams)
        if user.is_administrator:
            reached |= ~models.Q(shared=ReadingList.Shared.PRIVATE)
        return self.filter(reached)

    def with_counts(self, user: User | AnonymousUser) -> Self:
        """Each with `count`: how many of its postmortems the user sees."""
        own = ReadingListEntry.objects.filter(reading_list=models.OuterRef("pk")).seen_by(user)
        counted = own.order_by().values("reading_list").annotate(n=models.Count("pk"))
        return self.annotate(count=Coalesce(models.Subquery(counted.values("n")), 0))


class ReadingList(models.Model):
    """Postmortems in an order, with a sentence for each. Whoever reads it finds what they may see themselves."""

    class Shared(models.TextChoices):
        PRIVATE = "private", _("Only you")
        TEAM = "team", _("A team")
        SITE = "site", _("Everybody signed in")
        PUBLIC = "public", _("Everybody, without signing in")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reading_lists")
    name = models.CharField(max_length=LONGEST_NAME)
    description = models.TextField(max_length=LONGEST_DESCRIPTION, blank=True)
    shared = models.CharField(max_length=10, choices=Shared.choices, default=Shared.PRIVATE)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="reading_lists"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReadingListQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shared__in=["private", "team", "site", "public"]),
                name="reading_list_shared_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(shared="team", team__isnull=False)
                    | (~models.Q(shared="team") & models.Q(team__isnull=True))
                ),
                name="reading_list_team_only_when_shared_with_it",
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""), name="reading_list_name_not_empty"
            ),
        ]
        indexes = [models.Index(fields=["shared"], name="reading_list_by_sharing")]

    def __str__(self) -> str:
        return f"reading list {self.ref}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reading-list", kwargs={"ref": self.ref})


class ReadingListEntryQuerySet(models.QuerySet["ReadingListEntry"]):
    """Words for sets of entries."""

    def seen_by(self, user: User | AnonymousUser) -> Self:
        """Those whose postmortem the user sees; the only way any page or endpoint may reach one."""
        return self.filter(postmortem__in=Postmortem.objects.visible_to(user).values("pk"))

    def in_order(self) -> Self:
        """As they are to be read."""
        return self.order_by("position", "pk")


class ReadingListEntry(models.Model):
    """One postmortem of a list, and why to read it."""

    reading_list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="entries")
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="reading_list_entries"
    )
    position = models.PositiveIntegerField()
    why = models.CharField(max_length=LONGEST_WHY, blank=True)

    objects = ReadingListEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading_list", "postmortem"], name="reading_list_entry_once_a_list"
            )
        ]
        indexes = [
            models.Index(fields=["reading_list", "position"], name="reading_list_entry_by_place")
        ]

    def __str__(self) -> str:
        return f"{self.postmortem_id} in {self.reading_list_id}"


class Helped(models.Model):
    """That a postmortem helped a reader. Only how many there are is ever shown."""

    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="helped_marks"
    )
    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="helped_marks")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "reader"], name="helped_once_a_reader_and_postmortem"
            )
        ]

    def __str__(self) -> str:
        return f"helped by {self.postmortem_id}"
