"""How many postmortems have both of two terms, for all pairs of terms of different vocabularies.

Of a large selection these numbers are the dearest of all that the patterns page shows, so they are
kept, and carried along when the index moves on, or to a selection that differs little: what the
postmortems had that are no longer in it, or changed, is taken off, what they have now is added.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pyroaring import BitMap

from postmortems.insights.asking import Selected
from postmortems.search import states
from postmortems.search.latest import Latest
from postmortems.search.members import Members
from postmortems.search.states import State

# Of fewer postmortems all is counted anew as quickly.
MANY = 5_000
KEPT = 8
# Taking off and adding costs about as much a postmortem as counting anew.
MOST_DIFFERING = 0.6

# A term's id and the postmortems that have it; grouped by the vocabulary's slug.
Group = Sequence[tuple[int, BitMap]]
Groups = Mapping[str, Group]
# Numbers by the ids of two terms, that of the earlier vocabulary first; none where they never meet.
Meetings = Mapping[int, Mapping[int, int]]
Counted = dict[int, dict[int, int]]


@dataclass(frozen=True)
class _Kept:
    """The numbers of one state of the index, and what was found and who had what then."""

    state: State
    found: BitMap
    members: Members
    met: Counted


_kept = Latest[_Kept](KEPT)


def forget() -> None:
    """Drop all numbers that are kept."""
    _kept.forget()


def meetings_of(selected: Selected, groups: Groups) -> Meetings:
    """How many of a selection have both, of every two terms of different vocabularies."""
    if selected.total < MANY:
        return _counted([*groups.values()])
    key = selected.question.key_of("")
    met = _carried(key, selected, groups)
    if met is None:
        met = _counted([*groups.values()])
    _kept.keep(key, _Kept(selected.state, selected.found, selected.members, met))
    return met


def _counted(groups: Sequence[Group]) -> Counted:
    met: Counted = {}
    for former, latter in combinations(groups, 2):
        ids, sets = [term_id for term_id, _found in latter], [found for _id, found in latter]
        for term_id, found in former:
            numbers = map(found.intersection_cardinality, sets)
            met.setdefault(term_id, {}).update(zip(ids, numbers, strict=True))
    return met


def _carried(key: Hashable, selected: Selected, groups: Groups) -> Counted | None:
    """The numbers of the selection that differs least, of those that are kept, with the difference
    taken off and added; None where all differ by more than counting anew costs."""
    same = _kept.get(key)
    if same and same.state == selected.state:
        return same.met
    near = [
        (len(differing), kept, differing)
        for kept in _kept.values()
        if (differing := _difference(kept, selected)) is not None
    ]
    if not near:
        return None
    number, kept, differing = min(near, key=lambda item: item[0])
    if number > selected.total * MOST_DIFFERING:
        return None
    met = {term_id: dict(row) for term_id, row in kept.met.items()}
    _add(met, _had(kept, differing & kept.found, selected, groups), -1)
    _add(met, [_within(group, differing) for group in groups.values()], 1)
    return met


def _difference(kept: _Kept, selected: Selected) -> BitMap | None:
    """The postmortems that are in one of two selections alone, or changed in between."""
    if kept.state == selected.state:
        return kept.found ^ selected.found
    changed = states.changed_between(kept.state, selected.state)
    return None if changed is None else kept.found ^ selected.found | BitMap(changed)


def _had(kept: _Kept, some: BitMap, selected: Selected, slugs: Iterable[str]) -> list[Group]:
    """What some postmortems had of some vocabularies, in the order of these."""
    groups: dict[str, list[tuple[int, BitMap]]] = {slug: [] for slug in slugs}
    for term in selected.terms.by_id.values():
        group = groups.get(term.vocabulary)
        if group is not None and (had := kept.members.of("term", term.id) & some):
            group.append((term.id, had))
    return list(groups.values())


def _within(group: Group, changed: BitMap) -> Group:
    return [(term_id, have) for term_id, found in group if (have := found & changed)]


def _add(met: Counted, groups: Sequence[Group], sign: int) -> None:
    for term_id, row in _counted(groups).items():
        numbers = met.setdefault(term_id, {})
        for other, number in row.items():
            numbers[other] = numbers.get(other, 0) + sign * number
