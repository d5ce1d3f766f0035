"""What came back: which causes began to make themselves felt again, and how often since something.

`debt` asks it of the index. A cause is a term with nothing below it: of wider ones something always
comes back. What came back began on a later day: a start that is not known enough is later than
nothing, and nothing is later than it. For rows of actions `actions.returning` says the same in SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from postmortems.insights.shapes import Count
from postmortems.models import Postmortem
from postmortems.moments import Moment, span
from postmortems.search import query
from postmortems.search.combining import all_of, none_of
from postmortems.search.front_door import Asked
from postmortems.search.hits import Found
from postmortems.search.occurrences import CAUSE, latest_of, narrow_causes
from postmortems.search.query import And, Any, Node, Range
from postmortems.search.selection import SAFE
from taxonomy.lookup import TermInfo


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause that the reader sees `number` times; `last` is the first minute of the last day on which
    one of them began, 0 where that is not known of any."""

    term: TermInfo
    number: int
    last: int


class Returning:
    """What the reader of a search sees come back, whatever the search itself is about."""

    def __init__(self, asked: Asked, base: str) -> None:
        self.asked, self.base = asked, base
        self.terms = asked.compiler.terms
        archived = asked.aside.value("status", Postmortem.Status.ARCHIVED)
        # What a list without a question holds.
        self.seen = all_of([asked.question.viewer, none_of(archived)])

    def causes(self) -> Iterator[Cause]:
        """All causes that are there."""
        narrow = {term.id: term for term in narrow_causes(self.terms)}
        searcher = self.asked.question.searcher
        for term_id, found in latest_of(searcher, self.seen, [*map(str, narrow)]).items():
            yield Cause(narrow[term_id], *found)

    def since(self, found: Found, cause: TermInfo) -> Count:
        """How many with the cause began later than a postmortem whose latest start is known."""
        day = last_day(found)
        return (
            self.count(And((Any(CAUSE, (cause.path,)), _later_than(day)))) if day else Count(0, "")
        )

    def count(self, node: Node) -> Count:
        """How many a query finds without any other question, with the address of its list."""
        question = self.asked.question
        number = question.count(all_of([self.seen, self.asked.aside.compile(node)]))
        return Count(number, f"{self.base}?{urlencode([('q', query.to_text(node))], safe=SAFE)}")


def _later_than(day: date) -> Range:
    return Range("started", str(day), "", strict=True)


def last_day(found: Found) -> date | None:
    """The last day on which a postmortem can have begun; None where that is open or unknown."""
    started = Moment(**found.payload["moments"].get("started", {}))
    # The calendar of the place, as in the index.
    _first, last = span(replace(started, zone="")) or (None, None)
    return last and last.date()
