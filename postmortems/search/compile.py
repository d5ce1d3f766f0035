"""Query tree to engine query. Everything narrows; only words and phrases score."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import tantivy
from tantivy import Occur, Query

from postmortems.document import RELATION_KINDS, SECTIONS
from postmortems.search import analysis, names, ranges, ranking
from postmortems.search.fields import (
    BOUNDED,
    CHOICES,
    COLUMNS,
    LENGTHS,
    MOMENTS,
    OPTIONS,
    PART_BY_NAME,
    PRESENT,
    ROLES,
    TEXT_PARTS,
    UNKNOWN,
    canonical,
    parts_named,
    present_name,
)
from postmortems.search.query import And, Any, Node, Not, Or, Phrase, Range, Word, to_text
from taxonomy.lookup import TermInfo, Terms, fold

MOST_WILDCARDS = 8


@dataclass
class Compiler:
    """Compiles trees for one viewer at one time; collects what could not be understood."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    terms: Terms
    audience: tuple[str, ...]
    notices: list[tuple[str, str]] = field(default_factory=list)
    wildcards: int = 0

    def visible(self) -> Query:
        """The entries that the viewer may see."""
        return ranking.unscored(Query.term_set_query(self.schema, "audience", list(self.audience)))

    def compile(self, node: Node) -> Query:
        """The engine's query for a tree."""
        match node:
            case And(children):
                return self._all([self.compile(child) for child in children])
            case Or(children):
                return any_of([self.compile(child) for child in children])
            case Not(child):
                return none_of(self.compile(child))
            case Word():
                return self._word(node)
            case Phrase(text, part):
                return self._words(text, part)
            case Any(name, values):
                found = any_of([self.value(canonical(name), value) for value in values])
                return ranking.unscored(found)
            case Range():
                return ranking.unscored(self._range(node))

    def _all(self, queries: list[Query]) -> Query:
        return all_of(queries) if queries else Query.all_query()

    # Words

    def _word(self, word: Word) -> Query:
        if word.prefix and self._may_widen(word):
            return self._prefix(word)
        runs = analysis.script_runs(word.text)
        return self._all([self._words(run, word.part) for run in runs])

    def _may_widen(self, word: Word) -> bool:
        """Whether one more wildcard is answered: each walks the whole dictionary of the index."""
        self.wildcards += 1
        is_fine = self.wildcards <= MOST_WILDCARDS
        if not is_fine:
            self.notices.append(("wildcards", word.text))
        return is_fine

    def _words(self, text: str, part: str) -> Query:
        """A word or phrase in any searched part, or in the names of terms."""
        sequences = analysis.forms(text)
        if not sequences:
            return Query.all_query()
        options = [self._in_parts(part, lambda name: self._sequences(name, sequences))]
        if not part or "terms" in parts_named(part):
            options += [self._named(sequences)]
        return any_of(options)

    def _in_parts(self, part: str, make: Callable[[str], Query]) -> Query:
        wanted = parts_named(part)
        parts = {item.name: item.weight for item in TEXT_PARTS}
        if wanted:
            known = parts | dict.fromkeys(SECTIONS, PART_BY_NAME["sections"].weight)
            parts = {name: weight for name, weight in known.items() if name in wanted}
        scored = [ranking.scored(make(f"text_{name}"), parts[name]) for name in parts]
        return any_of(scored) if scored else Query.empty_query()

    def _sequences(self, name: str, sequences: Iterable[tuple[str, ...]]) -> Query:
        return any_of([self._sequence(name, list(sequence)) for sequence in sequences])

    def _sequence(self, name: str, tokens: list[str]) -> Query:
        if len(tokens) == 1:
            return Query.term_query(self.schema, name, tokens[0], "basic")
        return Query.phrase_query(self.schema, name, [*tokens])

    def _prefix(self, word: Word) -> Query:
        before, last = analysis.last_token(word.text)
        if not last:
            return Query.all_query()
        # What is written decides; its stems say in which part it stands.
        written = Query.regex_query(self.schema, "surface", f"{re.escape(last)}.*")
        stems = sorted({stem for start in self._starting(last) for stem in analysis.stems(start)})
        if not stems:
            return Query.empty_query()
        placed = self._in_parts(
            word.part,
            lambda name: all_of(
                [
                    *(self._sequence(name, [stem]) for stem in before),
                    Query.term_set_query(self.schema, name, stems),
                ]
            ),
        )
        return all_of([ranking.unscored(written), placed])

    def _starting(self, text: str) -> list[str]:
        return [token for token, _n in self.searcher.terms_with_prefix("surface", text)]

    def _named(self, sequences: Iterable[tuple[str, ...]]) -> Query:
        ids = [str(term_id) for term_id in names.terms_named(self.terms, tuple(sequences))]
        if not ids:
            return Query.empty_query()
        weight = PART_BY_NAME["terms"].weight
        return ranking.scored(Query.term_set_query(self.schema, "term", ids), weight)

    # Values

    def value(self, name: str, value: str) -> Query:
        """The entries that have one value of a field; none, with a notice, for an unknown value."""
        slug, _, role = name.partition(".")
        if self.terms.vocabulary(slug):
            return self._term_value(slug, role if role in ROLES else "", value)
        if name in ("has", "no"):
            found = self._present(value)
            return none_of(found) if name == "no" else found
        if name in MOMENTS or name in LENGTHS:
            return self._range(Range(name, value, value))
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
            values = [f"{role}:{term.id}" for term in found]
            return Query.term_set_query(self.schema, "role", values)
        return Query.term_set_query(self.schema, "term", [str(term.id) for term in found])

    def _present(self, value: str) -> Query:
        name = present_name(value, self.terms)
        if self.terms.vocabulary(name):
            return self._token("vocabulary", name)
        if name in PRESENT and name != "relation":
            return self._token("has", name)
        if name == "relation":
            return any_of([self._related(kind) for kind in RELATION_KINDS])
        self.notices.append(("unknown-value", f"has:{value}"))
        return Query.empty_query()

    def _token_value(self, name: str, value: str) -> Query:
        token = value.strip().lower().replace(" ", "_" if name == "status" else "-")
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

    # Ranges

    def _range(self, node: Range) -> Query:
        name = canonical(node.field)
        if name in LENGTHS:
            return self._length(node)
        if name in MOMENTS:
            return self._moment(name, node)
        if self.terms.vocabulary(name):
            return self._ranks(name, node)
        return self._unread(node)

    def _unread(self, node: Range) -> Query:
        """A range that means nothing is read as the words it is written in."""
        text = to_text(Any(node.field, (node.low,)) if node.low == node.high else node)
        self.notices.append(("unread-range", text))
        words = [text for text in (node.field, node.low, node.high) if analysis.forms(text)]
        return self._all([self._words(word, "") for word in words])

    def _moment(self, name: str, node: Range) -> Query:
        special = fold(node.low) if node.low == node.high else ""
        if special in (UNKNOWN, BOUNDED) and name == "started":
            return self._token("when", special)
        if special == UNKNOWN:
            return none_of(self._token("has", name))
        low, high = ranges.instant_span(node.low), ranges.instant_span(node.high)
        if (node.low and not low) or (node.high and not high):
            return self._unread(node)
        first = (low[1] if node.strict else low[0]) if low else None
        last = (high[0] if node.strict else high[1]) if high else None
        clauses = []
        if first is not None:
            clauses.append(self._integers(f"{name}_from", first, None))
        if last is not None:
            clauses.append(self._integers(f"{name}_to", None, last - 1))
        # What is only bounded lies inside an open range as far as its bound says so.
        return all_of(clauses)

    def _integers(self, name: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self.schema, name, tantivy.FieldType.Integer, low, high)

    def _length(self, node: Range) -> Query:
        """`at-most x` lies below y for x ≤ y only, `at-least x` above y for x ≥ y only."""
        if fold(node.low) == UNKNOWN:
            return none_of(self._token("has", "duration"))
        low, high = ranges.seconds_of(node.low), ranges.seconds_of(node.high)
        if (node.low and low is None) or (node.high and high is None):
            return self._unread(node)
        step = 1 if node.strict else 0
        known = self._integers(
            "seconds",
            None if low is None else low + step,
            None if high is None else high - step,
        )
        measured = Query.term_set_query(self.schema, "length", ["exact", "approximate"])
        options = [all_of([measured, known])]
        if low is None:
            options.append(
                all_of([self._token("length", "at-most"), self._integers("seconds", None, high)])
            )
        if high is None:
            options.append(
                all_of([self._token("length", "at-least"), self._integers("seconds", low, None)])
            )
        return any_of(options)

    def _ranks(self, slug: str, node: Range) -> Query:
        """`severity:sev1..sev3`: the terms of a scale between two, in either direction."""
        ends = [
            term.rank
            for value in (node.low, node.high)
            for term in self.resolve(slug, value)[:1]
            if value and term.rank is not None
        ]
        if len(ends) != bool(node.low) + bool(node.high) or not ends:
            return self._unread(node)
        ranks = sorted(ends) if len(ends) == 2 else ([0, *ends] if node.low else [*ends, 10**6])
        shift = int(node.strict)
        found = [
            str(term.id)
            for term in self.terms.terms_of(slug)
            if term.rank is not None
            and ranks[0] + (shift if node.high else 0)
            <= term.rank
            <= ranks[1] - (shift if node.low else 0)
        ]
        return Query.term_set_query(self.schema, "term", found)


def all_of(queries: Iterable[Query]) -> Query:
    """The entries that match every query."""
    wanted = list(queries)
    return wanted[0] if len(wanted) == 1 else Query.boolean_query([(Occur.Must, q) for q in wanted])


def any_of(queries: Iterable[Query]) -> Query:
    """The entries that match at least one query."""
    wanted = list(queries)
    return (
        wanted[0] if len(wanted) == 1 else Query.boolean_query([(Occur.Should, q) for q in wanted])
    )


def none_of(query: Query) -> Query:
    """All entries but those that match."""
    rest = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])
    return ranking.unscored(rest)
