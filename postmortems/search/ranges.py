"""Dates and lengths as they are written in a query, in the numbers that the index holds."""

import re
from datetime import datetime

from postmortems import durations, moments

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
