"""Terms of different vocabularies that go together more often than by chance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import exp, log

from pyroaring import BitMap

from postmortems.insights import naming
from postmortems.insights.asking import Selected
from postmortems.insights.fisher import Table, is_little, is_unremarkable, log_p, log_q
from postmortems.insights.keeping import kept
from postmortems.insights.meetings import meetings_of
from postmortems.insights.shapes import RATE, Contrast, Pair, Together
from taxonomy.lookup import TermInfo

MOST = 12
# So many postmortems must have both before a pair is told.
LEAST = 2
# In fewer postmortems hardly anything can stand out from so many comparisons.
FEW = 50
# What a postmortem is and whose it is: these go with everything else by how it was collected.
ABOUT_THE_RECORD = ("kind", "tier", "organisation")
# Among more than this the sums of exact tests are long, and are broken off when they cannot matter.
MANY = 5_000
# So many of the strongest pairs are looked at, significant or not.
ENOUGH = 200
# Pairs that one finding stands for, named at most.
MOST_SAME = 6
# A term, the postmortems that have it, and how many these are.
Owners = tuple[TermInfo, BitMap, int]


@dataclass(frozen=True, slots=True)
class Met:
    """Two terms that meet more often than expected: `given` is the rarer one. The logarithms of
    Fisher's p and of what control of false discoveries makes of it."""

    given: TermInfo
    found: TermInfo
    table: Table
    log_p: float
    log_q: float

    @property
    def is_significant(self) -> bool:
        """Whether it stands out beyond the stated rate."""
        return exp(self.log_q) <= RATE

    @property
    def lift(self) -> float:
        """How many times as many have both as would by chance."""
        return self.table.both / self.table.expected


@kept
def together_of(selected: Selected) -> Together:
    """Pairs of terms of different vocabularies, upper levels of trees included, that a selection has
    together unusually often.

    Fisher's exact test, one-sided, on each pair of terms that occur at all; Benjamini and Hochberg
    control the share of false ones among all of these at RATE. Pairs that never meet, or no more
    often than expected, count as tested with p = 1. Of pairs that say the same one is told. Left out
    are the vocabularies about the record itself: its kind, its tier, its organisation.
    """
    met, tested = associations_of(selected)
    folded = Folded(selected)
    more = 0
    for one in met:
        if len(folded.told) < MOST:
            folded.add(one)
        elif one.is_significant:
            more += not folded.is_related(one)
        else:
            break
    return Together(
        pairs=tuple(pair_of(selected, one, folded.same_as(one)) for one in folded.told),
        total=selected.everything,
        tested=tested,
        significant=sum(one.is_significant for one in met),
        more=more,
        is_small=selected.total < FEW,
    )


def associations_of(selected: Selected) -> tuple[list[Met], int]:
    """The pairs that meet more often than expected, the strongest evidence first, and how many pairs
    were tested. Those in which chance alone often does as much are left out."""
    groups = _groups(selected)
    candidates, tested = list(_candidates(selected, groups)), _tested(groups)
    # Of so many nothing above this can be significant, whatever the others are: it need not be exact.
    most = log(RATE * len(candidates) / tested) if selected.total >= MANY and candidates else 0.0
    every = [(log_p(table, most), one, other, table) for one, other, table in candidates]
    every.sort(key=lambda item: item[0])
    kept = [item for place, item in enumerate(every) if place < ENOUGH or item[0] <= most]
    log_qs = log_q([item[0] for item in kept], tested)
    met = [
        Met(one, other, table, p, q) for (p, one, other, table), q in zip(kept, log_qs, strict=True)
    ]
    # Equal evidence is common among few: then the greater lift, and the broader terms, come first.
    return sorted(met, key=_order), tested


def _order(one: Met) -> tuple[float, float, int, str, str, str]:
    depth = one.given.depth + one.found.depth
    return (one.log_p, -one.lift, depth, one.given.vocabulary, one.given.path, one.found.path)


def _groups(selected: Selected) -> dict[str, list[Owners]]:
    """The terms that any postmortem has, with these and their number, by vocabulary."""
    groups: dict[str, list[Owners]] = {
        info.slug: [] for info in selected.terms.vocabularies if info.slug not in ABOUT_THE_RECORD
    }
    for term_id, found in selected.sets.items():
        term = selected.terms.by_id[term_id]
        if term.vocabulary in groups:
            groups[term.vocabulary].append((term, found, len(found)))
    return groups


