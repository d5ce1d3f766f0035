"""Every content a postmortem ever had; never changed once written."""

from typing import Any

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from postmortems.models.postmortem import Postmortem


class Revision(models.Model):
    """The whole Document as JSON, as it was saved.

    `last_changed` names for each part (`summary`, `sections/impact`) the revision that last changed
    it, as of this one: worked out when it is saved, so that reading never walks back.
    """

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="revisions")
    comment = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    document: "models.JSONField[Any, Any]" = models.JSONField()
    last_changed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "number"], name="revision_number_once_a_postmortem"
            )
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.postmortem_id}"
