"""Whether what an action was about has happened again since: the same narrow root cause, or the same defect.

Later means that the one began on a later day than the other can have: a start that is not known
enough is not later than anything.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Concat, Substr

from postmortems.access import Viewer
from postmortems.document import CONTRIBUTING, SAME_DEFECT
from postmortems.models import Action, Classification, Postmortem, Relation
from postmortems.search.occurrences import last_starts, narrow_causes
from taxonomy import lookup

DAY = len("2023-03-14")


def happened_again(rows: QuerySet[Action], viewer: Viewer) -> QuerySet[Action]:
    """The same actions, each with `came_back`, as far as the viewer sees what happened."""
    last = last_causes(viewer)
    again = _again_by_defect(viewer)
    if last:
        again |= Q(_again_by_cause(last))
    return rows.alias(_until=_last_day("postmortem__moments")).annotate(
        came_back=ExpressionWrapper(again, output_field=BooleanField())
    )


def last_causes(viewer: Viewer) -> Mapping[int, date]:
    """On which day each of the narrowest causes last began to make itself felt, by the id of its term."""
    return last_starts([term.id for term in narrow_causes(lookup.current())], viewer)


def root_causes(term_ids: Iterable[int]) -> QuerySet[Classification]:
    """The uses of these terms as what set it off in the end, not as what only contributed."""
    return Classification.objects.filter(term__in=list(term_ids)).exclude(role=CONTRIBUTING)


def later_by_defect(
    postmortems: Iterable[Postmortem], viewer: Viewer
) -> dict[int, tuple[str, ...]]:
    """Which others that the viewer sees are the same defect and began later, by the id of each: their
    refs. A few statements however many they are."""
    ids = {postmortem.ref: postmortem.pk for postmortem in postmortems}
    same = Relation.objects.filter(kind=SAME_DEFECT)
    told = same.filter(postmortem__in=ids.values()).values_list("postmortem", "target_ref")
    telling = same.filter(target_ref__in=ids).values_list("target_ref", "postmortem__ref")
    pairs = {*told, *((ids[ref], other) for ref, other in telling)}
    ended = Postmortem.objects.filter(pk__in=ids.values()).annotate(day=_last_day("moments"))
    until = dict(ended.values_list("pk", "day"))
    others = _current(viewer).filter(ref__in={other for _pk, other in pairs})
    began = dict(others.annotate(day=_first_day("moments")).values_list("ref", "day"))
    found: dict[int, tuple[str, ...]] = {}
    for pk, other in sorted(pairs):
        if until[pk] and (began.get(other) or "") > until[pk]:
            found[pk] = (*found.get(pk, ()), other)
    return found


def _again_by_cause(last: Mapping[int, date]) -> Exists:
    days = [When(term_id=term_id, then=Value(str(day))) for term_id, day in last.items()]
    uses = root_causes(last).filter(postmortem=OuterRef("postmortem"))
    later = uses.alias(_last=Case(*days, output_field=CharField()))
    return Exists(later.filter(_last__gt=OuterRef("_until")))


def _again_by_defect(viewer: Viewer) -> Q:
    """The relation holds at both ends."""
    seen = _current(viewer).alias(_from=_first_day("moments"))
    until = OuterRef(OuterRef("_until"))
    told = Relation.objects.filter(kind=SAME_DEFECT, postmortem=OuterRef("postmortem"))
    telling = Relation.objects.filter(kind=SAME_DEFECT, target_ref=OuterRef("postmortem__ref"))
    named = seen.filter(ref=OuterRef("target_ref"), _from__gt=until)
    naming = seen.filter(pk=OuterRef("postmortem"), _from__gt=until)
    return Q(Exists(told.filter(Exists(named)))) | Q(Exists(telling.filter(Exists(naming))))


def _current(viewer: Viewer) -> QuerySet[Postmortem]:
    return Postmortem.objects.visible_to(viewer).exclude(status=Postmortem.Status.ARCHIVED)


def _last_day(moments: str) -> Combinable:
    """The last day that a start can mean, for comparing; none where it is open or unknown."""
    return _edge(moments, "-99-99", open_end="not-before")


def _first_day(moments: str) -> Combinable:
    return _edge(moments, "-01-01", open_end="not-after")


def _edge(moments: str, rest: str, *, open_end: str) -> Combinable:
    """`2023` and `2023-03` filled up to the form of a day, so that texts compare as days do."""
    started = KeyTransform("started", moments)
    written = KeyTextTransform("date", started)
    whole = Substr(Concat(written, Value(rest), output_field=CharField()), 1, DAY)
    unbounded = Q(**{f"{moments}__started__bound": open_end})
    return Case(
        When(unbounded, then=Value(None, output_field=CharField())),
        When(**{f"{moments}__started__has_key": "date"}, then=whole),
        default=Value(None, output_field=CharField()),
        output_field=CharField(),
    )
