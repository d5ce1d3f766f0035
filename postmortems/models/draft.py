"""What somebody has typed into the editor and not saved yet: theirs alone, as they typed it."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems.models.accounts import User
from postmortems.models.postmortem import Postmortem

KEY_LENGTH = 32


class Draft(models.Model):
    """The fields of the editor, unchecked, so that half a date is kept as well.

    `key` tells the drafts of one person apart; a postmortem that exists has at most one draft of
    each person, made from its revision number `revision`. `version` rises with every change, so
    that an older tab does not write over a newer one.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, null=True, related_name="drafts"
    )
    key = models.CharField(max_length=KEY_LENGTH)
    revision = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # Pairs in the order of the form, which is that of its rows: PostgreSQL sorts the keys of objects.
    fields: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="draft_key_once_an_owner"),
            models.UniqueConstraint(
                fields=["owner", "postmortem"],
                condition=models.Q(postmortem__isnull=False),
                name="draft_once_an_owner_and_postmortem",
            ),
        ]
        indexes = [models.Index(fields=["postmortem", "kept_at"], name="draft_by_postmortem")]

    def __str__(self) -> str:
        return self.typed.get("title") or _("Untitled")

    @property
    def typed(self) -> dict[str, str]:
        """The texts by the names of their fields, in the order of the form."""
        return dict(self.fields)
