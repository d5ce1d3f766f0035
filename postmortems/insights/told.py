"""How often there is each length of time: counted by the engine, carried along when the index moves on, or
taken off what is kept of all that the reader sees.

Lengths stand here as the numbers that `lengths.told` makes of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import tantivy
from pyroaring import BitMap
from tantivy import Query

from postmortems.durations import KINDS, LONGEST
from postmortems.insights.asking import Selected, all_visible
from postmortems.search import counting
from postmortems.search.combining import all_of, none_of
from postmortems.search.counting import MOST_VALUES, Later
from postmortems.search.questions import Question

# So few are named to the engine one by one.
FEW = 500


class Told:
    """Counts one measure in a selection less what is `apart`, which `name` tells from other such parts."""

    def __init__(self, selected: Selected, measure: str, apart: Sequence[Query], name: str) -> None:
        self.selected, self.measure, self.apart, self.name = selected, measure, apart, name
        self.column = f"{measure}_told"
        self.rest = all_visible(selected) - selected.found

    def of(self, query: Query, key: str, left_out: BitMap) -> Callable[[], Mapping[int, int]]:
        """How often there is each length among those that a query finds, which `key` tells from other
        queries; `left_out` are at least all of these that the search leaves out. The engine begins to
        count; what comes back is called for the numbers."""
        if not self._is_any_timed:
            return dict
        question = self.selected.question
        wanted = self._within(question, query)
        if len(self.rest) >= self.selected.total:
            told = self._numbers(question, wanted, key)
        else:
            every = question.unnarrowed()
            told = self._numbers(every, self._within(every, query), key)
            if left_out:
                told = self._less(told, self._within(every, query), left_out)
        return lambda: self._finished(told, wanted)

    def _finished(self, told: Later, wanted: Query) -> Mapping[int, int]:
        numbers = told()
        return dict(self._counted(wanted, 0, LONGEST)) if numbers is None else numbers

    def timed(self) -> Query:
        """What has the measure, be it only a bound."""
        schema = self.selected.question.schema
        return Query.term_set_query(schema, f"{self.measure}_kind", [*KINDS])

    @cached_property
    def _is_any_timed(self) -> bool:
        """Whether anything has this measure at all: of many collections one is never recorded."""
        question = self.selected.question
        return bool(question.count(all_of([question.query(), self.timed()])))

    def _within(self, question: Question, query: Query) -> Query:
        return all_of([question.query(), *self.apart, query])

    def _numbers(self, question: Question, query: Query, key: str) -> Later:
        state = self.selected.state
        return counting.numbers_of(question, query, (self.name, key), self.column, state)

    def _less(self, told: Later, every: Query, left_out: BitMap) -> Later:
        """The lengths among all, less those among what the search leaves out: less of the whole than it
        finds."""
        question = self.selected.question
        unwanted = none_of(question.query())
        if len(left_out) <= FEW:
            unwanted = Query.term_set_query(question.schema, "pk", list(map(str, left_out)))
        query = all_of([every, unwanted])
        left = counting.numbers_found(question.searcher, query, self.column)
        return lambda: _difference(told(), left())

    def _counted(self, query: Query, low: int, high: int) -> Iterator[tuple[int, int]]:
        """The different lengths from one to another; where these are too many for one answer, in halves."""
        question = self.selected.question
        terms = {"terms": {"field": self.column, "size": MOST_VALUES}}
        answer = question.searcher.aggregate(query, {"told": terms})["told"]
        if not answer["sum_other_doc_count"] or low >= high:
            yield from [(int(item["key"]), item["doc_count"]) for item in answer["buckets"]]
            return
        middle, seconds = (low + high) // 2, f"{self.measure}_seconds"
        for first, last in ((low, middle), (middle + 1, high)):
            between = Query.range_query(
                question.schema, seconds, tantivy.FieldType.Integer, first, last
            )
            yield from self._counted(all_of([query, between]), first, last)


def _difference(
    told: Mapping[int, int] | None, left: Mapping[int, int] | None
) -> dict[int, int] | None:
    """Numbers with others taken off, and none of nothing; None where either is not known."""
    if told is None or left is None:
        return None
    rest = dict(told)
    for number, times in left.items():
        rest[number] -= times
        if not rest[number]:
            del rest[number]
    return rest
