"""Dates and lengths as they are written in a query, in the numbers that the index holds."""

import re
from collections.abc import Iterator
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
EPOCH_MINUTES = 62_135_596_800 // 60
BARE_NUMBER = re.compile(r"\d{1,9}")


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
