"""How long from one moment to a later one: a range as honest as the two are known. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from postmortems.durations import between
from postmortems.moments import Moment, precision, span

DAY = 86_400
# From here on days say less than months, and months less than years.
MANY_DAYS = 62
MANY_MONTHS = 36
TO_THE_DAY = ("day", "hour", "minute", "exact")


@dataclass(frozen=True, slots=True)
class Interval:
    """From `shortest` to `longest` seconds; None is an end that nobody knows.

    `low` and `high` say the same in whole units (`second`, `day`, `month` or `year`), rounded
    outwards, so that the truth lies within. `is_about` where one of the moments is approximate.
    """

    shortest: int | None
    longest: int | None
    unit: str
    low: int | None
    high: int | None
    is_about: bool = False


def interval_between(earlier: Moment, later: Moment) -> Interval | None:
    """How long from `earlier` to `later`; None where nothing is known, or `later` was before.

    Exact to the second for less than three days between two times known to the minute, in whole
    days between two days, else a range: September to March are five to seven months.
    """
    is_about = earlier.approximate or later.approximate
    exact = between(earlier, later)
    if exact is not None and exact.seconds < 3 * DAY:
        return Interval(
            exact.seconds, exact.seconds, "second", exact.seconds, exact.seconds, is_about
        )
    days = _days_between(earlier, later)
    if days is not None:
        return None if days < 0 else Interval(days * DAY, days * DAY, "day", days, days, is_about)
    return _range(earlier, later, is_about)


def whole_units(start: datetime, end: datetime) -> tuple[str, int]:
    """The largest unit of the calendar that says how long from one to the other, and how many whole
    ones: 45 days, 5 months, 4 years. For what the site itself recorded, so that both are exact."""
    unit = _unit(start, end)
    return unit, COUNTS[unit](start, end)


def order_of(moment: Moment) -> tuple[bool, float, bool]:
    """What moments are sorted by, the first first; unknown ones come last. A moment that is only
    bounded stands at its bound."""
    start, end = span(moment) or (None, None)
    edge = start or end
    return edge is None, edge.timestamp() if edge else 0.0, start is None


def _days_between(earlier: Moment, later: Moment) -> int | None:
    """The days of the calendar from one day to another, where both are known and read alike."""
    known = precision(earlier) in TO_THE_DAY and precision(later) in TO_THE_DAY
    if not known or (earlier.zone and later.zone and earlier.zone != later.zone):
        return None
    return (date.fromisoformat(later.date) - date.fromisoformat(earlier.date)).days


def _range(earlier: Moment, later: Moment, is_about: bool) -> Interval | None:
    first, last = span(earlier) or (None, None), span(later) or (None, None)
    if first[0] and last[1] and last[1] < first[0]:
        return None
    nearest = (first[1], last[0]) if first[1] and last[0] and first[1] < last[0] else None
    farthest = (first[0], last[1]) if first[0] and last[1] else None
    ends = farthest or nearest
    if ends is None:
        return None
    unit = _unit(*ends)
    count = COUNTS[unit]
    return Interval(
        _seconds(nearest),
        _seconds(farthest),
        unit,
        count(*nearest) if nearest else None,
        # The end of a range is within its unit: what is begun counts whole.
        count(*farthest) + 1 if farthest else None,
        is_about,
    )


def _seconds(ends: tuple[datetime, datetime] | None) -> int | None:
    return int((ends[1] - ends[0]).total_seconds()) if ends else None


def _unit(start: datetime, end: datetime) -> str:
    if (end - start).days < MANY_DAYS:
        return "day"
    return "month" if _months(start, end) < MANY_MONTHS else "year"


def _days(start: datetime, end: datetime) -> int:
    return (end - start).days


def _months(start: datetime, end: datetime) -> int:
    """The whole months of the calendar."""
    months = 12 * (end.year - start.year) + end.month - start.month
    return months - (_within_month(end) < _within_month(start))


def _within_month(at: datetime) -> timedelta:
    """How far into its month it is; the last day of a short one is as far as that of a long one."""
    is_last = (at + timedelta(days=1)).month != at.month
    day = 31 if is_last else at.day
    return timedelta(days=day, hours=at.hour, minutes=at.minute, seconds=at.second)


def _years(start: datetime, end: datetime) -> int:
    return _months(start, end) // 12


COUNTS: dict[str, Callable[[datetime, datetime], int]] = {
    "day": _days,
    "month": _months,
    "year": _years,
}
