"""The cards beside the home page: news in what one follows, what keeps coming back, this day, what is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone

from postmortems import following
from postmortems.models import Postmortem, User
from postmortems.moments import Moment
from postmortems.search import FacetValue, Results
from postmortems.templatetags.title_tags import title_here
from postmortems.web.following import NewsRow, rows_of

CARD_SIZE = 3
DAYS_AROUND = 3
BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)
SHOWN = ("ref", "slug", "title", "language", "translations", "moments", "published_at")


@dataclass(frozen=True)
class RecurringCause:
    """A cause that several postmortems share."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class CardItem:
    """A postmortem on a card."""

    ref: str
    title: str
    language: str
    url: str
    started: Moment
    published_at: datetime | None


@dataclass(frozen=True)
class Rail:
    """The cards; an empty one is not shown. `followed` are the first of `followed_count` news in
    what the reader follows."""

    followed: list[NewsRow]
    followed_count: int
    recurring: list[RecurringCause]
    around_this_day: list[CardItem]
    newest: list[CardItem]


def rail_of(results: Results, viewer: User | AnonymousUser) -> Rail:
    """The cards for what the viewer may see."""
    visible = Postmortem.objects.visible_to(viewer).published()
    news = following.news_of(viewer, results.terms)
    return Rail(
        followed=rows_of(news[:CARD_SIZE], results.terms) if news else [],
        followed_count=len(news),
        recurring=recurring_causes(results),
        around_this_day=_items(around(visible, timezone.now().date())),
        newest=_items(latest(visible)),
    )


def refs_of(rail: Rail) -> list[str]:
    """The postmortems that stand on cards which do not say themselves that they are new."""
    return [item.ref for item in (*rail.around_this_day, *rail.newest)]


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


def around(visible: QuerySet[Postmortem], today: date) -> QuerySet[Postmortem]:
    """Those that started within three days of this day, in any year, known to the day."""
    days = [today + timedelta(days=offset) for offset in range(-DAYS_AROUND, DAYS_AROUND + 1)]
    # Month and day stand in a column of their own: no database compares them across years by index.
    found = visible.filter(started_day__in=[f"{day:%m-%d}" for day in days])
    # Which the last few are is told from that index alone; of all the others no row is read.
    chosen = found.order_by("-published_at", "ref").values("pk")[:CARD_SIZE]
    return Postmortem.objects.filter(pk__in=chosen).order_by("-published_at", "ref").only(*SHOWN)


def latest(visible: QuerySet[Postmortem]) -> QuerySet[Postmortem]:
    """The few that were published last."""
    # True of all that is published; it leads the database to the index that has them in this order.
    found = visible.filter(published_at__gt=BEGINNING)
    return found.order_by("-published_at", "ref").only(*SHOWN)[:CARD_SIZE]


def _items(postmortems: Iterable[Postmortem]) -> list[CardItem]:
    return [_item(postmortem) for postmortem in postmortems]


def _item(postmortem: Postmortem) -> CardItem:
    title, language = title_here(postmortem)
    return CardItem(
        ref=postmortem.ref,
        title=title,
        language=language,
        url=postmortem.get_absolute_url(),
        started=Moment(**postmortem.moments.get("started", {})),
        published_at=postmortem.published_at,
    )
