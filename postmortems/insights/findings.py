"""What stands out: the few sentences above all numbers, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
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
MOST_GIVEN, MOST_TRIED = 3, 6
LEAST = 2
MOST_SET_OFF, MOST_PAIRS, MOST_PORTIONS = 3, 3, 5
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
    log_q: float = 0.0


def _set_off(selected: Selected) -> Iterator[Finding]:
    """For each cause the few triggers that set it off. Among few postmortems nothing can stand out
    from chance, so there the cause must be found nowhere else."""
    causes = [term for term in _terms(selected, CAUSE) if len(selected.sets[term.id]) >= LEAST]
    best = [union for cause in causes if (union := _best(selected, cause))]
    best.sort(key=lambda union: (union.log_p, -union.cause.depth, union.cause.path))
    log_qs = log_q([union.log_p for union in best], len(causes))
    told: list[BitMap] = []
    for union, q in zip(best, log_qs, strict=True):
        is_alone = union.table.both == union.table.second and selected.total < together.FEW
        both = selected.sets[union.cause.id] & _any_of(selected, union.triggers)
        if (is_alone or exp(q) <= RATE) and both not in told:
            told.append(both)
            yield _as_set_off(selected, union, q)


def _best(selected: Selected, cause: TermInfo) -> _Union | None:
    """The few triggers that most tell a cause from everything else; None where none does."""
    mine = selected.sets[cause.id]
    near = [
        term
        for term in _terms(selected, TRIGGER)
        if mine.intersection_cardinality(selected.sets[term.id])
    ]
    near.sort(key=lambda term: log_p(_table(selected, mine, (term,))))
    tried = [
        some for size in range(1, MOST_GIVEN + 1) for some in combinations(near[:MOST_TRIED], size)
    ]
    unions = [
        (log_p(table), some, table) for some in tried if (table := _table(selected, mine, some))
    ]
    unions = [one for one in unions if one[2].both >= LEAST and one[2].both > one[2].expected]
    if not unions:
        return None
    least, triggers, table = min(unions, key=lambda one: (one[0], len(one[1])))
    every = len(list(_terms(selected, TRIGGER)))
    possible = sum(comb(every, size) for size in range(1, MOST_GIVEN + 1))
    return _Union(cause, triggers, table, min(0.0, least + log(possible)))


def _any_of(selected: Selected, terms: tuple[TermInfo, ...]) -> BitMap:
    return BitMap.union(*(selected.sets[term.id] for term in terms))


def _table(selected: Selected, mine: BitMap, triggers: tuple[TermInfo, ...]) -> Table:
    given = _any_of(selected, triggers)
    return Table(mine.intersection_cardinality(given), len(given), len(mine), selected.total)


def _terms(selected: Selected, slug: str) -> Iterator[TermInfo]:
    for term in selected.terms.terms_of(slug, retired=True):
        if term.id in selected.sets:
            yield term


def _as_set_off(selected: Selected, union: _Union, q: float) -> Finding:
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
        p=exp(union.log_p),
        q=exp(q),
    )


# --- Widespread causes ----------------------------------------------------------------------------


def _widespread(selected: Selected) -> Iterator[Finding]:
    """The branch and the single cause that the most postmortems have, each once: a branch only where
    it is more than one of its terms."""
    every = [term for term in _terms(selected, CAUSE) if _is_widespread(selected, term)]
    ends = [term for term in every if not _below(selected, term)]
    branches = [term for term in every if _below(selected, term)]
    for group in (branches, ends):
        largest = sorted(group, key=lambda term: -len(selected.sets[term.id]))[:2]
        yield from (_as_widespread(selected, term) for term in largest)


def _is_widespread(selected: Selected, term: TermInfo) -> bool:
    number = len(selected.sets[term.id])
    return number >= max(WIDESPREAD_LEAST, WIDESPREAD * selected.total)


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
