"""What stands out: the few sentences above all numbers, as data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb, exp, log

from pyroaring import BitMap

from postmortems.insights import naming, together
from postmortems.insights.asking import Selected
from postmortems.insights.fisher import Table, log_p, log_q
from postmortems.insights.keeping import kept
from postmortems.insights.shapes import RATE, Finding, Findings, Portion
from taxonomy.lookup import TermInfo

CAUSE, TRIGGER = "cause", "trigger"
# A sentence names no more triggers than this, out of the likeliest ones.
MOST_GIVEN, MOST_TRIED = 3, 5
LEAST = 2
MOST_SET_OFF, MOST_WIDESPREAD, MOST_PAIRS, MOST_PORTIONS = 3, 2, 3, 5
# A widespread cause is one that so many of all have.
WIDESPREAD, WIDESPREAD_LEAST = 0.15, 3


@kept
def findings_of(selected: Selected) -> Findings:
    """The findings of a selection: what sets a cause off, which causes are widespread, what goes
    together; those of the same kind the strongest first."""
    set_off = list(_set_off(selected))[:MOST_SET_OFF]
    told = {(term.path, finding.found.path) for finding in set_off for term in finding.given}
    pairs = [one for one in _pairs(selected) if (one.given[0].path, one.found.path) not in told]
    found = (*set_off, *_widespread(selected), *pairs[:MOST_PAIRS])
    return Findings(found, selected.everything, selected.total < together.FEW)


# --- What sets a cause off ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Union:
    """Some triggers taken as one, against a cause. Because the best of several unions is told, p is
    multiplied by how many were tried."""

    cause: TermInfo
    triggers: tuple[TermInfo, ...]
    table: Table
    log_p: float

    @property
    def tells_apart(self) -> bool:
        """Whether most postmortems with the triggers have the cause, and none without."""
        return self.table.both == self.table.second and 2 * self.table.both > self.table.first

    def strength(self, *, is_few: bool) -> tuple[float, ...]:
        """What sorts the strongest first: by evidence, or, where there is little, by share."""
        share = self.table.both / self.table.first
        few = (-share, len(self.triggers)) if is_few else ()
        return (*few, self.log_p)


def _set_off(selected: Selected) -> Iterator[Finding]:
    """For each cause that has none below it the few triggers that set it off. Among few postmortems
    nothing can stand out from chance, so there most must have it, and nothing else may."""
    causes = [
        term
        for term in _terms(selected, CAUSE)
        if len(selected.sets[term.id]) >= LEAST and not _below(selected, term)
    ]
    unions = _Unions(selected)
    best = [union for cause in causes if (union := unions.best(cause))]
    is_few = selected.total < together.FEW
    best.sort(key=lambda union: union.strength(is_few=is_few))
    log_qs = log_q([union.log_p for union in best], len(causes))
    told: dict[bytes, list[tuple[_Union, float]]] = {}
    for union, q in zip(best, log_qs, strict=True):
        if (is_few and union.tells_apart) or exp(q) <= RATE:
            both = selected.sets[union.cause.id] & unions.of(union.triggers)
            told.setdefault(both.serialize(), []).append((union, q))
    for (union, q), *others in told.values():
        yield _as_set_off(selected, union, q, [other.cause for other, _q in others])


@dataclass(frozen=True)
class _Unions:
    """Tries triggers against causes."""

    selected: Selected

    @cached_property
    def triggers(self) -> list[TermInfo]:
        """All triggers that any postmortem has."""
        return list(_terms(self.selected, TRIGGER))

    @cached_property
    def possible(self) -> int:
        """How many unions could be told."""
        return sum(comb(len(self.triggers), size) for size in range(1, MOST_GIVEN + 1))

    def of(self, triggers: tuple[TermInfo, ...]) -> BitMap:
        """The postmortems with one of some triggers."""
        sets = [self.selected.sets[term.id] for term in triggers]
        return sets[0] if len(sets) == 1 else BitMap.union(*sets)

    def best(self, cause: TermInfo) -> _Union | None:
        """The few triggers that most tell a cause from everything else; None where none does."""
        mine = self.selected.sets[cause.id]
        near = [(self._table(mine, (term,)), term) for term in self.triggers]
        near = [pair for pair in near if pair[0].both > pair[0].expected]
        # Among many, what cannot be significant in the end is not looked at any closer.
        is_few = self.selected.total < together.FEW
        least = 0.0 if is_few or not self.possible else log(RATE / self.possible)
        if not is_few:
            near = [pair for pair in near if pair[0].deviation > 1]
        likeliest = sorted(near, key=lambda pair: -pair[0].deviation)[:MOST_TRIED]
        best = None
        for size in range(1, MOST_GIVEN + 1):
            for some in combinations((term for _table, term in likeliest), size):
                table = self._table(mine, some)
                found = log_p(table, least) if table.both >= LEAST else 0.0
                if found < least:
                    least, best = found, (some, table)
        if best is None:
            return None
        return _Union(cause, *best, least + log(self.possible))

    def _table(self, mine: BitMap, triggers: tuple[TermInfo, ...]) -> Table:
        given = self.of(triggers)
        both = mine.intersection_cardinality(given)
        return Table(both, len(given), len(mine), self.selected.total)


def _terms(selected: Selected, slug: str) -> Iterator[TermInfo]:
    for term in selected.terms.terms_of(slug, retired=True):
        if term.id in selected.sets:
            yield term


def _as_set_off(selected: Selected, union: _Union, q: float, same: Sequence[TermInfo]) -> Finding:
    table, cause = union.table, union.cause.path
    yes = [term.path for term in union.triggers]
    no = [f"-{path}" for path in yes]
    return Finding(
        kind="set-off",
        key=f"set-off:{cause}",
        given=tuple(naming.named(selected, term) for term in union.triggers),
        found=naming.named(selected, union.cause),
        here=selected.count(table.both, **{TRIGGER: yes, CAUSE: cause}),
        of_here=selected.count(table.first, **{TRIGGER: yes}),
        elsewhere=selected.count(table.second - table.both, **{TRIGGER: no, CAUSE: cause}),
        of_elsewhere=selected.count(table.all - table.first, **{TRIGGER: no}),
        lift=table.both / table.expected,
        p=min(1.0, exp(union.log_p)),
        q=exp(q),
        same=tuple(naming.named(selected, term) for term in same),
    )


# --- Widespread causes ----------------------------------------------------------------------------


def _widespread(selected: Selected) -> Iterator[Finding]:
    """The branches and the single causes that the most postmortems have. What most of all have is no
    news, and is left out."""
    every = [term for term in _terms(selected, CAUSE) if _is_widespread(selected, term)]
    branches = [term for term in every if not term.depth and _below(selected, term)]
    ends = [term for term in every if not _below(selected, term)]
    for group in (branches, ends):
        largest = sorted(group, key=lambda term: -len(selected.sets[term.id]))[:MOST_WIDESPREAD]
        yield from (_as_widespread(selected, term) for term in largest)


def _is_widespread(selected: Selected, term: TermInfo) -> bool:
    number = len(selected.sets[term.id])
    share = number / selected.total
    return number >= WIDESPREAD_LEAST and WIDESPREAD <= share <= 1 / 2


def _below(selected: Selected, term: TermInfo) -> list[TermInfo]:
    children = selected.terms.children(term, retired=True)
    found = [child for child in children if child.id in selected.sets]
    return sorted(found, key=lambda child: -len(selected.sets[child.id]))


def _as_widespread(selected: Selected, term: TermInfo) -> Finding:
    return Finding(
        kind="widespread",
        key=f"widespread:{term.path}",
        given=(),
        found=naming.named(selected, term),
        here=selected.count(len(selected.sets[term.id]), **{CAUSE: term.path}),
        of_here=selected.everything,
        portions=tuple(
            Portion(
                naming.named(selected, child),
                selected.count(len(selected.sets[child.id]), **{CAUSE: child.path}),
            )
            for child in _below(selected, term)[:MOST_PORTIONS]
        ),
    )


# --- What goes together ---------------------------------------------------------------------------


def _pairs(selected: Selected) -> Iterator[Finding]:
    for pair in together.together_of(selected).pairs:
        contrast = pair.contrast
        yield Finding(
            kind="together",
            key=f"together:{pair.given.key}:{pair.found.key}",
            given=(pair.given,),
            found=pair.found,
            here=contrast.here,
            of_here=contrast.of_here,
            elsewhere=contrast.elsewhere,
            of_elsewhere=contrast.of_elsewhere,
            lift=contrast.lift,
            p=contrast.p,
            q=contrast.q,
        )
