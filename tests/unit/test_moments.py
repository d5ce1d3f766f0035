"""What is known of a moment: precision, instant, span and problems."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from postmortems.moments import (
    PRECISIONS,
    UNKNOWN,
    Moment,
    instant,
    parse_moment,
    precision,
    problems,
    span,
)
from tests.strategies import valid_moments


def at(text: str | None) -> datetime | None:
    """`2023-03-14 19:00:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


# notation, precision, earliest, latest
SPANS = [
    ("2023", "year", "2023-01-01 00:00:00", "2023-12-31 23:59:59"),
    ("2024-02", "month", "2024-02-01 00:00:00", "2024-02-29 23:59:59"),
    ("2023-03-14", "day", "2023-03-14 00:00:00", "2023-03-14 23:59:59"),
    ("~2023-03-14", "day", "2023-03-14 00:00:00", "2023-03-14 23:59:59"),
    ("2023-03-14 19 UTC", "hour", "2023-03-14 19:00:00", "2023-03-14 19:59:59"),
    ("2023-03-14 19:00 UTC", "minute", "2023-03-14 19:00:00", "2023-03-14 19:00:59"),
    ("2023-03-14 19:04:49 UTC", "exact", "2023-03-14 19:04:49", "2023-03-14 19:04:49"),
    ("~2023-03-14 19:00 UTC", "hour", "2023-03-14 19:00:00", "2023-03-14 19:00:59"),
    ("~2023-03-14 19:04:49 UTC", "hour", "2023-03-14 19:04:49", "2023-03-14 19:04:49"),
    ("2023-03-14 19:00 +05:45", "minute", "2023-03-14 13:15:00", "2023-03-14 13:15:59"),
    ("2018-09-14 21:06 EST", "minute", "2018-09-15 02:06:00", "2018-09-15 02:06:59"),
    ("2023-07-01 12:00 Europe/Berlin", "minute", "2023-07-01 10:00:00", "2023-07-01 10:00:59"),
    ("2023-03-14 19:00", "minute", "2023-03-14 19:00:00", "2023-03-14 19:00:59"),
    ("≤ 2023-09", "bound", None, "2023-09-30 23:59:59"),
    ("≥ 2023-09", "bound", "2023-09-01 00:00:00", None),
    ("≤ 2023-09-11 10:00 +02:00", "bound", None, "2023-09-11 08:00:59"),
    ("2023-03-14 after t1 + 3 min", "day", "2023-03-14 00:00:00", "2023-03-14 23:59:59"),
    # The hour that Berlin's clocks repeat, and the one that they skip.
    ("2023-10-29 02:30 Europe/Berlin", "minute", "2023-10-29 00:30:00", "2023-10-29 01:30:59"),
    ("2023-03-26 02:30 Europe/Berlin", "minute", "2023-03-26 00:30:59", "2023-03-26 01:30:00"),
]

WITHOUT_SPAN = ["", "(years before)", "20:30", "≥ 20:30", "after t1", "~after t1 + 3 min"]

WITHOUT_INSTANT = [
    *WITHOUT_SPAN,
    "2023",
    "2023-03",
    "2023-03-14",
    "2023-03-14 19 UTC",
    "2023-03-14 19:00",
    "≤ 2023-03-14 19:00 UTC",
]

PROBLEMS = [
    (Moment("2023-02-30"), "is not a date"),
    (Moment("23"), "is not a date"),
    (Moment("2023-03-14", "7:00"), "is not a time of day"),
    (Moment("2023-03-14", "19:00:60"), "is not a time of day"),
    (Moment("2023", "19:00"), "needs a full date"),
    (Moment("2023-03-14", "19:00", "CEST"), "is not a known zone"),
    (Moment("2023-03-14", "19:00", "europe/berlin"), "is not a known zone"),
    (Moment("2023-03-14", zone="UTC"), "needs a time"),
    (Moment(approximate=True), "can be approximate"),
    (Moment("2023", bound="before"), "is not a bound"),
    (Moment(bound="not-after"), "A bound needs"),
    (Moment(minutes=3), "Minutes need the timeline entry"),
    (Moment(after="t1", minutes=10**12), "at most"),
    (Moment(after="t 1"), "is not the id"),
    (Moment(text="x" * 301), "at most 300 characters"),
    (Moment(text=" x"), "one line"),
    (Moment(text="a\u2028b"), "one line"),
]


@pytest.mark.parametrize(("text", "expected", "earliest", "latest"), SPANS)
def test_precision_and_span(text, expected, earliest, latest):
    moment = parse_moment(text)

    assert precision(moment) == expected
    assert span(moment) == (at(earliest), at(latest))


@pytest.mark.parametrize("text", WITHOUT_SPAN)
def test_without_a_date_nothing_is_known(text):
    moment = parse_moment(text)

    assert precision(moment) == "unknown"
    assert span(moment) is None


@pytest.mark.parametrize("text", WITHOUT_INSTANT)
def test_an_instant_needs_date_time_and_zone(text):
    assert instant(parse_moment(text)) is None


def test_an_instant_is_in_utc():
    moment = parse_moment("~2021-08-25 15:30 America/New_York")

    assert instant(moment) == at("2021-08-25 19:30:00")
    assert instant(moment).tzinfo is UTC


@pytest.mark.parametrize(("moment", "reason"), PROBLEMS)
def test_problems_say_what_is_wrong(moment, reason):
    assert any(reason in problem for problem in problems(moment))
    assert span(moment) is None
    assert instant(moment) is None


def test_the_unknown_moment_is_valid():
    assert problems(UNKNOWN) == []


@given(valid_moments())
def test_span_and_precision_agree(moment):
    spread = span(moment)

    assert precision(moment) in PRECISIONS
    assert (spread is None) == (precision(moment) == "unknown")
    assert spread is None or None in spread or spread[0] <= spread[1]
    assert instant(moment) in (None, *(spread or ()))
