"""Dates and lengths as they are written in a query, in the numbers and tokens that the index holds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from postmortems import durations, moments

# Durations as people sort them, each as the range that finds it: up to, but without, its upper end.
LENGTH_BUCKETS = (
    ("<15min", None, 15 * 60),
    ("15min..<1h", 15 * 60, 3_600),
    ("1h..<4h", 3_600, 4 * 3_600),
    ("4h..<1d", 4 * 3_600, 24 * 3_600),
    (">=1d", 24 * 3_600, None),
)
# From the year 1 to 1970, where computers' clocks begin.
EPOCH_MINUTES = 62_135_596_800 // 60
BARE_NUMBER = re.compile(r"\d{1,9}")
YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?", re.ASCII)
# The first and the last month that a start can lie in, counted from the year 0.
EARLIEST, LATEST = moments.YEARS.start * 12, moments.YEARS.stop * 12 - 1


@dataclass(frozen=True, slots=True)
class Months:
    """Whole months from `first` to `last`, both included, counted from the year 0; `low` and `high`
    are the ends as written, empty where open."""

    first: int
    last: int
    low: str = ""
    high: str = ""

    def __contains__(self, other: "Months") -> bool:
        return self.first <= other.first and other.last <= self.last

    def tokens(self) -> Iterator[str]:
        """What the index calls the years and months that lie wholly inside. A start that is known
        to the year alone has no month, so only a whole year finds it."""
        for year in range(self.first // 12, self.last // 12 + 1):
            if self.first <= year * 12 and year * 12 + 11 <= self.last:
                yield f"{year:04}"
            else:
                first, last = max(self.first, year * 12), min(self.last, year * 12 + 11)
                yield from (f"{year:04}-{month % 12 + 1:02}" for month in range(first, last + 1))


def minutes(instant: datetime) -> int:
    """Minutes since the year 1, so that every date is a positive number."""
    return int(instant.timestamp()) // 60 + EPOCH_MINUTES


def instant_span(text: str) -> tuple[int, int] | None:
    """The first minute of a date as written (`2023`, `2023-03`, `2023-03-14`) and the one after its last."""
    if not text:
        return None
    try:
        span = moments.span(moments.parse_moment(text.replace("T", " ").replace("/", "-")))
    except ValueError:
        return None
    if span is None or span[0] is None or span[1] is None:
        return None
    start = minutes(span[0])
    return start, max(start + 1, minutes(span[1]) + 1)


def months_of(text: str) -> Months | None:
    """The months of `2023`, `2023-03`, or a range of these (`2021..2023-06`, `2021..`, `..2023`)."""
    low, dots, high = text.strip().partition("..")
    return months_between(low, high if dots else low)


def months_between(low: str, high: str, *, strict: bool = False) -> Months | None:
    """The months from one year or month to another, either end open, in whichever order they are
    given; `strict` leaves the upper end out, or the only one. None for what is neither."""
    first, last = _month_span(low), _month_span(high)
    if (low and not first) or (high and not last) or not (first or last):
        return None
    if first and last and first[0] > last[1]:
        first, last, low, high = last, first, high, low
    start, end = EARLIEST, LATEST
    if first:
        start = first[1] + 1 if strict and not last else first[0]
    if last:
        end = last[0] - 1 if strict else last[1]
    return Months(max(start, EARLIEST), min(end, LATEST), low, high)


def _month_span(text: str) -> tuple[int, int] | None:
    match = YEAR_OR_MONTH.fullmatch(text)
    if match is None:
        return None
    year, month = int(match[1]) * 12, match[2]
    return (year + int(month) - 1,) * 2 if month else (year, year + 11)


def seconds_of(text: str) -> int | None:
    """The seconds of a duration as written (`4h`, `90min`, `1d 2h`); a bare number is minutes."""
    if not text:
        return None
    try:
        spaced = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", text.strip().lower())
        if BARE_NUMBER.fullmatch(spaced):
            spaced = f"{spaced} min"
        return durations.parse_duration(spaced).seconds
    except ValueError:
        return None


def buckets_of(length: durations.Duration | None) -> Iterator[str]:
    """The buckets that a duration is counted in: `bounded` for a mere bound, and, only where the
    bound decides it, the range as well; `unknown` without one."""
    if length is None:
        yield "unknown"
        return
    if length.kind in ("at-most", "at-least"):
        yield "bounded"
    for value, low, high in LENGTH_BUCKETS:
        if _lies_in(length, low, high):
            yield value


def _lies_in(length: durations.Duration, low: int | None, high: int | None) -> bool:
    """Whether a duration certainly lies in [low, high)."""
    if length.kind == "at-most":
        return low is None and high is not None and length.seconds <= high
    if length.kind == "at-least":
        return high is None and low is not None and length.seconds >= low
    return (low is None or length.seconds >= low) and (high is None or length.seconds < high)
