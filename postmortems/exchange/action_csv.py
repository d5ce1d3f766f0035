"""Actions of many postmortems as CSV, for spreadsheets: one action a row, in pieces however many there are."""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from io import StringIO
from itertools import islice

from django.utils import timezone

from postmortems.actions import listing
from postmortems.exchange.result_csv import BYTE_ORDER_MARK, defused
from postmortems.models import Action

COLUMNS = (
    *("ref", "id", "text", "kind", "status", "owner", "due", "tracker", "is_overdue", "came_back"),
    *("confirmed_at", "is_unconfirmed", "team", "postmortem", "url"),
)
LINES = 100


def pieces(actions: Iterable[Action], address_of: Callable[[str], str]) -> Iterator[str]:
    """The file, some lines at a time; `address_of` makes a whole address of a path."""
    yield BYTE_ORDER_MARK + _lines([COLUMNS])
    rest = iter(actions)
    while some := list(islice(rest, LINES)):
        yield _lines(_cells(action, address_of) for action in some)


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(action: Action, address_of: Callable[[str], str]) -> tuple[str, ...]:
    postmortem, at = action.postmortem, listing.confirmed_at(action)
    return (
        *(postmortem.ref, action.key, action.text, action.kind, action.status, action.owner),
        *(action.due, action.tracker, _yes(listing.is_overdue(action, timezone.localdate()))),
        _yes(bool(getattr(action, "came_back", False))),
        at.astimezone(UTC).isoformat(timespec="seconds") if at else "",
        _yes(listing.is_unconfirmed(action, timezone.now())),
        *(postmortem.team.slug, postmortem.title),
        address_of(f"{postmortem.get_absolute_url()}#{action.key}"),
    )


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
