"""What every engine gets and gives: documents as text and terms, questions, and the answer to one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from postmortems.document import Document
from postmortems.search import entries
from taxonomy.lookup import TermInfo, Terms
from tests.benchmarks.synthetic import COMMON_WORD, RARE_WORD, collection

HITS = 20


@dataclass(frozen=True)
class Row:
    """A document: its number, all its text, and its terms with all above them, by vocabulary."""

    number: int
    text: str
    terms: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Question:
    """Words (none for all documents) and a term that is chosen (0 for none)."""

    name: str
    word: str
    term: int = 0


@dataclass(frozen=True)
class Answer:
    """How many match in all, and how many have each term; without the chosen term's own facet."""

    count: int
    terms: dict[int, int]


class Engine(Protocol):
    """One engine, filled and ready."""

    name: str

    def ask(self, question: Question) -> Answer:
        """The twenty best, the number of all, and the count of every term of every facet."""
        ...


def rows(count: int, length: float, terms: Terms) -> Iterator[Row]:
    """The documents of the collection."""
    for number, document in enumerate(collection(terms, count, length)):
        texts = [text for _part, _anchor, _note, text in entries.places_of(document)]
        found = tuple(_terms(document, terms))
        # What terms are called is searched too; a term finds everything below it.
        called = [names for _vocabulary, term in found for names in _called(terms.by_id[term])]
        yield Row(number + 1, "\n".join([*texts, *called]), found)


def _called(term: TermInfo) -> list[str]:
    return [*term.names.values(), *term.aliases]


def _terms(document: Document, terms: Terms) -> Iterator[tuple[str, int]]:
    found = {
        (above.vocabulary, above.id)
        for item in document.classifications
        if (term := terms.get(item.vocabulary, item.term))
        for above in terms.ancestors(term)
    }
    yield from sorted(found)


def questions(terms: Terms) -> list[Question]:
    """The questions that the budget names."""
    network = terms.get("cause", "network")
    assert network is not None
    return [
        Question("commonest word", COMMON_WORD),
        Question("no text", ""),
        Question("rare word", RARE_WORD),
        Question("commonest word, one facet", COMMON_WORD, network.id),
    ]
