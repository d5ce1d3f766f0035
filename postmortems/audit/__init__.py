"""The audit log: verbs call `record` inside their transaction, once a mutation; `notes` hold the other acts.

Each row carries the digest of the row before it. The log lock of `outbox.writing` makes that a chain.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from postmortems import outbox
from postmortems.audit import chain, origin
from postmortems.audit.masking import LONGEST_NAME, told, visible
from postmortems.models import (
    AuditEntry,
    Postmortem,
    StoredFile,
    TermSuggestion,
    Tracker,
    User,
)

Values = Mapping[str, Any] | None


def record(
    action: str, subject: models.Model, *, by: User, before: Values = None, after: Values = None
) -> None:
    """Write who did what to `subject`; `before` and `after` hold only what changed, as JSON values.

    Raises RuntimeError outside of `outbox.writing()`: such a row could break the chain, or outlive
    the change that it tells of.
    """
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
    entries = [_entry(action, subject) for subject in subjects]
    append(entries, by=by, before=before, after=after)


def append(
    entries: list[AuditEntry], *, by: User, before: Values = None, after: Values = None
) -> None:
    """Put rows that name an action and an object at the end of the chain, with who and where from."""
    outbox.require_writing()
    came = origin.current()
    for entry in entries:
        entry.actor = by
        # Names as they were then: accounts are renamed, and the log must still say who it was.
        entry.actor_name = by.username
        entry.token = came.token
        entry.token_prefix = came.token.prefix if came.token else ""
        entry.address, entry.request_id = came.address, came.request_id
        entry.before, entry.after = told(before), told(after)
    chain.link(entries)
    AuditEntry.objects.bulk_create(entries)


def _entry(action: str, subject: models.Model) -> AuditEntry:
    return AuditEntry(
        action=action,
        object_kind=subject._meta.model_name or "",
        object_id=str(getattr(subject, "ref", subject.pk)),
        object_name=_name_of(subject),
    )


def _name_of(subject: models.Model) -> str:
    # What people typed may be the very thing that has to go one day, and this log forgets nothing.
    if isinstance(subject, StoredFile | TermSuggestion | Tracker):
        return ""
    if isinstance(subject, User):
        return subject.username
    name = subject.ref if isinstance(subject, Postmortem) else visible(str(subject))
    return name[:LONGEST_NAME]
