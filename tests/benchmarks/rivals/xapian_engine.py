"""Xapian with one value slot a facet, counted by its match spies; only where Debian's module is installed."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.rivals.shape import HITS, Answer, Question, Row

DEBIAN = "/usr/lib/python3/dist-packages"


def module() -> Any:
    """The xapian module, or None."""
    if DEBIAN not in sys.path:
        sys.path.append(DEBIAN)
    try:
        import xapian
    except ImportError:
        return None
    return xapian


class Xapian:
    """A spy counts whole values: several terms of a facet stand in one, and are added up after."""

    name = "Xapian"

    def __init__(self, path: Path, rows: Iterable[Row], vocabularies: Sequence[str]) -> None:
        self.xapian, self.slots = module(), list(vocabularies)
        database = self.xapian.WritableDatabase(str(path), self.xapian.DB_CREATE_OR_OVERWRITE)
        generator = self.xapian.TermGenerator()
        generator.set_stemmer(self.xapian.Stem("en"))
        for row in rows:
            database.add_document(self._document(row, generator))
        database.commit()
        self.database = self.xapian.Database(str(path))

    def _document(self, row: Row, generator: Any) -> Any:
        document = self.xapian.Document()
        generator.set_document(document)
        generator.index_text(row.text)
        document.set_data(row.text)
        by_slot: dict[int, list[str]] = {}
        for vocabulary, term in row.terms:
            document.add_boolean_term(f"XT{term}")
            by_slot.setdefault(self.slots.index(vocabulary), []).append(str(term))
        for slot, terms in by_slot.items():
            document.add_value(slot, " ".join(terms))
        return document

    def ask(self, question: Question) -> Answer:
        """One match with a spy a facet; a second one for the facet of the chosen term."""
        query = self._words(question.word)
        if not question.term:
            count, terms = self._match(query, range(len(self.slots)))
            return Answer(count, terms)
        own = self.slots.index("cause")
        narrowed = self.xapian.Query(
            self.xapian.Query.OP_FILTER, query, self.xapian.Query(f"XT{question.term}")
        )
        count, terms = self._match(narrowed, [s for s in range(len(self.slots)) if s != own])
        return Answer(count, terms | self._match(query, [own])[1])

    def _words(self, word: str) -> Any:
        if not word:
            return self.xapian.Query.MatchAll
        parser = self.xapian.QueryParser()
        parser.set_stemmer(self.xapian.Stem("en"))
        parser.set_stemming_strategy(parser.STEM_SOME)
        return parser.parse_query(word)

    def _match(self, query: Any, slots: Iterable[int]) -> tuple[int, dict[int, int]]:
        enquire = self.xapian.Enquire(self.database)
        enquire.set_query(query)
        spies = [self.xapian.ValueCountMatchSpy(slot) for slot in slots]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, HITS, self.database.get_doccount())
        for match in found:
            match.document.get_data()
        terms: dict[int, int] = {}
        for spy in spies:
            for value in spy.values():
                for term in value.term.split():
                    terms[int(term)] = terms.get(int(term), 0) + value.termfreq
        return found.get_matches_estimated(), terms