def _tested(groups: Mapping[str, list[Owners]]) -> int:
    sizes = [len(group) for group in groups.values()]
    return (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2


def _candidates(
    selected: Selected, groups: Mapping[str, list[Owners]]
) -> Iterator[tuple[TermInfo, TermInfo, Table]]:
    """The pairs worth a test; the rarer term first, of two equal ones that of the later vocabulary."""
    sets = {
        slug: [(term.id, found) for term, found, _number in group] for slug, group in groups.items()
    }
    met = meetings_of(selected, sets)
    for former, latter in combinations(groups.values(), 2):
        for one in former:
            if one[2] >= LEAST:
                yield from _beside(one, latter, selected.total, met[one[0].id])


def _beside(
    owner: Owners, others: list[Owners], every: int, met: Mapping[int, int]
) -> Iterator[tuple[TermInfo, TermInfo, Table]]:
    """The pairs of one term with those of another vocabulary, `met` being how often they meet."""
    one, _found, size = owner
    share = size / every
    rest = 1 - share
    often = [
        (other, number, both)
        for other, _theirs, number in others
        if (both := met.get(other.id, 0)) >= LEAST and both > share * number
    ]
    for other, number, both in often:
        expected = share * number
        excess = both - expected
        if is_little(excess, size, number, every):
            continue
        if is_unremarkable(excess, expected * rest * (1 - number / every)):
            continue
        if size < number:
            yield one, other, Table(both, size, number, every)
        else:
            yield other, one, Table(both, number, size, every)


@dataclass
class Folded:
    """Findings as they come, the strongest first: each is either told or says the same as one that is."""

    selected: Selected
    told: list[Met] = field(default_factory=list)
    # Pairs of ids, each with the finding that it is covered by: exactly, or above one or both sides.
    _above: dict[tuple[int, int], Met] = field(default_factory=dict)
    _exact: dict[tuple[int, int], Met] = field(default_factory=dict)
    _left: dict[tuple[int, int], Met] = field(default_factory=dict)
    _right: dict[tuple[int, int], Met] = field(default_factory=dict)
    _lines: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _same: dict[int, list[Met]] = field(default_factory=dict)

    def add(self, one: Met) -> None:
        """Tell a finding, or put it with the one that says the same."""
        told = self._related(one) or self._of_same_set(one)
        if told:
            self._same.setdefault(id(told), []).append(one)
            return
        self.told.append(one)
        left, right = _sides(one)
        self._exact.setdefault((left.id, right.id), one)
        for above in self._line(left):
            self._left.setdefault((above, right.id), one)
            for other in self._line(right):
                self._above.setdefault((above, other), one)
        for other in self._line(right):
            self._right.setdefault((left.id, other), one)

    def is_related(self, one: Met) -> bool:
        """Whether one that is told says the same on another level."""
        return self._related(one) is not None

    def same_as(self, one: Met) -> tuple[Met, ...]:
        """What was put with a finding."""
        return tuple(self._same.get(id(one), ())[:MOST_SAME])

    def _line(self, term: TermInfo) -> tuple[int, ...]:
        if term.id not in self._lines:
            above = self.selected.terms.ancestors(term)
            self._lines[term.id] = tuple(item.id for item in above)
        return self._lines[term.id]

    def _related(self, one: Met) -> Met | None:
        """A finding whose terms stand above or below these, or are these, on both sides."""
        left, right = _sides(one)
        if found := self._above.get((left.id, right.id)):
            return found
        lefts, rights = self._line(left), self._line(right)
        tried = [self._exact.get((above, other)) for above in lefts for other in rights]
        tried += [self._left.get((left.id, other)) for other in rights]
        tried += [self._right.get((above, right.id)) for above in lefts]
        return next(filter(None, tried), None)

    def _of_same_set(self, one: Met) -> Met | None:
        """A finding about the very same postmortems."""
        others = [told for told in self.told if told.table.both == one.table.both]
        same = self._both(one) if others else None
        return next((told for told in others if self._both(told) == same), None)

    def _both(self, one: Met) -> BitMap:
        return self.selected.sets[one.given.id] & self.selected.sets[one.found.id]


def _sides(one: Met) -> tuple[TermInfo, TermInfo]:
    """The two terms in an order that does not depend on which is rarer."""
    left, right = sorted((one.given, one.found), key=lambda term: term.vocabulary)
    return left, right


def pair_of(selected: Selected, one: Met, same: tuple[Met, ...] = ()) -> Pair:
    """A finding as the page tells it."""
    return Pair(
        given=naming.named(selected, one.given),
        found=naming.named(selected, one.found),
        contrast=contrast_of(selected, one),
        same=tuple(
            (naming.named(selected, other.given), naming.named(selected, other.found))
            for other in same
        ),
    )


def contrast_of(selected: Selected, one: Met) -> Contrast:
    """The four numbers of a finding with their lists."""
    given, found = one.given.vocabulary, one.found.vocabulary
    yes, no = one.given.path, f"-{one.given.path}"
    table = one.table
    return Contrast(
        here=selected.count(table.both, **{given: yes, found: one.found.path}),
        of_here=selected.count(table.first, **{given: yes}),
        elsewhere=selected.count(table.second - table.both, **{given: no, found: one.found.path}),
        of_elsewhere=selected.count(table.all - table.first, **{given: no}),
        lift=one.lift,
        p=exp(one.log_p),
        q=exp(one.log_q),
    )
