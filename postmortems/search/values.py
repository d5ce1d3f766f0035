"""Values and ranges of fields as engine queries, for one viewer. `compile` asks it for every `field:value`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import tantivy
from tantivy import Query

from postmortems import durations
from postmortems.document import RELATION_KINDS
from postmortems.search import ranges
from postmortems.search.combining import all_of, any_of, none_of
from postmortems.search.fields import (
    BOUNDED,
    CHOICES,
    COLUMNS,
    FLAGS,
    KNOWN,
    LENGTHS,
    MEASURED,
    MOMENTS,
    OPTIONS,
    PRESENT,
    ROLES,
    UNKNOWN,
    canonical,
    canonical_value,
    present_name,
)
from postmortems.search.query import Range
from postmortems.search.sync import View
from taxonomy.lookup import TermInfo, Terms, fold

MEASURE_OF = {name: measure for measure, name in MEASURED.items()}
LENGTH_KINDS = {KNOWN: ("exact", "approximate"), BOUNDED: ("at-most", "at-least")}


@dataclass
class Values:
    """What values mean to one viewer at one time; collects what could not be understood."""

    view: View
    terms: Terms
    audience: tuple[str, ...]
    notices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def searcher(self) -> tantivy.Searcher:
        """The state of the index that is asked."""
        return self.view.searcher

    @property
    def schema(self) -> tantivy.Schema:
        """The fields of that index."""
        return self.view.schema

    def visible(self) -> Query:
        """The entries that the viewer may see."""
        return self.view.visible(self.audience)

    def value(self, name: str, value: str) -> Query:
        """The entries that have one value of a field; none, with a notice, for an unknown value."""
        slug, _, role = name.partition(".")
        if self.terms.vocabulary(slug):
            return self._term_value(slug, role if role in ROLES else "", value)
        if name in FLAGS:
            found = self._present(name, value)
            if found is None:
                return Query.empty_query()
            return none_of(found) if name == "no" else found
        if name == "year":
            return self._starts(ranges.months_of(value), value)
        return self._token_value(name, value)

    def resolve(self, slug: str, value: str) -> tuple[TermInfo, ...]:
        """The terms that a value of a vocabulary stands for."""
        return self.terms.resolve(slug, value)

    def _term_value(self, slug: str, role: str, value: str) -> Query:
        if fold(value) == UNKNOWN:
            return none_of(self._token("vocabulary", slug))
        found = self.resolve(slug, value)
        if not found:
            self.notices.append(("unknown-value", f"{slug}:{value}"))
            return Query.empty_query()
        if role:
            return self._tokens("role", [f"{role}:{term.id}" for term in found])
        return self._tokens("term", [str(term.id) for term in found])

    def _present(self, field: str, value: str) -> Query | None:
        name = present_name(value, self.terms)
        if self.terms.vocabulary(name):
            return self._token("vocabulary", name)
        if name in PRESENT and name != "relation":
            return self._token("has", name)
        if name == "relation":
            return any_of([self._related(kind) for kind in RELATION_KINDS])
        self.notices.append(("unknown-value", f"{field}:{value}"))
        return None

    def _token_value(self, name: str, value: str) -> Query:
        token = canonical_value(name, value)
        is_known = token in CHOICES[name] if name in CHOICES else self._is_seen(name, token)
        if not is_known:
            self.notices.append(("unknown-value", f"{name}:{value}"))
        if name in OPTIONS:
            return Query.all_query()
        if name == "relation":
            return self._related(token)
        return self._token(COLUMNS.get(name, name), token)

    def _is_seen(self, name: str, token: str) -> bool:
        """Whether anything that the viewer may see has the value. A team of which they see nothing
        is answered like one that does not exist."""
        wanted = all_of([self.visible(), self._token(COLUMNS.get(name, name), token)])
        return bool(self.searcher.search(wanted, limit=1).hits)

    def _related(self, kind: str) -> Query:
        values = [f"{kind}@{token}" for token in self.audience]
        return Query.term_set_query(self.schema, "relation", values)

    def _token(self, name: str, value: str) -> Query:
        return Query.term_query(self.schema, name, value, "basic")

    def _tokens(self, name: str, values: list[str]) -> Query:
        """The entries with one of the values; a set costs an automaton, which one value does not need."""
        if len(values) == 1:
            return self._token(name, values[0])
        return Query.term_set_query(self.schema, name, values)

    # Ranges

    def range(self, node: Range) -> Query | None:
        """The entries between two ends; None for a range that means nothing."""
        name = canonical(node.field)
        if name in LENGTHS:
            return self._length(MEASURE_OF[name], node)
        if name in MOMENTS:
            return self._moment(name, node)
        if name == "year":
            months = ranges.months_between(node.low, node.high, strict=node.strict)
            return self._starts(months) if months else None
        if self.terms.vocabulary(name):
            return self._ranks(name, node)
        return None

    def _moment(self, name: str, node: Range) -> Query | None:
        special = fold(node.low) if node.low == node.high else ""
        if special in (UNKNOWN, BOUNDED) and name == "started":
            return self._token("when", special)
        if special == UNKNOWN:
            return none_of(self._token("has", name))
        ends = _ends(node, ranges.instant_span)
        if ends is None:
            return None
        low, high = ends
        first = low[int(node.strict and not high)] if low else None
        last = high[0 if node.strict else 1] if high else None
        clauses = []
        if first is not None:
            clauses.append(self._integers(f"{name}_from", first, None))
        if last is not None:
            clauses.append(self._integers(f"{name}_to", None, last - 1))
        # What is only bounded lies inside an open range as far as its bound says so.
        return all_of(clauses)

    def _starts(self, months: ranges.Months | None, value: str = "") -> Query:
        """Starts known to lie in some months, or one of the places apart, by name."""
        if months:
            return self._tokens("when", list(months.tokens()))
        if fold(value) in (UNKNOWN, BOUNDED):
            return self._token("when", fold(value))
        self.notices.append(("unknown-value", f"year:{value}"))
        return Query.empty_query()

    def _integers(self, name: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self.schema, name, tantivy.FieldType.Integer, low, high)

    def _length(self, measure: str, node: Range) -> Query | None:
        """`at-most x` lies below y for x ≤ y only, `at-least x` above y for x ≥ y only."""
        kind, seconds = f"{measure}_kind", f"{measure}_seconds"
        special = fold(node.low) if node.low == node.high else ""
        if special == UNKNOWN:
            return none_of(self._tokens(kind, [*durations.KINDS]))
        if special in LENGTH_KINDS:
            return self._tokens(kind, [*LENGTH_KINDS[special]])
        ends = _ends(node, ranges.seconds_of)
        if ends is None:
            return None
        low, high = ends
        options = [self._measured(measure, low, high, strict=node.strict)]
        if low is None:
            options.append(
                all_of([self._token(kind, "at-most"), self._integers(seconds, None, high)])
            )
        if high is None:
            options.append(
                all_of([self._token(kind, "at-least"), self._integers(seconds, low, None)])
            )
        return any_of(options)

    def _measured(self, measure: str, low: int | None, high: int | None, *, strict: bool) -> Query:
        """The lengths that are known between two ends, in seconds; of one end `strict` leaves it out."""
        known = self._integers(
            f"{measure}_seconds",
            None if low is None else low + int(strict and high is None),
            None if high is None else high - int(strict),
        )
        return all_of([self._tokens(f"{measure}_kind", [*LENGTH_KINDS[KNOWN]]), known])

    def _ranks(self, slug: str, node: Range) -> Query | None:
        """`severity:sev1..sev3`: the terms of a scale between two, in either direction."""
        ends = [
            term.rank
            for value in (node.low, node.high)
            for term in self.resolve(slug, value)[:1]
            if value and term.rank is not None
        ]
        if len(ends) != bool(node.low) + bool(node.high) or not ends:
            return None
        ranks = sorted(ends) if len(ends) == 2 else ([0, *ends] if node.low else [*ends, 10**6])
        left_out = ends[-1] if node.strict else None
        found = [
            str(term.id)
            for term in self.terms.terms_of(slug)
            if term.rank is not None and ranks[0] <= term.rank <= ranks[1] and term.rank != left_out
        ]
        return self._tokens("term", found)


End = TypeVar("End", int, tuple[int, int])


def _ends(node: Range, read: Callable[[str], End | None]) -> tuple[End | None, End | None] | None:
    """Both ends of a range as they are read, the lesser first; None where one means nothing, or both
    are open."""
    low, high = read(node.low), read(node.high)
    is_misread = (node.low and low is None) or (node.high and high is None)
    if is_misread or (low is None and high is None):
        return None
    if low is not None and high is not None and low > high:
        return high, low
    return low, high
