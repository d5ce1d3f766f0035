"""Searches that people keep under a name, and the keys of their private feeds."""

import secrets
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postmortems.models.accounts import Team, User, digest_of
from postmortems.models.postmortem import REF_LENGTH, new_ref

FEED_PREFIX = "hsf_"
SHOWN_OF_SECRET = 10
LONGEST_QUERY = 4_000


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    """Words for sets of saved searches."""

    def shared_with(self, user: User | AnonymousUser) -> Self:
        """What others share with the user: with the site, or with a team that the user is in."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        teams = user.memberships.values("team")
        reached = models.Q(shared=SavedSearch.Shared.SITE) | models.Q(team__in=teams)
        return self.exclude(owner=user).filter(reached)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The user's own and those shared with them; administrators reach everything shared."""
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        teams = user.memberships.values("team")
        site = models.Q(shared=SavedSearch.Shared.SITE)
        reached = models.Q(owner=user) | site | models.Q(team__in=teams)
        if user.is_administrator:
            reached |= ~models.Q(shared=SavedSearch.Shared.PRIVATE)
        return self.filter(reached)


class SavedSearch(models.Model):
    """A search address under a name. It stores no result: whoever opens it searches with their own
    rights."""

    class Shared(models.TextChoices):
        PRIVATE = "private", _("Only you")
        TEAM = "team", _("A team")
        SITE = "site", _("Everybody signed in")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=120)
    # What stands behind the question mark, in the one form that `search.saved` gives it.
    query = models.CharField(max_length=LONGEST_QUERY)
    shared = models.CharField(max_length=10, choices=Shared.choices, default=Shared.PRIVATE)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="saved_searches"
    )
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="saved_search_name_once_an_owner"),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(is_default=True),
                name="saved_search_one_default_an_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(shared__in=["private", "team", "site"]),
                name="saved_search_shared_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(shared="team", team__isnull=False)
                    | (~models.Q(shared="team") & models.Q(team__isnull=True))
                ),
                name="saved_search_team_only_when_shared_with_it",
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""),
                name="saved_search_name_and_query_not_empty",
            ),
        ]
        indexes = [models.Index(fields=["shared"], name="saved_search_by_sharing")]

    def __str__(self) -> str:
        return f"saved search {self.ref}"

    def get_absolute_url(self) -> str:
        """The address to pass on; it leads to the search for those who may see the name."""
        return reverse("saved-search", kwargs={"ref": self.ref})

    @property
    def search_url(self) -> str:
        """The address that runs it."""
        return f"{reverse('search')}?{self.query}"


class FeedSecretQuerySet(models.QuerySet["FeedSecret"]):
    """Words for sets of feed keys."""

    def usable(self) -> Self:
        """Keys that still open a feed: not revoked, of an active user."""
        return self.filter(revoked_at__isnull=True, user__is_active=True)

    def find(self, secret: str) -> "FeedSecret | None":
        """The usable key with that secret, with its user; None for anything else."""
        return self.usable().select_related("user").filter(digest=digest_of(secret)).first()


class FeedSecret(models.Model):
    """A key in the address of private feeds, for readers that cannot sign in.

    It reads feeds as its user and nothing else. The secret is shown once; its digest is stored.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="feed_secrets")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedSecretQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user_id}"


def new_feed_secret() -> str:
    """A fresh secret of 256 random bits, with a beginning that scanners for secrets can know."""
    return FEED_PREFIX + secrets.token_urlsafe(32)
