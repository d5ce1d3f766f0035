"""Durations: notation, what is derived from moments, what is impossible, and how they compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.durations import (
    KINDS,
    Duration,
    between,
    format_duration,
    impossible,
    matches,
    parse_duration,
    problems,
    resolve,
)
from postmortems.moments import parse_moment
from tests.strategies import stated_durations

H = 3600

CANONICAL = [
    ("5 h 14 min", Duration(18840)),
    ("~1 h", Duration(H, "approximate")),
    ("≤ 6 h", Duration(6 * H, "at-most")),
    ("≥ 3 d 20 h 34 min", Duration(333_240, "at-least")),
    ("34 s", Duration(34)),
    ("1 d 1 s", Duration(86_401)),
    ("0 s", Duration(0)),
]

TOLERATED = [
    ("314 min", "5 h 14 min"),
    ("81 minutes", "1 h 21 min"),
    ("5h14m", "5 h 14 min"),
    (" 4.5  Hours ", "4 h 30 min"),
    ("<=6h", "≤ 6 h"),
    (">= 1 day", "≥ 1 d"),
    ("～ ９０ min", "~1 h 30 min"),
    ("2 d 2 d", "4 d"),
]

REFUSED = ["", "6", "h", "- 3 h", "34 s 47 ms", "1 y", "0.3 s", "1 h 2", "< 6 h", "~", "60 y" * 99]


@pytest.mark.parametrize(("text", "duration"), CANONICAL)
def test_notation_and_duration_are_each_other(text, duration):
    assert parse_duration(text) == duration
    assert format_duration(duration) == text


@pytest.mark.parametrize(("text", "canonical"), TOLERATED)
def test_reading_is_generous(text, canonical):
    assert format_duration(parse_duration(text)) == canonical


@pytest.mark.parametrize("text", [*REFUSED, "9" * 150 + " d", "51 d " * 400])
def test_refusal_names_the_text_and_what_is_allowed(text):
    with pytest.raises(ValueError, match="cannot be read as a duration") as refusal:
        parse_duration(text)

    assert text[:20] in str(refusal.value)
    assert len(str(refusal.value)) < 300


@given(stated_durations())
def test_every_valid_duration_comes_back(duration):
    assert problems(duration) == []
    assert parse_duration(format_duration(duration)) == duration


# from, to, seconds or None for unknown
BETWEEN = [
    ("2023-03-08 06:03 UTC", "2023-03-08 09:13 UTC", 3 * H + 600),
    ("2023-03-08 06:03 UTC", "2023-03-08 06:03:30 UTC", 30),
    ("2018-09-14 21:06 EST", "2018-09-18 17:40 EST", 333_240),
    ("2017-10-27 14:10 Europe/London", "2017-10-27 13:12 UTC", 120),
    ("2023-10-29 01:30 Europe/Berlin", "2023-10-29 03:30 Europe/Berlin", 3 * H),
    ("2024-06-19 20:30", "2024-06-19 21:30", H),
    ("2023-03-08 06:03 UTC", "2023-03-08 06:03 UTC", 0),
    ("2023-03-08 06:03 UTC", "2023-03-08 05:00 UTC", None),
    ("2023-03-08 06:03 UTC", "2023-03-08 07:00", None),
    ("~2023-03-08 06:03 UTC", "2023-03-08 07:00 UTC", None),
    ("2023-03-08 06 UTC", "2023-03-08 07:00 UTC", None),
    ("2023-03-08", "2023-03-09", None),
    ("2023-03-08 06:03 UTC", "≤ 2023-03-08 07:00 UTC", None),
    ("06:03 UTC", "07:00 UTC", None),
    ("2023-03-08 06:03 UTC", "after t1 + 3 min", None),
    ("", "2023-03-08 06:03 UTC", None),
]


@pytest.mark.parametrize(("first", "last", "seconds"), BETWEEN)
def test_a_duration_is_derived_only_from_what_is_known(first, last, seconds):
    expected = None if seconds is None else Duration(seconds)

    assert between(parse_moment(first), parse_moment(last)) == expected
    assert resolve(None, parse_moment(first), parse_moment(last)) == expected


def test_the_stated_duration_wins():
    moments = parse_moment("2023-03-14 19:00 UTC"), parse_moment("2023-03-14 20:00 UTC")

    assert resolve(Duration(18840), *moments) == Duration(18840)
    assert resolve(Duration(0, "at-most"), *moments) == Duration(0, "at-most")


IMPOSSIBLE = [
    ("2023-03-08 06:03 UTC", "2023-03-08 06:02 UTC", True),
    ("2023-03-08 06:03 UTC", "2023-03-08 06:03 UTC", False),
    ("2023-03-08 06:03:30 UTC", "2023-03-08 06:03 UTC", False),
    ("2023-03-08 06:03 +02:00", "2023-03-08 05:00 UTC", False),
    ("2023-03-08", "2023-03-07", True),
    ("2023-03-08", "2023-03", False),
    ("2023", "2022-12-31", True),
    ("2023-03-08", "≤ 2023-03-07", True),
    ("2023-03-08", "≥ 2023-03-07", False),
    ("≤ 2023-03-08", "2023-03-01", False),
    ("≥ 2023-03-08", "2023-03-01", True),
    ("2023-03-08 02:00 UTC", "2023-03-07", False),
    ("2023-03-08 20:00 UTC", "2023-03-07", True),
    ("~2023-03-08 06:03 UTC", "2023-03-08 05:00 UTC", False),
    ("~2023-03-08 06:03 UTC", "2023-03-06 05:00 UTC", True),
    ("20:30", "20:00", False),
    ("", "", False),
]


@pytest.mark.parametrize(("started", "resolved", "expected"), IMPOSSIBLE)
def test_impossible_is_only_what_is_so_however_it_is_read(started, resolved, expected):
    assert impossible(parse_moment(started), parse_moment(resolved)) is expected


# stated, and which of < <= > >= = 4 h it answers
MATCHES = [
    ("3 h", "< <="),
    ("4 h", "<= >= ="),
    ("~4 h", "<= >= ="),
    ("5 h", "> >="),
    ("≤ 3 h", "< <="),
    ("≤ 4 h", "< <="),
    ("≤ 5 h", ""),
    ("≥ 3 h", ""),
    ("≥ 4 h", "> >="),
    ("≥ 5 h", "> >="),
]


@pytest.mark.parametrize(("text", "answered"), MATCHES)
def test_a_bounded_duration_matches_only_what_it_is_sure_of(text, answered):
    duration = parse_duration(text)

    found = [sign for sign in ("<", "<=", ">", ">=", "=") if matches(duration, sign, 4 * H)]

    assert found == answered.split()


@given(st.sampled_from(("<", "<=", ">", ">=", "=")), st.integers(0, 10**9))
def test_an_unknown_duration_matches_nothing(sign, seconds):
    assert not matches(None, sign, seconds)


def test_problems_name_the_kinds():
    assert KINDS == ("exact", "approximate", "at-most", "at-least")
    assert "exact, approximate, at-most and at-least are" in problems(Duration(1, "x"))[0]
