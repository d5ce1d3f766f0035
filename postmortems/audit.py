"""The audit log: verbs call `record` inside their transaction, once a mutation."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from structlog.contextvars import get_contextvars

from postmortems.models import AuditEntry, User

Values = Mapping[str, Any] | None


def record(
    action: str, subject: models.Model, *, by: User, before: Values = None, after: Values = None
) -> None:
    """Write who did what to `subject`; `before` and `after` hold only what changed, as JSON values."""
    record_many(action, [subject], by=by, before=before, after=after)


def record_many(
    action: str,
    subjects: Iterable[models.Model],
    *,
    by: User,
    before: Values = None,
    after: Values = None,
) -> None:
    """The same act on many subjects: one row each, in one statement."""
    request_id = str(get_contextvars().get("request_id", ""))
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=by,
            # Names as they were then: accounts are renamed, and the log must still say who it was.
            actor_name=by.username,
            action=action,
            object_kind=subject._meta.model_name or "",
            object_id=str(getattr(subject, "ref", subject.pk)),
            object_name=str(subject)[:300],
            request_id=request_id,
            before=before,
            after=after,
        )
        for subject in subjects
    )
