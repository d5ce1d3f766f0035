"""What was answered to a request with an Idempotency-Key, for whoever sends it again."""

from typing import Any

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from postmortems.models.postmortem import Postmortem


class KeptAnswer(models.Model):
    """One answer, stored in the transaction of what it tells of: both are there or neither.

    `request` is the digest of method, address and body. `postmortem` is what the answer shows; who
    may not read that any more gets no copy of it.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    # JSON as it was sent: PostgreSQL's jsonb would put the members into another order.
    body = models.TextField()
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, null=True, related_name="kept_answers"
    )
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="kept_answer_key_once_an_owner")
        ]

    def __str__(self) -> str:
        return f"{self.status} for {self.owner_id}"
