"""How long it took to detect, mitigate and resolve, as distributions: never a mean, bounds never as values.

`times_of` answers for the page and the API, which word and draw it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from pyroaring import BitMap
from tantivy import Query

from postmortems import lengths, near_misses
from postmortems.durations import LONGEST
from postmortems.insights.addresses import Values
from postmortems.insights.asking import Selected
from postmortems.insights.keeping import is_kept, kept
from postmortems.insights.naming import field_of, fields_of, named, not_recorded
from postmortems.insights.shapes import UNKNOWN, Count, Field, Named
from postmortems.insights.spread import Quantile, Spread
from postmortems.insights.told import Told
from postmortems.search import hits
from postmortems.search.combining import all_of, none_of
from postmortems.search.fields import BOUNDED, KNOWN, MEASURED
from postmortems.search.query import Any, leaves
from taxonomy import tree
from taxonomy.lookup import TermInfo

# What is measured, each from the start: to the first who noticed, to the end of harm, to the end.
MEASURES = ("detect", "mitigate", "resolve")
MEASURE, BY = "resolve", "severity"
# Up to so many known and bounded times of one row are shown one by one.
MOST_DOTS = 40
# Of a longer vocabulary the busiest terms are shown.
MOST_ROWS = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """One postmortem's time; `kind` is one of `exact approximate at-most at-least`."""

    seconds: int
    kind: str
    ref: str
    title: str
    title_language: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many known times lie in [low, high) seconds; the last bar is open, its `high` None."""

    low: int
    high: int | None
    count: Count


@dataclass(frozen=True, slots=True)
class TimesRow:
    """The times of one term's postmortems; `term` is None for all of them together.

    `known` of `total` have an exact or approximate time, `bounded` only a bound; the rest is
    `unknown`. `dots` is empty where there are too many of them, else all known and bounded ones,
    the shortest first; `bars` are always there, one for each step of `spread.BAR_ENDS`. `median`,
    `quarter` and `three_quarters` are None below `spread.LEAST_KNOWN` known ones.
    """

    term: Named | None
    total: Count
    known: Count
    bounded: Count
    unknown: Count
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    quarter: Quantile | None
    median: Quantile | None
    three_quarters: Quantile | None


@dataclass(frozen=True, slots=True)
class Times:
    """One measure by the terms of one vocabulary. Near misses hurt nobody and are `left_out`, unless
    the search asks for them. `shortest` and `longest` known or bounded time of all, in seconds,
    None where there is none. `rows` stand in the order of a scale, else the busiest first;
    `more_rows` terms are not shown. `fields` is what `by` may be."""

    measure: str
    by: Field
    rows: tuple[TimesRow, ...]
    more_rows: int
    all: TimesRow
    left_out: Count
    shortest: int | None
    longest: int | None
    fields: tuple[Field, ...]


@kept
def times_of(selected: Selected, *, measure: str = MEASURE, vocabulary: str = BY) -> Times:
    """The times of a selection, by the terms of a vocabulary; what is no measure or no vocabulary is
    read as the default."""
    begun = selected.begun.pop((measure, vocabulary), None)
    asker: _Asker = begun or _Asker(selected, measure, vocabulary)
    made = [asker.row(value) for value in asker.values]
    spread, every = asker.row(None, asker.summed([part for part, _row in made]))
    shortest, longest = spread.ends
    return Times(
        measure=asker.measure,
        by=asker.by,
        rows=tuple(row for _part, row in made if row.total.number),
        more_rows=asker.more_rows,
        all=every,
        left_out=asker.left_out(),
        shortest=shortest,
        longest=longest,
        fields=fields_of(selected),
    )


def begin_times(selected: Selected, *, vocabulary: str = BY) -> None:
    """Have the engine begin to count what `times_of` will be asked: each measure by the terms of one
    vocabulary. What is kept is not counted."""
    for measure in MEASURES:
        if not is_kept(times_of, selected, measure=measure, vocabulary=vocabulary):
            selected.begun[measure, vocabulary] = _Asker(selected, measure, vocabulary)


@dataclass(frozen=True)
class _Value:
    """What one row is about: a term, or that a vocabulary has none; the postmortems, near misses
    among them; and how often each length is among the rest of them, being counted."""

    named: Named
    query: Query
    matching: BitMap
    told: Callable[[], Mapping[int, int]]


class _Asker:
    """Counts the times of one selection and one measure in the index, row by row: `values` are what the
    rows are about, which begin to be counted, and `more_rows` how many more there would be."""

    def __init__(self, selected: Selected, measure: str, vocabulary: str) -> None:
        self.selected, self.measure = selected, measure if measure in MEASURES else MEASURE
        self.by = field_of(selected, vocabulary, BY)
        self.field = MEASURED[self.measure]
        self.compiler = selected.asked.aside
        self.near_misses = near_misses.near_miss_path(selected.terms)
        self.is_without = bool(self.near_misses) and not self._asks_for_near_misses()
        apart = [none_of(self._near_miss())] if self.is_without else []
        self.query = all_of([selected.question.query(), *apart])
        self.told = Told(selected, self.measure, apart, self.near_misses if self.is_without else "")
        term = selected.terms.get(near_misses.VOCABULARY, self.near_misses)
        self.missed = selected.sets.get(term.id, BitMap()) if term else BitMap()
        shown, self.more_rows = self._shown()
        self.values = [*map(self._value, shown), self._without()]

    @property
    def searcher(self) -> tantivy.Searcher:
        return self.selected.question.searcher

    def _near_miss(self) -> Query:
        return self.compiler.value(near_misses.VOCABULARY, self.near_misses)

    def _asks_for_near_misses(self) -> bool:
        """Whether the search names them itself, so that a number without them would be no answer."""
        asked = self.selected.asked
        named = [
            value
            for leaf, is_out in leaves(asked.reading.node)
            if isinstance(leaf, Any) and leaf.field == near_misses.VOCABULARY and not is_out
            for value in leaf.values
        ]
        named += asked.chosen.of(near_misses.VOCABULARY).included
        found = (term for value in named for term in self.compiler.resolve("kind", value))
        return any(tree.is_under(term.path, self.near_misses) for term in found)

    def left_out(self) -> Count:
        """The near misses that the numbers are without."""
        if not self.is_without:
            return Count(0, "")
        return self.selected.count(len(self.missed), **{near_misses.VOCABULARY: self.near_misses})

    def _shown(self) -> tuple[Sequence[TermInfo], int]:
        """The terms that have a row, and how many have none."""
        sets, info = self.selected.sets, self.selected.terms.vocabulary(self.by.slug)
        terms = [term for term in self._terms(self.by.slug) if term.id in sets]
        if info is None or info.kind != "ordered":
            terms.sort(key=lambda term: (-len(sets[term.id]), term.path))
        return terms[:MOST_ROWS], max(0, len(terms) - MOST_ROWS)

    def _value(self, term: TermInfo) -> _Value:
        left_out = self.told.rest & self.selected.members.of("term", term.id)
        return self._begun(named(self.selected, term), self.selected.sets[term.id], left_out)

    def _without(self) -> _Value:
        """What has no term of the vocabulary."""
        missing = self.selected.without_any(self.by.slug)
        return self._begun(not_recorded(self.by), missing, self.told.rest)

    def _begun(self, name: Named, matching: BitMap, left_out: BitMap) -> _Value:
        query = self.compiler.value(name.vocabulary, name.path)
        told = self.told.of(query, name.key, left_out) if self._counted(matching) else dict
        return _Value(name, query, matching, told)

    def _counted(self, matching: BitMap) -> BitMap:
        """Those whose times are asked for."""
        return matching - self.missed if self.is_without else matching

    def _terms(self, slug: str) -> Sequence[TermInfo]:
        """The roots, or what lies below the one term that is chosen."""
        chosen = self.selected.asked.chosen.of(slug).included
        term = self.selected.terms.get(slug, chosen[0]) if len(chosen) == 1 else None
        below = self.selected.terms.children(term, retired=True) if term else ()
        if term:
            return below or (term,)
        return self.selected.terms.children(None, slug, retired=True)

    # Rows

    def summed(self, parts: Sequence[Spread]) -> Mapping[int, int] | None:
        """The times of all as the sum of the rows, where each postmortem stands in just one of them."""
        every = BitMap.union(BitMap(), *(value.matching for value in self.values))
        is_once = sum(len(value.matching) for value in self.values) == len(every)
        if not is_once or len(every) != self.selected.total:
            return None
        summed = Counter[int]()
        for part in parts:
            summed.update(part.counts)
        return summed

    def row(
        self, value: _Value | None, counted: Mapping[int, int] | None = None
    ) -> tuple[Spread, TimesRow]:
        """The times of one term's postmortems, or of all; `counted` is how often there is each time,
        where that is known."""
        query = all_of([self.query, value.query]) if value else self.query
        total = len(self._counted(value.matching if value else self.selected.found))
        if counted is None:
            counted = value.told() if value else self._every()
        spread = Spread(counted)
        known, bounded = spread.known, spread.bounded
        is_few = 0 < known + bounded <= MOST_DOTS
        return spread, TimesRow(
            term=value.named if value else None,
            total=self._count(value, total),
            known=self._count(value, known, KNOWN),
            bounded=self._count(value, bounded, BOUNDED),
            unknown=self._count(value, total - known - bounded, UNKNOWN),
            dots=tuple(self._dots(query)) if is_few else (),
            bars=tuple(
                Bar(low, high, self._count(value, number, _range(low, high)))
                for low, high, number in spread.bars()
            ),
            quarter=spread.quantile(0.25),
            median=spread.quantile(0.5),
            three_quarters=spread.quantile(0.75),
        )

    def _every(self) -> Mapping[int, int]:
        """How often each length is among all."""
        return self.told.of(Query.all_query(), "", self.told.rest)()

    def _count(self, value: _Value | None, number: int, length: str = "") -> Count:
        more: dict[str, Values] = {self.field: length} if length else {}
        kinds = [f"-{self.near_misses}"] if self.is_without else []
        if value and value.named.vocabulary == near_misses.VOCABULARY:
            kinds.append(value.named.path)
        elif value:
            more[value.named.vocabulary] = value.named.path
        if kinds:
            more[near_misses.VOCABULARY] = kinds
        return self.selected.count(number, **more)

    def _dots(self, query: Query) -> Iterator[Dot]:
        terms = self.selected.terms
        answer = self.searcher.search(all_of([query, self.told.timed()]), limit=MOST_DOTS)
        addresses = [address for _score, address in answer.hits]
        told = self.searcher.fast_field_values(self.told.column, addresses)
        payloads = hits.payloads_of(self.searcher, addresses)
        found = [
            hits.Found(address, payload, float(number or 0))
            for address, payload, number in zip(addresses, payloads, told, strict=True)
        ]
        found.sort(key=lambda item: (item.key, item.ref))
        shown = hits.hits_of(found, [], terms, self.selected.shown_in)
        for item, hit in zip(found, shown, strict=True):
            length = lengths.read(int(item.key))
            yield Dot(length.seconds, length.kind, hit.ref, hit.title, hit.title_language, hit.url)


def _range(low: int, high: int | None) -> str:
    """The times of one bar as a value of the field: both ends given, so that no bound is among them."""
    return f"{low}s..<{high}s" if high else f"{low}s..{LONGEST}s"
