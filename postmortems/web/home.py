"""The cards beside the home page: what keeps coming back, what happened around this day, what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from postmortems.models import Postmortem, User
from postmortems.moments import Moment
from postmortems.search import FacetValue, Results
from postmortems.templatetags.title_tags import title_here

CARD_SIZE = 3
DAYS_AROUND = 3


@dataclass(frozen=True)
class RecurringCause:
    """A cause that several postmortems share."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class CardItem:
    """A postmortem on a card."""

    title: str
    language: str
    url: str
    started: Moment
    published_at: datetime | None


@dataclass(frozen=True)
class Rail:
    """The three cards; an empty one is not shown."""

    recurring: list[RecurringCause]
    around_this_day: list[CardItem]
    newest: list[CardItem]


def rail_of(results: Results, viewer: User | AnonymousUser) -> Rail:
    """The cards for what the viewer may see."""
    visible = Postmortem.objects.visible_to(viewer).published()
    return Rail(
        recurring=recurring_causes(results),
        around_this_day=_items(around(visible, timezone.now().date())),
        newest=_items(visible.order_by("-published_at", "ref")[:CARD_SIZE]),
    )


def recurring_causes(results: Results) -> list[RecurringCause]:
    """The narrowest causes that at least two postmortems share, the most frequent first."""
    causes = next((facet.values for facet in results.facets if facet.slug == "cause"), ())
    leaves = sorted(_leaves(causes), key=lambda value: -value.count)
    return [
        RecurringCause(value.label, value.count, value.toggle_url)
        for value in leaves[:CARD_SIZE]
        if value.count > 1
    ]


def _leaves(values: Iterable[FacetValue]) -> Iterable[FacetValue]:
    for value in values:
        if value.children:
            yield from _leaves(value.children)
        else:
            yield value


def around(visible: QuerySet[Postmortem], today: date) -> list[Postmortem]:
    """Those that started within three days of this day, in any year, known to the day."""
    days = [today + timedelta(days=offset) for offset in range(-DAYS_AROUND, DAYS_AROUND + 1)]
    # Month and day stand in a column of their own: no database compares them across years by index.
    found = visible.filter(started_day__in=[f"{day:%m-%d}" for day in days])
    return list(found.order_by("-published_at", "ref")[:CARD_SIZE])


def _items(postmortems: Iterable[Postmortem]) -> list[CardItem]:
    return [_item(postmortem) for postmortem in postmortems]


def _item(postmortem: Postmortem) -> CardItem:
    title, language = title_here(postmortem)
    return CardItem(
        title=title,
        language=language,
        url=postmortem.get_absolute_url(),
        started=Moment(**postmortem.moments.get("started", {})),
        published_at=postmortem.published_at,
    )
