"""The chain of the audit log: each row's number and digest follow from the row before; and its test."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection

from postmortems.models import AuditEntry

# What a digest covers, beside the time. Columns that come later need rows that say so themselves:
# the digests of rows that are there can never be made anew.
COLUMNS = (
    *("number", "actor_id", "actor_name", "token_id", "token_prefix", "address", "request_id"),
    *("action", "object_kind", "object_id", "object_name", "before", "after", "previous_digest"),
)
AT_ONCE = 2_000
# Both databases refuse these three by triggers; PostgreSQL also knows TRUNCATE.
GUARDS = ("audit_append", "audit_no_update", "audit_no_delete")


@dataclass(frozen=True)
class Verdict:
    """How many rows stand as they were written, the last of them, and the first that does not."""

    count: int
    head: str
    problem: str = ""


def digest_of(row: Mapping[str, Any]) -> str:
    """SHA-256 over the row as JSON with sorted keys; the row names the digest before it."""
    told = {name: row[name] for name in COLUMNS}
    told["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def link(entries: Iterable[AuditEntry]) -> None:
    """Number the rows and chain them to the last one that is stored. Needs the log lock."""
    head = AuditEntry.objects.newest_first().values_list("number", "digest").first()
    number, digest = head or (0, "")
    for entry in entries:
        number += 1
        entry.number, entry.previous_digest = number, digest
        entry.digest = digest = digest_of(vars(entry))


def verify(kept: Mapping[int, str] | None = None) -> Verdict:
    """Walk the whole chain, some rows at a time, up to the first row that is not as it was written.

    `kept` are digests by number that somebody noted elsewhere: only they show that the end of the
    log was cut off, or all of it written anew.
    """
    number, digest = 0, ""
    noted = dict(kept or {})
    for row in _rows():
        problem = _problem(row, number + 1, digest)
        if not problem and noted.pop(row["number"], row["digest"]) != row["digest"]:
            problem = f"Entry {row['number']} is not the one that was noted."
        if problem:
            return Verdict(number, _head(number, digest), problem)
        number, digest = row["number"], row["digest"]
    missing = f"Entry {min(noted)} was noted, and is not there." if noted else ""
    return Verdict(number, _head(number, digest), missing)


def missing_guards() -> list[str]:
    """The triggers that should refuse changes of the log, and are not there or are switched off."""
    table = AuditEntry._meta.db_table
    wanted = list(GUARDS)
    if connection.vendor == "postgresql":
        wanted.append("audit_no_truncate")
        found_by = (
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')"
        )
    else:
        found_by = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(found_by, [table])
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in wanted if name not in found]


def _rows() -> Iterator[dict[str, Any]]:
    number = None
    while True:
        rows = AuditEntry.objects.order_by("number")
        if number is not None:
            rows = rows.filter(number__gt=number)
        some = list(rows.values(*COLUMNS, "at", "digest")[:AT_ONCE])
        if not some:
            return
        yield from some
        number = some[-1]["number"]


def _problem(row: Mapping[str, Any], expected: int, previous: str) -> str:
    number = row["number"]
    if number != expected:
        return f"Entry {expected} is missing: entry {number} comes instead."
    if digest_of(row) != row["digest"]:
        return f"Entry {number} was changed after it was written."
    if row["previous_digest"] != previous:
        return f"Entry {number} does not follow the entry before it: one of them is another's."
    return ""


def _head(number: int, digest: str) -> str:
    return f"{number}:{digest}" if number else "0:"
