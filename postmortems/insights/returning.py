"""What came back: which causes began to make themselves felt again, and how often since something.

`debt` asks it of the index. A cause is a term with nothing below it: of wider ones something always
comes back. What came back began on a later day: a start that is not known enough is later than
nothing, and nothing is later than it. For rows of actions `actions.returning` says the same in SQL.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from pyroaring import BitMap
from tantivy import Query

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Count
from postmortems.models import Postmortem
from postmortems.moments import Moment, span
from postmortems.search import query, states
from postmortems.search.combining import all_of, none_of
from postmortems.search.hits import Found
from postmortems.search.latest import Latest
from postmortems.search.members import Members
from postmortems.search.occurrences import CAUSE, latest_of, narrow_causes
from postmortems.search.query import And, Any, Node, Range
from postmortems.search.selection import SAFE
from postmortems.search.states import State
from taxonomy.lookup import TermInfo

KEPT = 16
# So many counts are carried along of one reader; of more none is.
MOST_LATER = 5_000


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause that the reader sees `number` times; `last` is the first minute of the last day on which
    one of them began."""

    term: TermInfo
    number: int
    last: int


@dataclass(frozen=True)
class _Known:
    """What one reader sees of each cause in one state of the index: how many have it and when the last
    began, by the cause's id; and how many began after a day, as far as that was asked: `later` grows,
    one number at a time, whichever thread asks."""

    state: State
    members: Members
    latest: dict[int, tuple[int, int]]
    later: dict[tuple[int, date], int] = field(default_factory=dict)


_kept = Latest[_Known](KEPT)


def forget() -> None:
    """Drop what is kept."""
    _kept.forget()


class Returning:
    """What the reader of a search sees come back, whatever the search itself is about. Kept, and
    carried along when the index moves on: only the causes of what has changed are counted again."""

    def __init__(self, selected: Selected) -> None:
        self.selected, self.aside = selected, selected.asked.aside
        archived = self.aside.value("status", Postmortem.Status.ARCHIVED)
        # What a list without a question holds.
        self.seen = all_of([selected.question.viewer, none_of(archived)])
        self.narrow = {term.id: term for term in narrow_causes(selected.terms)}
        self.known = self._known()

    def _known(self) -> _Known:
        audience, pending, _node = self.selected.question.key
        kept = _kept.get((audience, pending))
        known = self._carried(kept) if kept else None
        if known is None:
            found = self._latest(self.narrow)
            known = _Known(self.selected.state, self.selected.members, found)
        _kept.keep((audience, pending), known)
        return known

    def _carried(self, kept: _Known) -> _Known | None:
        """What was known of an earlier state, less what the changed postmortems had or have."""
        state, members = self.selected.state, self.selected.members
        if kept.state == state:
            return kept
        changed = states.changed_between(kept.state, state)
        if changed is None:
            return None
        keys = BitMap(changed)
        again = {
            term_id
            for term_id in self.narrow
            if any(keys.intersect(of.of("term", term_id)) for of in (kept.members, members))
        }
        latest = {key: found for key, found in kept.latest.items() if key not in again}
        asked = list(kept.later.items()) if len(kept.later) <= MOST_LATER else []
        later = {key: number for key, number in asked if key[0] not in again}
        return _Known(state, members, latest | self._latest(again), later)

    def _latest(self, term_ids: Collection[int]) -> dict[int, tuple[int, int]]:
        wanted = sorted(map(str, term_ids))
        if not wanted:
            return {}
        question, seen = self.selected.question, self.seen
        if len(wanted) < len(self.narrow):
            seen = all_of([seen, Query.term_set_query(question.schema, "term", wanted)])
        return latest_of(question.searcher, seen, wanted)

    def causes(self) -> Iterator[Cause]:
        """All causes of which it is known when the last one began."""
        for term_id, (number, last) in self.known.latest.items():
            if last:
                yield Cause(self.narrow[term_id], number, last)

    def since(self, found: Found, cause: TermInfo) -> Count:
        """How many with the cause began later than a postmortem whose latest start is known."""
        day = last_day(found)
        if not day:
            return Count(0, "")
        node = And((Any(CAUSE, (cause.path,)), _later_than(day)))
        later = self.known.later
        if (cause.id, day) not in later:
            later[cause.id, day] = self._count(node)
        asked = urlencode([("q", query.to_text(node))], safe=SAFE)
        return Count(later[cause.id, day], f"{self.selected.addresses.base}?{asked}")

    def _count(self, node: Node) -> int:
        return self.selected.question.count(all_of([self.seen, self.aside.compile(node)]))


def _later_than(day: date) -> Range:
    return Range("started", str(day), "", strict=True)


def last_day(found: Found) -> date | None:
    """The last day on which a postmortem can have begun; None where that is open or unknown."""
    started = Moment(**found.payload["moments"].get("started", {}))
    # The calendar of the place, as in the index.
    _first, last = span(replace(started, zone="")) or (None, None)
    return last and last.date()
