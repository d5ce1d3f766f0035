"""Rows of the audit log as CSV, for spreadsheets and other logs. Lines come in pieces, however many there are."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any

from postmortems.exchange import csv_file
from postmortems.models import AuditEntry

COLUMNS = (
    *("number", "at", "actor", "token", "address", "request_id", "action", "object_kind"),
    *("object_id", "object_name", "before", "after", "previous_digest", "digest"),
)


def pieces(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """The file, some lines at a time; before and after are JSON."""
    return csv_file.pieces(COLUMNS, map(_cells, entries))


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    return (
        *(str(entry.number), entry.at.astimezone(UTC).isoformat(), entry.actor_name),
        *(entry.token_prefix, entry.address, entry.request_id, entry.action, entry.object_kind),
        *(entry.object_id, entry.object_name, _json(entry.before), _json(entry.after)),
        *(entry.previous_digest, entry.digest),
    )


def _json(values: Any) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True)
