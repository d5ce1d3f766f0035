"""Which postmortems are the same defect, as the rows say it: kept, and carried along when the index moves on."""

import threading
from collections.abc import Collection, Sequence

from django.db.models import OuterRef, Q, QuerySet, Subquery

from postmortems.document import SAME_DEFECT
from postmortems.models import Postmortem, Relation
from postmortems.search import states
from postmortems.search.states import State

# The primary keys of both ends of each relation.
Edges = Sequence[tuple[int, int]]

_guard = threading.Lock()
# Those of the last state of the index that was asked about.
_kept: tuple[State, Edges] | None = None


def forget() -> None:
    """Drop what is kept."""
    global _kept
    with _guard:
        _kept = None


def edges_of(state: State) -> Edges:
    """Both ends of every same defect, whoever may see them. One statement, two after a save, none for
    a state that was asked about before."""
    global _kept
    with _guard:
        kept = _kept
    if kept and kept[0] == state:
        return kept[1]
    changed = states.changed_between(kept[0], state) if kept else None
    found = list(_rows()) if kept is None or changed is None else _carried(kept[1], set(changed))
    with _guard:
        _kept = (state, found)
    return found


def _carried(edges: Edges, changed: Collection[int]) -> Edges:
    """With those at the changed postmortems, at either end, read again."""
    refs = Postmortem.objects.filter(pk__in=changed).values("ref")
    concerned = Q(postmortem__in=changed) | Q(target_ref__in=refs)
    others = [edge for edge in edges if edge[0] not in changed and edge[1] not in changed]
    return [*others, *_rows().filter(concerned)]


def _rows() -> QuerySet[Relation, tuple[int, int]]:
    target = Postmortem.objects.filter(ref=OuterRef("target_ref")).values("pk")[:1]
    rows = Relation.objects.filter(kind=SAME_DEFECT).annotate(target=Subquery(target))
    return rows.exclude(target=None).values_list("postmortem_id", "target")
