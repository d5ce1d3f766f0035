"""What was imported by whom: each import, a row for each postmortem in it, and what waits to be confirmed."""

import secrets
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postmortems.models.accounts import Team, User
from postmortems.models.postmortem import REF_LENGTH, Postmortem, new_ref
from postmortems.models.stored_file import ID_LENGTH, new_file_id


def new_seed() -> str:
    """What the refs of an import are made from, and nobody can guess."""
    return secrets.token_hex(16)


class ImportQuerySet(models.QuerySet["Import"]):
    """The words for sets of imports."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those of the user: nobody else is told of them."""
        return self.filter(by=user) if isinstance(user, User) and user.is_active else self.none()

    def with_counts(self) -> Self:
        """Each with how many of its rows had each outcome, as `rows_OUTCOME`."""
        return self.annotate(
            **{
                f"rows_{outcome}": models.Count("rows", filter=models.Q(rows__outcome=outcome))
                for outcome in ImportRow.Outcome.values
            }
        )

    def counts_of(self, batch: "Import") -> dict[str, int]:
        """How many rows of an import had each outcome, asked for unless it carries them already."""
        if not hasattr(batch, "rows_created"):
            batch = self.with_counts().get(pk=batch.pk)
        return {name: getattr(batch, f"rows_{name}") for name in ImportRow.Outcome.values}


class Import(models.Model):
    """One import. Until `finished_at` it may be taken up again where it stopped; `key` is what a tool
    repeats it under, `request` the digest of what it sent."""

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=255, blank=True)
    digest = models.CharField(max_length=64)
    seed = models.CharField(max_length=32, default=new_seed)
    key = models.CharField(max_length=255, null=True)  # noqa: DJ001
    request = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "key"], name="import_key_once_a_person")
        ]

    def __str__(self) -> str:
        # The name is what somebody called a file; the audit log holds no such words.
        return self.ref


class ImportRow(models.Model):
    """What became of one postmortem of an import; `before` is what undoing needs of its envelope,
    `files` are the ids of the files that came with it."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        UNCHANGED = "unchanged", _("Unchanged")
        PROBLEM = "problem", _("Problem")

    class Undone(models.TextChoices):
        NOT = "", ""
        BINNED = "binned", _("Moved to the bin")
        RESTORED = "restored", _("Back as it was")
        CHANGED = "changed", _("Changed since, and left alone")
        GONE = "gone", _("Not there any more")
        REFUSED = "refused", _("Not yours to change any more")

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    import_id = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    problems: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.SET_NULL, null=True, related_name="import_rows"
    )
    revision_before = models.PositiveIntegerField(null=True)
    version_after = models.PositiveIntegerField(null=True)
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    files: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    undone = models.CharField(max_length=10, choices=Undone.choices, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="import_row_once_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.outcome}"


class WaitingImport(models.Model):
    """Files that somebody has seen a preview of and not confirmed yet: theirs alone, for an hour.

    `files` has name, media type and size of each; their bytes follow one another in `data`.
    """

    id = models.CharField(max_length=ID_LENGTH, primary_key=True, default=new_file_id)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="waiting_imports")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="waiting_imports")
    files: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    data = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.pk
