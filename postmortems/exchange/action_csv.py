"""Actions of many postmortems as CSV, for spreadsheets: one action a row, in pieces however many there are."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime

from postmortems.actions import listing
from postmortems.due import is_overdue
from postmortems.exchange import csv_file
from postmortems.models import Action

COLUMNS = (
    *("ref", "id", "text", "kind", "status", "owner", "due", "tracker", "is_overdue", "came_back"),
    *("confirmed_at", "is_unconfirmed", "team", "postmortem", "url"),
)


def pieces(
    actions: Iterable[Action], address_of: Callable[[str], str], *, today: date, now: datetime
) -> Iterator[str]:
    """The file, some lines at a time; `address_of` makes a whole address of a path. `today` is the
    reader's: while the file is sent nobody knows their clock any more."""
    rows = (_cells(action, address_of, today, now) for action in actions)
    return csv_file.pieces(COLUMNS, rows)


def _cells(
    action: Action, address_of: Callable[[str], str], today: date, now: datetime
) -> tuple[str, ...]:
    postmortem, at = action.postmortem, listing.confirmed_at(action)
    return (
        *(postmortem.ref, action.key, action.text, action.kind, action.status, action.owner),
        *(action.due, action.tracker, _yes(is_overdue(action, today))),
        _yes(listing.came_back(action)),
        at.astimezone(UTC).isoformat(timespec="seconds") if at else "",
        _yes(listing.is_unconfirmed(action, now)),
        *(postmortem.team.slug, postmortem.title),
        address_of(f"{postmortem.get_absolute_url()}#{action.key}"),
    )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
