"""Sets of actions that people have a word for, as far as a viewer sees them; page, file and API list them alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from postmortems.access import Viewer
from postmortems.actions.returning import happened_again
from postmortems.document import STILL_OPEN, UNDONE
from postmortems.due import due_soon, overdue
from postmortems.models import Action, Classification, Confirmation, Postmortem
from taxonomy import lookup

# Whether these still hold is a question; nobody can confirm what nobody knows.
CONFIRMABLE = STILL_OPEN
STALE = timedelta(days=90)
# Nobody reads further, and putting them in order of what came back looks at each of them.
MOST = 5_000
AT_ONCE = 500

Actions = QuerySet[Action]


def seen_by(viewer: Viewer) -> Actions:
    """All actions of the postmortems that the viewer sees, but for archived ones, each with
    `confirmed_at` and `came_back`."""
    archived = Postmortem.Status.ARCHIVED
    visible = Postmortem.objects.visible_to(viewer).exclude(status=archived)
    seen = visible.filter(pk=OuterRef("postmortem"))
    kept = Confirmation.objects.filter(
        postmortem=OuterRef("postmortem"), key=OuterRef("key"), status=OuterRef("status")
    )
    rows = Action.objects.filter(Exists(seen)).select_related("postmortem__team")
    rows = rows.annotate(confirmed_at=Subquery(kept.values("confirmed_at")))
    return happened_again(rows, viewer)


def without_date() -> Q:
    """Those that are to be done on no day in particular."""
    return Q(status__in=CONFIRMABLE, due="")


def unconfirmed(now: datetime) -> Q:
    """Those whose status nobody has set or confirmed for long, or ever."""
    is_old = Q(confirmed_at=None) | Q(confirmed_at__lt=now - STALE)
    return Q(status__in=CONFIRMABLE) & is_old


def came_back(action: Action) -> bool:
    """Whether what an action of `seen_by` was about has happened again since."""
    return bool(getattr(action, "came_back", False))


def confirmed_at(action: Action) -> datetime | None:
    """When the status of an action of `seen_by` was last set or confirmed, as far as that is known."""
    at: datetime | None = getattr(action, "confirmed_at", None)
    return at


def is_unconfirmed(action: Action, now: datetime) -> bool:
    """Whether one action of `seen_by` is among `unconfirmed`."""
    return is_stale(action.status, confirmed_at(action), now)


def is_stale(status: str, at: datetime | None, now: datetime) -> bool:
    """Whether a status that was set or confirmed then should be looked at again."""
    return status in CONFIRMABLE and (at is None or at < now - STALE)


def about_cause(text: str) -> Q:
    """Those of postmortems with a cause, or one below it; none where no cause is called that."""
    terms = lookup.current()
    found = [term.id for top in terms.resolve("cause", text) for term in terms.under(top)]
    uses = Classification.objects.filter(postmortem=OuterRef("postmortem"), term__in=found)
    return Q(Exists(uses)) if found else Q(pk__in=())


def by_day(rows: Actions, *, is_last_first: bool = False) -> Actions:
    """By the day they are due; those without one come last."""
    return rows.order_by(
        _has_none(), "-due" if is_last_first else "due", "postmortem__ref", "position"
    )


def by_attention(rows: Actions) -> Actions:
    """What has come back since, then overdue, due soon, open, unknown; what is over comes last."""
    today = timezone.localdate()
    rank = Case(
        When(~Q(status__in=UNDONE), then=Value(5)),
        When(came_back=True, then=Value(0)),
        When(overdue(today), then=Value(1)),
        When(due_soon(today), then=Value(2)),
        When(status__in=CONFIRMABLE, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, _has_none(), "due", "postmortem", "position")


@dataclass(frozen=True)
class Listing:
    """Actions in the order in which they are shown; `count` goes no further than MOST."""

    rows: Actions
    count: int
    is_more: bool

    def page(self, start: int, size: int) -> list[Action]:
        """Some of them. Of more than MOST those with a day come first, read along the index."""
        keys = self._keys(start, size)
        # What stands beside an action is only looked up for those that are shown.
        found = {action.pk: action for action in self.rows.filter(pk__in=keys).order_by()}
        return [found[key] for key in keys if key in found]

    def _keys(self, start: int, size: int) -> list[int]:
        if not self.is_more:
            return list(by_attention(self.rows).values_list("pk", flat=True)[start : start + size])
        dated, undated = (rows.values_list("pk", flat=True) for rows in _in_two(self.rows))
        shown = list(dated[start : start + size])
        if len(shown) == size:
            return shown
        skipped = 0 if shown else max(start - dated.count(), 0)
        return [*shown, *undated[skipped : skipped + size - len(shown)]]

    def all(self) -> Iterator[Action]:
        """Every one of them, however many there are, in the same order."""
        if not self.is_more:
            return by_attention(self.rows).iterator(chunk_size=AT_ONCE)
        return chain.from_iterable(rows.iterator(chunk_size=AT_ONCE) for rows in _in_two(self.rows))


def listing_of(rows: Actions) -> Listing:
    """The actions in the order of what needs looking at most."""
    count = _counted(rows)
    return Listing(rows, min(count, MOST), count > MOST)


def counted(rows: Actions) -> tuple[int, bool]:
    """How many there are up to MOST, and whether there are more."""
    count = _counted(rows)
    return min(count, MOST), count > MOST


def _counted(rows: Actions) -> int:
    return rows.order_by().values("pk")[: MOST + 1].count()


def _in_two(rows: Actions) -> tuple[Actions, Actions]:
    order = ("due", "postmortem", "position")
    return rows.exclude(due="").order_by(*order), rows.filter(due="").order_by(*order)


def _has_none() -> Case:
    return Case(When(due="", then=Value(1)), default=Value(0), output_field=IntegerField())
