"""Who did what to what, when: one row for every mutation, never changed."""

from typing import Any

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User


class AuditEntry(models.Model):
    """One act. It survives what it speaks of: names stand beside ids, and no row cascades away."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="audit_entries")
    actor_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=200)
    object_name = models.CharField(max_length=300)
    request_id = models.CharField(max_length=64, blank=True)
    before: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    after: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="audit_by_object"),
            models.Index(fields=["-at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.object_name}"
