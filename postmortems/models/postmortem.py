"""The postmortem: its envelope, the scalar part of its content, and who may see it."""

import secrets
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postmortems.models.accounts import Team, User
from taxonomy import languages

# Crockford's base 32: no i, l, o, u, so that a ref survives being read aloud.
REF_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
REF_LENGTH = 8

Row = TypeVar("Row", bound=models.Model)

PUBLIC_TOKEN = "everyone"
SIGNED_IN_TOKEN = "signed-in"
ADMINISTRATORS_TOKEN = "admins"


def new_ref() -> str:
    """A random public id; ids reveal nothing about how many records there are."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(REF_LENGTH))


def is_ref(text: str) -> bool:
    """Whether a text could be a ref: eight characters of the alphabet, in small letters."""
    return len(text) == REF_LENGTH and set(text) <= set(REF_ALPHABET)


def by_ref(rows: models.QuerySet[Row], ref: str) -> Row | None:
    """The row of that ref, in any letter case."""
    # What cannot be a ref never reaches the database: PostgreSQL refuses a NUL with an error.
    return rows.filter(ref=ref.lower()).first() if is_ref(ref.lower()) else None


def tokens_without_teams(user: User) -> tuple[str, ...]:
    """The tokens of an active user that no membership gives."""
    admins = (ADMINISTRATORS_TOKEN,) if user.is_administrator else ()
    return (PUBLIC_TOKEN, SIGNED_IN_TOKEN, f"user:{user.pk}", *admins)


def audience_tokens(user: User | AnonymousUser) -> tuple[str, ...]:
    """The audience tokens a viewer holds; a postmortem is visible when it stores one of them."""
    # Deactivating an account ends its rights at once, whatever session or token it still has.
    if not isinstance(user, User) or not user.is_active:
        return (PUBLIC_TOKEN,)
    if user.is_of_request and user.kept_audience:
        return user.kept_audience
    teams = [f"team:{team}" for team in user.roles()]
    tokens = (*tokens_without_teams(user), *sorted(teams))
    if user.is_of_request:
        user.kept_audience = tokens
    return tokens


class PostmortemQuerySet(models.QuerySet["Postmortem"]):
    """The words for sets of postmortems."""

    def live(self) -> Self:
        """Those not in the bin."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those the viewer may see; the only way any page or endpoint may reach a postmortem."""
        return self.live().visible_with(audience_tokens(user))

    def visible_with(self, tokens: tuple[str, ...]) -> Self:
        """Those that store one of the audience tokens."""
        # EXISTS and not a join: several tokens may fit, and a join would give the row once for each.
        held = Audience.objects.filter(postmortem=models.OuterRef("pk"), token__in=tokens)
        return self.filter(models.Exists(held))

    def published(self) -> Self:
        """Those that are published (archived ones are not)."""
        return self.filter(status=Postmortem.Status.PUBLISHED)


class Postmortem(models.Model):
    """One record about one incident, near miss, defect, pitfall or chronic problem.

    The envelope is everything down to `deleted_at`; the rest, with the rows of `parts` and
    `classification`, is the content, which `content` turns into a Document and back.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")
        TEAM = "team", _("Team")
        RESTRICTED = "restricted", _("Restricted")

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref)
    slug = models.CharField(max_length=120)
    import_id = models.CharField(max_length=200, blank=True)
    # Whose draft it was made from: a form that is sent twice makes one postmortem.
    draft_key = models.CharField(max_length=60, null=True, unique=True)  # noqa: DJ001
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    visibility = models.CharField(
        max_length=10, choices=Visibility.choices, default=Visibility.TEAM
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="postmortems")
    authors = models.ManyToManyField(User, related_name="authored")
    named_people = models.ManyToManyField(User, related_name="named_in")
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    schema = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="en")
    translations: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    moments: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    # `03-14` when the start is known to the day: what "around this day" looks for.
    started_day = models.CharField(max_length=5, blank=True)
    duration: "models.JSONField[Any, Any]" = models.JSONField(null=True, blank=True)
    sections: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    signals: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    workarounds: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    attachments: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    objects = PostmortemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-published_at"], name="postmortem_by_publication"),
            # All that finding those around a day asks for: no row is read that is not shown.
            models.Index(
                fields=["started_day", "status", "deleted_at", "-published_at", "ref"],
                name="postmortem_by_day",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "import_id"],
                condition=~models.Q(import_id=""),
                name="postmortem_import_id_once_a_team",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "in_review", "published", "archived"]),
                name="postmortem_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=["public", "internal", "team", "restricted"]),
                name="postmortem_visibility_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(title=""), name="postmortem_title_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def get_absolute_url(self) -> str:
        """The address of the read page."""
        return reverse("postmortem", kwargs={"ref": self.ref, "slug": self.slug})

    def title_in(self, language: str) -> tuple[str, str]:
        """The title that a reader of that language reads best, and the language it is in."""
        titles = {code: item.get("title", "") for code, item in self.translations.items()}
        return languages.best(titles | {self.language: self.title}, language, self.language)

    def summary_in(self, language: str) -> tuple[str, str]:
        """The same for the summary; empty where there is none in any language."""
        summaries = {code: item.get("summary", "") for code, item in self.translations.items()}
        return languages.best(summaries | {self.language: self.summary}, language, self.language)


class Audience(models.Model):
    """One token of those that may see a postmortem; written by the verbs from `access`."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="audience")
    token = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "token"], name="audience_token_once_a_postmortem"
            )
        ]
        indexes = [models.Index(fields=["token", "postmortem"], name="audience_by_token")]

    def __str__(self) -> str:
        return self.token
