"""What has changed between two states of the index, so that what was found of the one can be carried to the other."""

from functools import lru_cache

from postmortems.search import following
from postmortems.search.generations import Position
from taxonomy.lookup import Terms

# Of more changed postmortems than this, asking all anew is as quick.
MOST_CHANGED = 500

# The generation, how far it has followed the log, and the vocabularies.
State = tuple[tuple[str, Position], Terms]


def changed_between(then: State, now: State) -> list[int] | None:
    """The postmortems that changed from one state to a later one; None where that cannot be told or
    does not pay."""
    (name_then, position_then), terms_then = then
    (name, position), terms = now
    if name != name_then or terms is not terms_then:
        return None
    changed = _changed_since(position_then, position)
    return None if changed is None or len(changed) > MOST_CHANGED else changed


@lru_cache(maxsize=64)
def _changed_since(then: Position, now: Position) -> list[int] | None:
    """What the log says, asked once for all that is carried along; a line of it never changes."""
    return following.changed_since(then, now)
