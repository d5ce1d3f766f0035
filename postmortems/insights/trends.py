"""Postmortems over time, by what they have: what is new, and what has gone quiet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from postmortems.insights import naming
from postmortems.insights.asking import Selected
from postmortems.insights.keeping import kept
from postmortems.insights.periods import FIELD, LENGTHS, Starts, value_of, year_only_values
from postmortems.insights.shapes import (
    Count,
    Field,
    Named,
    NewTerm,
    Period,
    QuietTerm,
    Series,
    Trends,
)
from postmortems.search.fields import BOUNDED, UNKNOWN
from taxonomy.lookup import TermInfo

MOST_SERIES = 5
MOST_LISTED = 10
# In how many of the last periods a quiet term has none, and how many postmortems it had before.
QUIET_PERIODS = {"month": 6, "quarter": 4, "year": 2}
QUIET_LEAST = 3


@kept
def trends_of(selected: Selected, *, span: str = "quarter", vocabulary: str = "cause") -> Trends:
    """Postmortems by month, quarter or year of start, in layers by the top level of a vocabulary: the
    five largest, and those with none of these. What means nothing is read as the default."""
    span = span if span in LENGTHS else "quarter"
    starts = Starts(selected, span)
    field = naming.field_of(selected, vocabulary, "cause")
    return _Trends(selected, starts, field, starts.numbers()).made()


@dataclass(frozen=True)
class _Trends:
    """Makes the trends of one selection. `numbers` are the periods shown."""

    selected: Selected
    starts: Starts
    field: Field
    numbers: range

    def made(self) -> Trends:
        """The whole answer."""
        found = [self.starts.span_of(number) for number in self.numbers]
        span = self.starts.span
        return Trends(
            span=span,
            by=self.field,
            periods=tuple(self._periods(found)),
            series=tuple(self._series(found)),
            total=self.selected.everything,
            shown=self._shown(found),
            earlier=self._earlier(),
            year_only=self._year_only(),
            bounded=self._apart(BOUNDED),
            unknown=self._apart(UNKNOWN),
            new=tuple(self._new(found))[:MOST_LISTED],
            quiet=tuple(self._quiet(found))[:MOST_LISTED],
            quiet_periods=QUIET_PERIODS[span],
            quiet_least=QUIET_LEAST,
            fields=naming.fields_of(self.selected),
        )

    def _periods(self, found: Sequence[BitMap]) -> Iterator[Period]:
        for number, part in zip(self.numbers, found, strict=True):
            yield self._period(number, self._count(part, number))

    def _period(self, number: int, total: Count) -> Period:
        return Period(self.starts.value_of(number), self.starts.label_of(number), total)

    def _count(self, found: BitMap, number: int, *values: str) -> Count:
        """The number of one period, of some terms or without them."""
        conditions = {FIELD: self.starts.value_of(number)}
        if values:
            return self.selected.count(len(found), **{self.field.slug: values}, **conditions)
        return self.selected.count(len(found), **conditions)

    # Layers

    def _series(self, found: Sequence[BitMap]) -> Iterator[Series]:
        roots = naming.level_of(self.selected, self.field.slug, 1)
        largest = sorted(roots, key=lambda term: -len(self.selected.sets[term.id]))[:MOST_SERIES]
        for term in largest:
            mine = self.selected.sets[term.id]
            counts = [
                self._count(part & mine, number, term.path)
                for number, part in zip(self.numbers, found, strict=True)
            ]
            total = self.selected.count(len(mine), **{self.field.slug: term.path})
            yield Series(naming.named(self.selected, term), tuple(counts), total)
        rest = self.selected.found - _all_of([self.selected.sets[term.id] for term in largest])
        if rest:
            yield self._everything_else(found, rest, [f"-{term.path}" for term in largest])

    def _everything_else(
        self, found: Sequence[BitMap], rest: BitMap, without: Sequence[str]
    ) -> Series:
        counts = [
            self._count(part & rest, number, *without)
            for number, part in zip(self.numbers, found, strict=True)
        ]
        return Series(
            None, tuple(counts), self.selected.count(len(rest), **{self.field.slug: without})
        )

    # What is not on the axis

    def _shown(self, found: Sequence[BitMap]) -> Count:
        values = self.starts.halves(self.numbers) if self.numbers else []
        # Without a date that is known nothing is on the axis, and the address of nothing is one, too.
        return self._dated(_all_of(found), values or [BOUNDED, f"-{BOUNDED}"])

    def _earlier(self) -> Count:
        first = self._first()
        if first <= 0:
            return self._dated(BitMap(), [BOUNDED, f"-{BOUNDED}"])
        return self._dated(
            self.starts.between(0, first - 1), [f"..{value_of(first - 1, first - 1)}"]
        )

    def _year_only(self) -> Count:
        found = self.starts.year_only(self._first())
        values = year_only_values(found) or [BOUNDED, f"-{BOUNDED}"]
        return self._dated(_all_of(found.values()), values)

    def _apart(self, place: str) -> Count:
        return self._dated(self.starts.of(place), [place])

    def _dated(self, found: BitMap, values: Sequence[str]) -> Count:
        return self.selected.count(len(found), **{FIELD: values})

    def _first(self) -> int:
        """The first month of the axis."""
        return self.numbers[0] * LENGTHS[self.starts.span] if self.numbers else 0

    # New and quiet

    def _terms(self) -> Iterator[tuple[TermInfo, BitMap]]:
        """The terms of the vocabulary, without those of which a narrower one says the same."""
        terms, sets = self.selected.terms, self.selected.sets
        for term in terms.terms_of(self.field.slug, retired=True):
            below = (sets.get(child.id) for child in terms.children(term, retired=True))
            if term.id in sets and sets[term.id] not in list(below):
                yield term, sets[term.id]

    def _new(self, found: Sequence[BitMap]) -> Iterator[NewTerm]:
        """Terms of which every postmortem started in the latest period. Where the start of one is not
        known, nobody can say that it is new."""
        if len(found) < 2:
            return
        latest = [(term, mine) for term, mine in self._terms() if mine.issubset(found[-1])]
        for term, mine in sorted(latest, key=lambda pair: -len(pair[1])):
            count = self._count(mine, self.numbers[-1], term.path)
            yield NewTerm(naming.named(self.selected, term), count)

    def _quiet(self, found: Sequence[BitMap]) -> Iterator[QuietTerm]:
        since = QUIET_PERIODS[self.starts.span]
        if len(found) <= since:
            return
        recent, before = _all_of(found[-since:]), _all_of(found[:-since])
        gone = [
            (term, mine & before)
            for term, mine in self._terms()
            if mine.intersection_cardinality(before) >= QUIET_LEAST and not mine & recent
        ]
        for term, mine in sorted(gone, key=lambda pair: -len(pair[1])):
            yield self._gone(naming.named(self.selected, term), mine, found)

    def _gone(self, term: Named, mine: BitMap, found: Sequence[BitMap]) -> QuietTerm:
        place = max(place for place, part in enumerate(found) if part & mine)
        number = self.numbers[place]
        values = self.starts.halves(self.numbers[: -QUIET_PERIODS[self.starts.span]])
        before = self.selected.count(len(mine), **{term.vocabulary: term.path, FIELD: values})
        last = self._period(number, self._count(found[place] & mine, number, term.path))
        return QuietTerm(term, before, last)


def _all_of(sets: Iterable[BitMap]) -> BitMap:
    every = list(sets)
    return BitMap.union(*every) if every else BitMap()
