"""Who did what to what, when and from where: one row for every act, never changed, each chained to the last."""

from typing import Any, Self

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import ApiToken, User


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Words for stretches of the log."""

    def newest_first(self) -> Self:
        """In the order of the chain, its head first."""
        return self.order_by("-number")

    def about(self, object_id: str) -> Self:
        """What was done to the object of that ref or number."""
        return self.filter(object_id=object_id)


class AuditEntry(models.Model):
    """One act. It survives what it speaks of: names stand beside ids, and no row cascades away.

    The database refuses to change or remove a row, and takes only what continues the chain.
    """

    # Without gaps, in the order of commits; the id may have gaps where a transaction rolled back.
    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="audit_entries")
    actor_name = models.CharField(max_length=60)
    # Protected and not set to nothing: that would change the row. Tokens are revoked, not deleted.
    token = models.ForeignKey(ApiToken, null=True, on_delete=models.PROTECT, related_name="+")
    token_prefix = models.CharField(max_length=12, default="")
    address = models.CharField(max_length=45, default="")
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=200)
    object_name = models.CharField(max_length=300)
    request_id = models.CharField(max_length=64, blank=True)
    before: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    after: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    previous_digest = models.CharField(max_length=64, default="")
    digest = models.CharField(max_length=64, default="")

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["object_id", "number"], name="audit_of_object"),
            models.Index(fields=["action", "number"], name="audit_by_action"),
            models.Index(fields=["request_id"], name="audit_by_request"),
            models.Index(fields=["-at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.object_name or self.object_id}"
