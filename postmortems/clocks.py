"""When things were, as far as clocks tell: entries and moments placed so that they can be compared. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from postmortems.document import MOMENTS, Document, TimelineEntry
from postmortems.moments import Moment, zone_of

# Clock times of an unnamed day stand on this one and the days after it.
NO_DAY = date(2000, 1, 1)
FULL_DATE = len("2023-03-14")
FIRST, LAST = datetime.fromisoformat("1800-01-01"), datetime.fromisoformat("2400-01-01")
HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Place:
    """A reading of a clock: `at` without zone as the clock of `zone` shows it.

    `has_day` is false for a time of an unnamed day. `is_derived`: counted from another entry.
    """

    at: datetime
    zone: str = ""
    has_day: bool = True
    is_derived: bool = False
    approximate: bool = False
    bound: str = ""

    @property
    def instant(self) -> datetime | None:
        """The UTC instant, when day and zone are known."""
        zone = zone_of(self.zone) if self.zone and self.has_day else None
        return self.at.replace(tzinfo=zone).astimezone(UTC) if zone else None

    def reading(self) -> Moment:
        """What the clock shows, as a moment; without a date for an unnamed day."""
        return Moment(
            date=f"{self.at:%Y-%m-%d}" if self.has_day else "",
            time=f"{self.at:%H:%M:%S}" if self.at.second else f"{self.at:%H:%M}",
            zone=self.zone,
            approximate=self.approximate,
            bound=self.bound,
        )


@dataclass(frozen=True, slots=True)
class Places:
    """Where the timeline's entries (by id) and the four moments (by name) stand; others have no clock time."""

    entries: dict[str, Place] = field(default_factory=dict)
    moments: dict[str, Place] = field(default_factory=dict)


def places_of(document: Document) -> Places:
    """All places of a document; what counts from another entry is counted."""
    entries = _placed_entries(document.timeline)
    moments = {name: _place(getattr(document, name), entries) for name in MOMENTS}
    return Places(entries, {name: place for name, place in moments.items() if place})


def seconds_between(first: Place, last: Place) -> float | None:
    """How many seconds later the last is; None for a known day against an unnamed one."""
    if first.has_day != last.has_day:
        return None
    start, end = first.instant, last.instant
    if start is None or end is None:
        return (last.at - first.at).total_seconds()
    return (end - start).total_seconds()


def in_zone(place: Place, zone: str) -> Place:
    """The same instant on another zone's clock; unchanged where the instant is not known."""
    instant, target = place.instant, zone_of(zone)
    if instant is None or target is None:
        return place
    return replace(place, at=_on_clock(instant, target), zone=zone)


def _on_clock(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def later(place: Place, seconds: float) -> Place:
    """The place that many seconds after another, on the same clock."""
    instant, zone = place.instant, zone_of(place.zone) if place.zone else None
    delta = timedelta(seconds=seconds)
    at = _on_clock(instant + delta, zone) if instant and zone else place.at + delta
    return replace(place, at=at, is_derived=True)


def _placed_entries(timeline: Iterable[TimelineEntry]) -> dict[str, Place]:
    timeline = tuple(timeline)
    placed: dict[str, Place] = {}
    latest: datetime | None = None
    for entry in timeline:
        place = _own_place(entry.when)
        if place and not place.has_day:
            place = _after_midnight(place, latest)
            latest = place.at
        if place:
            placed[entry.id] = place
    return _with_relative(timeline, placed)


def _after_midnight(place: Place, latest: datetime | None) -> Place:
    """A clock of an unnamed day that seems to run back by half a day has passed midnight."""
    at = place.at
    while latest and latest - at > HALF_A_DAY:
        at += timedelta(days=1)
    return replace(place, at=at)


def _with_relative(
    timeline: tuple[TimelineEntry, ...], placed: dict[str, Place]
) -> dict[str, Place]:
    """Adds the entries counted from others; in circles nothing can be counted."""
    by_id = {entry.id: entry for entry in timeline}
    seen: set[str] = set()
    for entry in timeline:
        chain: list[TimelineEntry] = []
        link: TimelineEntry | None = entry
        while link and link.id not in placed and link.id not in seen:
            seen.add(link.id)
            chain.append(link)
            link = by_id.get(link.when.after)
        for link in reversed(chain):
            if place := _place(link.when, placed):
                placed[link.id] = place
    return placed


def _place(moment: Moment, entries: dict[str, Place]) -> Place | None:
    if not moment.after or moment.minutes is None:
        return _own_place(moment)
    base = entries.get(moment.after)
    if base is None:
        return None
    # Minutes may add up to any number of years; no clock shows those.
    shift = timedelta(minutes=moment.minutes)
    if not (FIRST <= base.at + shift <= LAST):
        return None
    place = later(base, shift.total_seconds())
    return replace(
        place, approximate=base.approximate or moment.approximate, bound=moment.bound or base.bound
    )


def _own_place(moment: Moment) -> Place | None:
    if not moment.time or (moment.date and len(moment.date) != FULL_DATE):
        return None
    day = date.fromisoformat(moment.date) if moment.date else NO_DAY
    hour, minute, second = (*map(int, moment.time.split(":")), 0, 0)[:3]
    return Place(
        at=datetime.combine(day, time(hour, minute, second)),
        zone=moment.zone,
        has_day=bool(moment.date),
        approximate=moment.approximate,
        bound=moment.bound,
    )
