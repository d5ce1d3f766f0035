"""Which postmortems are the same defect, as the rows say it: kept, and carried along when the index moves on."""

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import OuterRef, Q, QuerySet, Subquery
from pyroaring import BitMap

from postmortems.document import SAME_DEFECT
from postmortems.insights.asking import Selected, all_visible
from postmortems.models import Postmortem, Relation
from postmortems.search import states
from postmortems.search.latest import Latest
from postmortems.search.states import State

# The primary keys of both ends of each relation.
Edges = Sequence[tuple[int, int]]

KEPT = 16


@dataclass(frozen=True)
class _Joined:
    """What edges connect for one reader: `shown` are those at either end that the reader sees, each in
    one of the groups, whose number is its place."""

    edges: Edges
    ends: BitMap
    shown: BitMap
    groups: Sequence[Sequence[int]]
    places: Mapping[int, int]


_joined = Latest[_Joined](KEPT)
_guard = threading.Lock()
# Those of the last state of the index that was asked about.
_kept: tuple[State, Edges] | None = None


def forget() -> None:
    """Drop what is kept."""
    global _kept
    with _guard:
        _kept = None
    _joined.forget()


def groups_of(selected: Selected, wanted: BitMap) -> list[Sequence[int]]:
    """The postmortems that visible edges connect, group by group, as far as something wanted is in it;
    the largest group first. Both ends of an edge are visible to the reader: one that leads through
    a hidden postmortem is not there."""
    edges, visible = edges_of(selected.state), all_visible(selected)
    key = selected.question.unnarrowed().key_of("")
    kept = _joined.get(key)
    if kept is None or kept.edges != edges or kept.shown != visible & kept.ends:
        kept = _joined_by(edges, visible)
    _joined.keep(key, kept)
    touched = {kept.places[pk] for pk in wanted if pk in kept.places}
    found = [kept.groups[place] for place in touched]
    return sorted(found, key=lambda group: (-len(group), group[0]))


def _joined_by(edges: Edges, visible: BitMap) -> _Joined:
    ends = BitMap(chain.from_iterable(edges))
    shown = visible & ends
    beside: dict[int, list[int]] = {}
    for one, other in edges:
        if one != other and one in shown and other in shown:
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    groups: list[Sequence[int]] = []
    places: dict[int, int] = {}
    for start in beside:
        if start not in places:
            group = sorted(_reached(start, beside))
            places.update(dict.fromkeys(group, len(groups)))
            groups.append(group)
    return _Joined(edges, ends, shown, groups, places)


def _reached(start: int, beside: Mapping[int, Iterable[int]]) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        fresh = set(beside[waiting.pop()]) - found
        found |= fresh
        waiting += fresh
    return found


def edges_of(state: State) -> Edges:
    """Both ends of every same defect, whoever may see them. One statement, two after a save, none for
    a state that was asked about before."""
    global _kept
    with _guard:
        kept = _kept
    if kept and kept[0] == state:
        return kept[1]
    changed = states.changed_between(kept[0], state) if kept else None
    found = _rows() if kept is None or changed is None else _carried(kept[1], set(changed))
    # In one order always, so that it can be told whether anything is another.
    found = sorted(found)
    with _guard:
        _kept = (state, found)
    return found


def _carried(edges: Edges, changed: Collection[int]) -> Iterable[tuple[int, int]]:
    """With those at the changed postmortems, at either end, read again."""
    refs = Postmortem.objects.filter(pk__in=changed).values("ref")
    concerned = Q(postmortem__in=changed) | Q(target_ref__in=refs)
    others = [edge for edge in edges if edge[0] not in changed and edge[1] not in changed]
    return [*others, *_rows().filter(concerned)]


def _rows() -> QuerySet[Relation, tuple[int, int]]:
    target = Postmortem.objects.filter(ref=OuterRef("target_ref")).values("pk")[:1]
    rows = Relation.objects.filter(kind=SAME_DEFECT).annotate(target=Subquery(target))
    return rows.exclude(target=None).values_list("postmortem_id", "target")
