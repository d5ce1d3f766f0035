"""Seeded postmortems in which every term comes by chance alone, but for a few pairs that were planted."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from postmortems.document import Classification, Document
from postmortems.insights.asking import Selected
from postmortems.insights.together import Met, associations_of, together_of
from postmortems.moments import Moment
from postmortems.search import entries
from taxonomy.lookup import TermInfo, Terms
from tests.benchmarks.collection import source_of

SEED = 20260922
PART = 5_000
# Vocabulary and place among its terms, twice; and how likely the first brings the second with it.
PAIRS = (
    (("cause", 4), ("component", 7), 0.9),
    (("trigger", 3), ("cause", 9), 0.8),
    (("symptom", 5), ("component", 2), 0.7),
    (("factor", 6), ("impact", 3), 0.9),
    (("cause", 14), ("symptom", 8), 0.8),
    (("trigger", 6), ("factor", 2), 0.7),
)


class Planted:
    """Makes documents number 0, 1, 2 … whose terms are drawn one by one, each with its own chance."""

    def __init__(self, terms: Terms) -> None:
        self.chances: list[tuple[TermInfo, float]] = []
        self.leaves: dict[str, list[TermInfo]] = {}
        for info in terms.vocabularies:
            every = terms.terms_of(info.slug)
            leaves = [term for term in every if not terms.children(term)]
            self.leaves[info.slug] = leaves
            # The n-th term about 1/n as often as the first, one or two of them in each document.
            self.chances += [(term, 0.6 / (place + 2)) for place, term in enumerate(leaves)]
        self.brought = {
            self.leaves[slug][place].id: (self.leaves[other][number], chance)
            for (slug, place), (other, number), chance in PAIRS
        }

    def pairs(self) -> set[frozenset[str]]:
        """The planted pairs: of each term its vocabulary and path."""
        return {
            frozenset(f"{slug}/{self.leaves[slug][place].path}" for slug, place in (first, second))
            for first, second, _chance in PAIRS
        }

    def documents(self, first: int, size: int, seed: int = SEED) -> Iterator[Document]:
        """So many documents from number `first` on; the same ones whoever makes them in these parts."""
        chance = random.Random(seed + first)
        for number in range(first, first + size):
            drawn = [term for term, share in self.chances if chance.random() < share]
            for term in list(drawn):
                brought, share = self.brought.get(term.id, (term, 0.0))
                if share and chance.random() < share and brought not in drawn:
                    drawn.append(brought)
            yield Document(
                title=f"Planted {number}",
                started=self._started(chance),
                classifications=tuple(
                    Classification(term.vocabulary, term.path, assigned_by="source")
                    for term in drawn
                ),
            )

    @staticmethod
    def _started(chance: random.Random) -> Moment:
        if chance.random() < 0.1:
            return Moment()
        year, month = chance.randint(2014, 2026), chance.randint(1, 12)
        if chance.random() < 0.1:
            return Moment(f"{year}")
        return Moment(f"{year}-{month:02}")


def rows(terms: Terms, first: int, size: int, seed: int = SEED) -> list[entries.Values]:
    """The entries of one part of them."""
    documents = Planted(terms).documents(first, size, seed)
    return [
        entries.fields(source_of(first + place, document), terms)
        for place, document in enumerate(documents)
    ]


@dataclass(frozen=True)
class Verdict:
    """How a search for pairs did: the planted ones that came before all others, and how many pairs were
    called significant that have nothing to do with a planted one."""

    planted: int
    planted_first: int
    tested: int
    significant: int
    mistaken: int


def verdict(selected: Selected) -> Verdict:
    """What was found of what was planted. A term above a planted one goes with its partner as well."""
    met, tested = associations_of(selected)
    planted = Planted(selected.terms).pairs()
    significant = [one for one in met if one.is_significant]
    told = [frozenset((pair.given.key, pair.found.key)) for pair in together_of(selected).pairs]
    first = [pair for pair in told[: len(planted)] if pair in planted]
    true = {
        frozenset((left, right))
        for one, other in map(tuple, planted)
        for left in lines_of(one)
        for right in lines_of(other)
    }
    mistaken = [one for one in significant if _named(one) not in true]
    return Verdict(len(planted), len(first), tested, len(significant), len(mistaken))


def _named(one: Met) -> frozenset[str]:
    return frozenset(f"{term.vocabulary}/{term.path}" for term in (one.given, one.found))


def lines_of(name: str) -> Iterator[str]:
    """A term and all above it, from `VOCABULARY/PATH`."""
    parts = name.split("/")
    yield from ("/".join(parts[: size + 1]) for size in range(1, len(parts)))
