"""Query tree to engine query. Here everything only narrows; `scoring` says what a match is worth."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tantivy import Occur, Query

from postmortems.document import SECTIONS
from postmortems.search import analysis, beginnings, mostly, names
from postmortems.search.combining import all_of, any_of, none_of
from postmortems.search.fields import LENGTHS, MOMENTS, TEXT_PARTS, canonical, parts_named
from postmortems.search.query import And, Any, Node, Not, Or, Phrase, Range, Word, to_text
from postmortems.search.values import Values

MOST_WILDCARDS = 8
TEXTS = (*(part.name for part in TEXT_PARTS), *SECTIONS)

Sequences = Iterable[tuple[str, ...]]


@dataclass
class Compiler(Values):
    """Compiles trees for one viewer at one time; collects what could not be understood."""

    wildcards: int = 0

    def compile(self, node: Node) -> Query:
        """The engine's query for a tree; it narrows and scores nothing."""
        match node:
            case And(children) if mostly.ASKED in children:
                return self._most(children)
            case And(children):
                return self._all([self.compile(child) for child in children])
            case Or(children):
                return any_of([self.compile(child) for child in children])
            case Not(child):
                return self._not(child)
            case Word():
                return self._word(node)
            case Phrase(text, part):
                return self._words(text, part)
            case Any(name, values):
                return any_of([self.value(canonical(name), value) for value in values])
            case Range():
                found = self.range(node)
                return self._unread(node) if found is None else found

    def _not(self, child: Node) -> Query:
        # How the words are read cannot be excluded; the rest is read as if it were not there.
        return Query.all_query() if child == mostly.ASKED else none_of(self.compile(child))

    def value(self, name: str, value: str) -> Query:
        """The entries that have one value of a field; a date or length is a range of its own."""
        if name in MOMENTS or name in LENGTHS:
            return self.compile(Range(name, value, value))
        return super().value(name, value)

    def _all(self, queries: list[Query]) -> Query:
        return all_of(queries) if queries else Query.all_query()

    def _most(self, children: Sequence[Node]) -> Query:
        """`match:most`: of the words enough, or one identifier; of everything else all."""
        optional = mostly.optional(children)
        kept = [self.compile(child) for child in mostly.required(children)]
        if not optional:
            return self._all(kept)
        wanted = [(Occur.Should, self.loosely(leaf)) for leaf in optional]
        enough = mostly.needed(len(optional))
        most = Query.boolean_query(wanted, minimum_number_should_match=enough)
        telling = [self.loosely(leaf) for leaf in optional if mostly.is_identifier(leaf)]
        return all_of([*kept, any_of([most, *telling])])

    def loosely(self, leaf: Word | Phrase) -> Query:
        """A word as `match:most` takes it: of a long Chinese run a part is enough."""
        pieces = mostly.pieces(leaf)
        if not pieces:
            return self.compile(leaf)
        wanted = [(Occur.Should, self._words(piece, leaf.part)) for piece in pieces]
        return Query.boolean_query(
            wanted, minimum_number_should_match=mostly.needed_pieces(len(pieces))
        )

    # Words

    def _word(self, word: Word) -> Query:
        if word.prefix and self.may_widen(word):
            return self._prefix(word)
        runs = analysis.script_runs(word.text)
        return self._all([self._words(run, word.part) for run in runs])

    def may_widen(self, word: Word) -> bool:
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
        options = [self.in_field(name, sequences) for name in fields_of(part)]
        if is_about_terms(part):
            options.append(self.called(sequences))
        return any_of(options) if options else Query.empty_query()

    def in_field(self, name: str, sequences: Sequences) -> Query:
        """The entries with one of the token sequences in a field of the index."""
        return any_of([self._sequence(name, list(sequence)) for sequence in sequences])

    def _sequence(self, name: str, tokens: list[str]) -> Query:
        if len(tokens) == 1:
            return Query.term_query(self.schema, name, tokens[0], "basic")
        return Query.phrase_query(self.schema, name, [*tokens])

    def near(self, tokens: Sequence[str], slop: int) -> Query:
        """The entries in which the tokens stand near each other, in this order."""
        return Query.phrase_query(self.schema, "everything", [*tokens], slop)

    def as_written(self, tokens: Sequence[str]) -> Query:
        """The entries with the very forms of the words, not only their stems."""
        return all_of([Query.term_query(self.schema, "surface", token) for token in tokens])

    def _prefix(self, word: Word) -> Query:
        before, last = analysis.last_token(word.text)
        if not last:
            return Query.all_query()
        # What is written decides; its stems say in which part it stands.
        written = self._beginning("surface", last)
        if not word.part:
            return all_of([*(self._sequence("everything", [stem]) for stem in before), written])
        placed = any_of([self.starting(name, before, last) for name in fields_of(word.part)])
        return all_of([written, placed])

    def starting(self, name: str, before: Iterable[str], last: str) -> Query:
        """The entries with all of `before`, and a stem of words that start with `last`, in one field."""
        begun = [self._beginning(name, last)]
        if stems := beginnings.shorter_stems(last):
            begun.append(Query.term_set_query(self.schema, name, list(stems)))
        return all_of([*(self._sequence(name, [stem]) for stem in before), any_of(begun)])

    def _beginning(self, name: str, start: str) -> Query:
        return Query.regex_query(self.schema, name, f"{re.escape(start)}.*")

    def called(self, sequences: Sequences) -> Query:
        """The entries with a term whose name or alias has the words."""
        ids = [str(term_id) for term_id in names.terms_named(self.terms, tuple(sequences))]
        return Query.term_set_query(self.schema, "term", ids) if ids else Query.empty_query()

    def _unread(self, node: Range) -> Query:
        """A range that means nothing is read as the words it is written in."""
        text = to_text(Any(node.field, (node.low,)) if node.low == node.high else node)
        self.notices.append(("unread-range", text))
        words = [text for text in (node.field, node.low, node.high) if analysis.forms(text)]
        return self._all([self._words(word, "") for word in words])


def fields_of(part: str) -> list[str]:
    """The fields of the index that hold what `in:` names; one that holds all where nothing is named."""
    wanted = parts_named(part)
    return [f"text_{name}" for name in TEXTS if name in wanted] if wanted else ["everything"]


def is_about_terms(part: str) -> bool:
    """Whether the names of terms are searched as well."""
    return not part or "terms" in parts_named(part)
