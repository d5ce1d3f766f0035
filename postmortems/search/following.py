"""What the log says: its end, and what has changed since an index was level with it. `sync` asks."""

from collections.abc import Sequence

from postmortems.models import Postmortem, SearchLog
from postmortems.search import sources
from postmortems.search.entries import Source
from postmortems.search.generations import Position

# A postmortem that is saved this often while it is read is read as it is; its next line mends it.
MOST_READINGS = 5


def newest() -> Position:
    """The end of the log; the empty position for an empty log."""
    line = SearchLog.objects.newest()
    return _position_of(line) if line else Position()


def changed_since(position: Position, wanted: Position) -> list[int] | None:
    """The postmortems with a line after `position`, up to `wanted`; None when that cannot be told.

    It cannot when the line that the index stopped at is not there as it was: the log was shortened
    past it, the database was restored to a time before it, or was restored and then written on
    until other lines got the same numbers. The empty position is no line, so it cannot either.
    """
    if position == wanted:
        return []
    # One statement: a line that is removed between two would be missed.
    lines = list(SearchLog.objects.since(position.number - 1).filter(pk__lte=wanted.number))
    if not lines or _position_of(lines[0]) != position or lines[-1].epoch != position.epoch:
        return None
    return sorted({line.postmortem_id for line in lines[1:] if line.postmortem_id is not None})


def read_whole(keys: Sequence[int]) -> list[Source]:
    """The sources of some postmortems, none of them half from before a save and half from after it."""
    found: list[Source] = []
    for _reading in range(MOST_READINGS):
        before = newest()
        found = sources.load(keys)
        meanwhile = SearchLog.objects.since(before.number).filter(postmortem_id__in=keys)
        if not meanwhile.exists():
            break
    return found


def are_few(limit: int) -> bool:
    """Whether no more than so many postmortems are to be indexed."""
    return Postmortem.objects.live()[: limit + 1].count() <= limit


def _position_of(line: SearchLog) -> Position:
    return Position(line.epoch, line.pk, line.created_at.isoformat())
