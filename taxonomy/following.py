"""A row after what a file says of it, as far as no curator changed it since the file was last loaded.

A row keeps in `loaded` what a file last said; a column that differs from that is a curator's.
"""

from datetime import datetime
from typing import Any

from taxonomy import three_way
from taxonomy.models import Term, Vocabulary

# What counts as no change of the row: where it stands in the file, and what is remembered of it.
SILENT = {"position", "loaded"}
# Since when a term is retired and into which one it is merged; they change together.
STANDING = "standing"
GONE = "gone"

Row = Vocabulary | Term
Values = dict[str, Any]


def fill(row: Row, values: Values, **remembered: Any) -> None:
    """Set every column of a new row to what the file says."""
    for name, value in values.items():
        _set(row, name, value)
    row.loaded = {name: _plain(value) for name, value in values.items()} | remembered


def follow(row: Row, values: Values, **remembered: Any) -> set[str]:
    """Set the columns that the file changed and no curator did; returns what was set, `loaded` too."""
    wanted = {name: _plain(value) for name, value in values.items()}
    # Who changed a row that no file named yet is not known; so all of it stays.
    before = row.loaded or wanted
    changed = set()
    for name, value in values.items():
        now = _plain(_get(row, name))
        kept = three_way.merged(before.get(name), wanted[name], now)
        if kept != now and not _is_circle(row, name, value):
            _set(row, name, value if kept == wanted[name] else kept)
            changed.add(name)
    if row.loaded != wanted | remembered:
        row.loaded = wanted | remembered
        changed.add("loaded")
    return changed


def leave_out(row: Term, now: datetime) -> bool:
    """Retire a term that a file named and now leaves out; returns whether that changed anything.

    Only once: a curator may bring it back for good.
    """
    row.loaded = row.loaded | {GONE: True}
    if row.retired_at is not None:
        return False
    row.retired_at = now
    row.loaded |= {STANDING: _plain(_get(row, STANDING))}
    return True


def is_left_out_now(row: Term) -> bool:
    """Whether a file named the term until now."""
    return bool(row.loaded) and not row.loaded.get(GONE)


def _get(row: Row, name: str) -> Any:
    if isinstance(row, Term) and name == STANDING:
        return row.retired_at, row.merged_into_id
    return getattr(row, name)


def _set(row: Row, name: str, value: Any) -> None:
    if isinstance(row, Term) and name == STANDING:
        row.retired_at, row.merged_into_id = value
    else:
        setattr(row, name, value)


def _is_circle(row: Row, name: str, value: Any) -> bool:
    """Whether the file merges the term into one that a curator merged into it."""
    if name != STANDING or not value[1]:
        return False
    seen: list[int] = []
    heir = value[1]
    while heir and heir not in seen:
        seen.append(heir)
        heir = Term.objects.values_list("merged_into", flat=True).get(pk=heir)
    return row.pk in seen


def _plain(value: Any) -> Any:
    """A value as JSON gives it back."""
    if isinstance(value, datetime):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
