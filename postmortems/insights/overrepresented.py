"""What is unusually frequent in a selection, against the rest of what its reader may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from pyroaring import BitMap

from postmortems.insights import naming
from postmortems.insights.addresses import Addresses
from postmortems.insights.asking import Selected, all_listed
from postmortems.insights.fisher import Table, log_p, log_q
from postmortems.insights.keeping import kept
from postmortems.insights.shapes import RATE, Contrast, Count, Frequent, Overrepresented
from postmortems.search.fields import canonical
from postmortems.search.query import Any, leaves
from taxonomy.lookup import TermInfo

MOST = 12
LEAST = 2


@kept
def overrepresented_of(selected: Selected) -> Overrepresented:
    """The terms of every vocabulary that are more frequent in a selection than in the rest.

    Fisher's exact test, one-sided, on each term that anything the reader may see has; Benjamini
    and Hochberg control the share of false ones among all of them at RATE, those that the selection
    has none of included. Terms that the search itself asks for, with those above and below, are
    not tested: they are frequent because they were chosen.
    """
    rest = selected.rest()
    outside = all_listed(selected) - selected.found
    if not selected.total or not outside:
        return Overrepresented(False, selected.everything, Count(len(outside), ""), (), 0, 0)
    return _Compared(selected, rest, outside).made()


@dataclass(frozen=True)
class _Tested:
    """A term with how often it is in and outside of the selection, and Fisher's p as a logarithm."""

    term: TermInfo
    here: int
    elsewhere: int
    log_p: float


@dataclass(frozen=True)
class _Compared:
    """Compares one selection with what it leaves out; `rest` has the addresses of that, where any
    says it."""

    selected: Selected
    rest: Addresses | None
    outside: BitMap

    def made(self) -> Overrepresented:
        """The whole answer: all that stand out, or of a small selection the strongest."""
        every = list(self._tested())
        found = sorted(
            (item for item in every if item.here >= LEAST and self._lift(item) > 1),
            key=lambda item: (item.log_p, -self._lift(item), item.term.depth),
        )
        log_qs = log_q([item.log_p for item in found], len(every))
        told = [
            (item, q)
            for item, q in zip(found, log_qs, strict=True)
            if self._tells_more(item, found)
        ]
        significant = [pair for pair in told if exp(pair[1]) <= RATE]
        return Overrepresented(
            is_narrowed=True,
            inside=self.selected.everything,
            outside=self._outside(),
            terms=tuple(self._frequent(item, q) for item, q in told[:MOST]),
            tested=len(every),
            more=max(0, len(significant) - MOST),
        )

    def _tested(self) -> Iterator[_Tested]:
        inside, outside = self.selected.total, len(self.outside)
        asked = self._asked()
        for term in self.selected.terms.by_id.values():
            here = len(self.selected.sets.get(term.id, ()))
            members = self.selected.members.of("term", term.id)
            elsewhere = members.intersection_cardinality(self.outside)
            if here + elsewhere and term.id not in asked:
                table = Table(here, inside, here + elsewhere, inside + outside)
                # What is not frequent here is never listed, so that its exact p does not matter.
                found = log_p(table) if here > table.expected else 0.0
                yield _Tested(term, here, elsewhere, found)

    def _asked(self) -> set[int]:
        """The terms that the search asks for, those above them and those below them."""
        terms = self.selected.terms
        given = [
            (canonical(leaf.field).partition(".")[0], value)
            for leaf, _no in leaves(self.selected.asked.reading.node)
            if isinstance(leaf, Any)
            for value in leaf.values
        ]
        for slug, choice in self.selected.asked.chosen.choices.items():
            name = slug.partition(".")[0]
            given += [(name, value) for value in (*choice.included, *choice.excluded)]
        meant = [term for slug, value in given for term in terms.resolve(slug, value)]
        lines = ((*terms.ancestors(term), *terms.under(term)) for term in meant)
        return {term.id for line in lines for term in line}

    def _tells_more(self, item: _Tested, found: list[_Tested]) -> bool:
        """Whether no term above or below it says the same, with the same numbers, before it."""
        for other in found:
            if other is item:
                return True
            is_same = (other.here, other.elsewhere) == (item.here, item.elsewhere)
            if is_same and _is_line(other.term, item.term):
                return False
        return True

    def _lift(self, item: _Tested) -> float:
        inside, outside = self.selected.total, len(self.outside)
        expected = (item.here + item.elsewhere) * inside / (inside + outside)
        return item.here / expected

    def _frequent(self, item: _Tested, q: float) -> Frequent:
        name = {item.term.vocabulary: item.term.path}
        elsewhere = self.rest.narrowed(name) if self.rest else ""
        contrast = Contrast(
            here=self.selected.count(item.here, **name),
            of_here=self.selected.everything,
            elsewhere=Count(item.elsewhere, elsewhere),
            of_elsewhere=self._outside(),
            lift=self._lift(item),
            p=exp(item.log_p),
            q=exp(q),
        )
        return Frequent(naming.named(self.selected, item.term), contrast)

    def _outside(self) -> Count:
        return Count(len(self.outside), self.rest.whole if self.rest else "")


def _is_line(one: TermInfo, other: TermInfo) -> bool:
    """Whether one of two terms stands above the other."""
    above, below = sorted((one.path, other.path), key=len)
    return one.vocabulary == other.vocabulary and below.startswith(f"{above}/")
