"""Query tree to engine query. Everything narrows; only words and phrases score."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tantivy import Query

from postmortems.document import SECTIONS
from postmortems.search import analysis, names, ranking
from postmortems.search.combining import all_of, any_of, none_of
from postmortems.search.fields import (
    LENGTHS,
    MOMENTS,
    PART_BY_NAME,
    TEXT_PARTS,
    canonical,
    parts_named,
)
from postmortems.search.query import And, Any, Node, Not, Or, Phrase, Range, Word, to_text
from postmortems.search.values import Values

MOST_WILDCARDS = 8


@dataclass
class Compiler(Values):
    """Compiles trees for one viewer at one time; collects what could not be understood."""

    wildcards: int = 0

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
                found_range = self.range(node)
                return self._unread(node) if found_range is None else ranking.unscored(found_range)

    def value(self, name: str, value: str) -> Query:
        """The entries that have one value of a field; a date or length is a range of its own."""
        if name in MOMENTS or name in LENGTHS:
            return self.compile(Range(name, value, value))
        return super().value(name, value)

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

    def _unread(self, node: Range) -> Query:
        """A range that means nothing is read as the words it is written in."""
        text = to_text(Any(node.field, (node.low,)) if node.low == node.high else node)
        self.notices.append(("unread-range", text))
        words = [text for text in (node.field, node.low, node.high) if analysis.forms(text)]
        return self._all([self._words(word, "") for word in words])
