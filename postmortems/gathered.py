"""What the postmortems with a term have taught and left to do, gathered: lessons, open actions, first and last."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet

from postmortems.access import Viewer
from postmortems.models import Action, Classification, Lesson, Postmortem
from postmortems.search import Hit
from postmortems.search.few import Wanted, few
from taxonomy.lookup import TermInfo, Terms

# Neither done nor given up; of what nobody recorded nobody knows that it was done.
OPEN = ("proposed", "open", "unknown")
SHOWN = 5

Item = TypeVar("Item", Lesson, Action)


@dataclass(frozen=True)
class Gathered:
    """What stands on the page of a term: the newest lessons and open actions, each with the hit that
    it is from, and how many there are; the first and the last postmortem whose start is known."""

    first: Hit | None
    last: Hit | None
    lessons: tuple[tuple[Lesson, Hit], ...]
    lesson_count: int
    actions: tuple[tuple[Action, Hit], ...]
    action_count: int


def gathered_of(term: TermInfo, terms: Terms, viewer: Viewer, language: str = "en") -> Gathered:
    """All of it as the viewer may see it, of the postmortems that a search for the term finds."""
    wanted = (
        Wanted(1, is_oldest=True, is_dated=True),
        Wanted(1, is_dated=True),
        Wanted(SHOWN, "has", ("lesson",)),
        Wanted(SHOWN, "action", OPEN),
    )
    found = few(f"{term.vocabulary}:{term.path}", wanted, viewer, language=language)
    oldest, newest, taught, undone = found
    # Archived ones stay out of searches, and so out of what is gathered.
    visible = Postmortem.objects.visible_to(viewer).exclude(status=Postmortem.Status.ARCHIVED)
    stands_for = terms.ids_under(term)
    uses = Classification.objects.filter(postmortem=OuterRef("pk"), term__in=stands_for)
    keys = visible.filter(Exists(uses)).values("pk")
    lessons = Lesson.objects.filter(postmortem__in=keys)
    actions = Action.objects.filter(postmortem__in=keys, status__in=OPEN)
    return Gathered(
        first=next(iter(oldest), None),
        last=next(iter(newest), None),
        lessons=_newest(Lesson.objects.all(), taught),
        lesson_count=lessons.count(),
        actions=_newest(Action.objects.filter(status__in=OPEN), undone),
        action_count=actions.count(),
    )


def _newest(rows: QuerySet[Item], hits: tuple[Hit, ...]) -> tuple[tuple[Item, Hit], ...]:
    """The first few of the hits' rows, in the order of the hits."""
    place = {hit.ref: number for number, hit in enumerate(hits)}
    named = rows.filter(postmortem__ref__in=list(place)).annotate(ref=F("postmortem__ref"))
    in_order = sorted(named, key=lambda row: (place[row.ref], row.position))
    return tuple((row, hits[place[row.ref]]) for row in in_order[:SHOWN])
