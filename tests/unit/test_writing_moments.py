"""Moments the way people type them: what is understood, and what is said when it is not."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.moments import Moment, format_moment, parse_moment, problems
from postmortems.writing.moments_typed import PROBLEMS, circled, dated, understood
from tests.strategies import valid_moments

STARTED = parse_moment("2023-03-14 19:00 UTC")
ENTRIES = {"t1": "The deploy starts", "t2": "The merge is done"}

ABSOLUTE = [
    ("2023-03-14 19:00 UTC", "2023-03-14 19:00 UTC"),
    ("March 2023", "2023-03"),
    ("in March 2023", "2023-03"),
    ("Mar 14, 2023", "2023-03-14"),
    ("14 March 2023 7pm", "2023-03-14 19:00"),
    ("March 14, 2023 at 7:30 p.m. UTC", "2023-03-14 19:30 UTC"),
    ("19:00 UTC on 14 March 2023", "2023-03-14 19:00 UTC"),
    ("12 am, 1st of May 2023", "2023-05-01 00:00"),
    ("14/3/2023 10:00", "2023-03-14 10:00"),
    ("14.03.2023 10:00", "2023-03-14 10:00"),
    ("2023年3月14日 19:00", "2023-03-14 19:00"),
    ("2023年3月14日下午3点半", "2023-03-14 15:30"),
    ("2023年3月", "2023-03"),
    ("2023-03-14 19:00 北京时间", "2023-03-14 19:00 Asia/Shanghai"),
    ("before 2023-03", "≤ 2023-03"),
    ("2023年3月之前", "≤ 2023-03"),
    ("since March 2023", "≥ 2023-03"),
    ("around 14 March 2023 19:00", "~2023-03-14 19:00"),
    ("early March 2023", "~2023-03 (early March 2023)"),
    ("2023-03-14 19:00 PST", "2023-03-14 19:00 -08:00 (2023-03-14 19:00 PST)"),
    ("2023-03-14 19:00–19:30 UTC", "2023-03-14 19:00 UTC (2023-03-14 19:00–19:30 UTC)"),
    ("unknown", ""),
    ("n/a", ""),
    ("未知", ""),
    ("", ""),
]
RELATIVE = [
    ("about 3 min later", "~2023-03-14 19:03 UTC (about 3 min later)"),
    ("+2 min", "2023-03-14 19:02 UTC (+2 min)"),
    ("T+90 min", "2023-03-14 20:30 UTC (T+90 min)"),
    ("≤ 6 h", "≤ 2023-03-15 01:00 UTC (≤ 6 h)"),
    ("within 6 hours", "≤ 2023-03-15 01:00 UTC (within 6 hours)"),
    ("half an hour later", "2023-03-14 19:30 UTC (half an hour later)"),
    ("1 hour and 5 minutes after", "2023-03-14 20:05 UTC (1 hour and 5 minutes after)"),
    ("30 seconds later", "2023-03-14 19:00:30 UTC (30 seconds later)"),
    ("2 days earlier", "2023-03-12 19:00 UTC (2 days earlier)"),
    ("约3分钟后", "~2023-03-14 19:03 UTC (约3分钟后)"),
    ("一个半小时后", "2023-03-14 20:30 UTC (一个半小时后)"),
    ("3 min after t2", "after t2 + 3 min (3 min after t2)"),
    ("3 min before the merge", "after t2 - 3 min (3 min before the merge)"),
]
NOT_UNDERSTOOD = [
    ("soon", "unreadable"),
    ("3 hours ago", "unreadable"),
    ("31 February 2023", "unreadable"),
    ("3/4/2023", "ambiguous-day"),
    ("14 March", "no-year"),
    ("after t9", "no-such-entry"),
    ("3 min after the", "no-such-entry"),
    ("x" * 301, "too-long"),
]


@pytest.mark.parametrize(("text", "notation"), ABSOLUTE)
def test_a_time_is_read_as_it_is_meant(text, notation):
    moment, code = understood(text, base=STARTED, entries=ENTRIES)

    assert (format_moment(moment), code) == (notation, "")


@pytest.mark.parametrize(("text", "notation"), RELATIVE)
def test_a_relative_time_counts_from_the_base_or_the_named_entry(text, notation):
    moment, code = understood(text, base=STARTED, entries=ENTRIES)

    assert (format_moment(moment), code) == (notation, "")


@pytest.mark.parametrize(("text", "code"), NOT_UNDERSTOOD)
def test_what_is_not_understood_is_kept_as_words_with_a_reason(text, code):
    moment, found = understood(text, base=STARTED, entries=ENTRIES)

    assert found == code
    assert moment == Moment(text=text[:300])
    assert str(PROBLEMS[code])


def test_an_ambiguous_zone_leaves_the_zone_open():
    moment, code = understood("2023-03-14 19:00 CST", base=None, entries={})

    assert code == "ambiguous-zone"
    assert (moment.date, moment.time, moment.zone) == ("2023-03-14", "19:00", "")


def test_without_a_known_base_a_relative_time_follows_the_entry_above():
    moment, code = understood("+2 min", base=Moment("2023-03"), entries=ENTRIES, above="t2")

    assert (format_moment(moment), code) == ("after t2 + 2 min (+2 min)", "")


def test_without_anything_to_count_from_the_words_are_kept():
    assert understood("+2 min", base=None, entries=ENTRIES) == (
        Moment(text="+2 min"),
        "nothing-to-count-from",
    )


def test_t_plus_counts_from_the_start():
    base = parse_moment("2023-03-14 20:00 UTC")

    moment, _code = understood("T+5 min", base=base, entries=ENTRIES, above="t2", start=STARTED)

    assert moment.time == "19:05"


def test_an_approximate_base_makes_what_is_counted_from_it_approximate():
    moment, _code = understood("+2 min", base=parse_moment("~2023-03-14 19:00"), entries={})

    assert moment.approximate


def test_counting_passes_the_hour_that_clocks_skip():
    base = parse_moment("2023-03-26 01:30 Europe/Berlin")

    moment, _code = understood("+60 min", base=base, entries={})

    assert moment.time == "03:30"


@pytest.mark.parametrize(
    ("typed", "above", "whole"),
    [
        ("19:02", "2023-03-14 19:00 UTC", "2023-03-14 19:02 UTC"),
        ("18:58", "2023-03-14 19:00 UTC", "2023-03-14 18:58 UTC"),
        ("00:10", "2023-03-14 19:00 UTC", "2023-03-15 00:10 UTC"),
        ("~00:10", "2023-03-14 23:50 UTC", "~2023-03-15 00:10 UTC"),
        ("23:50", "2023-03-15 00:10 UTC", "2023-03-14 23:50 UTC"),
        ("00:10", "2023-12-31 23:50", "2024-01-01 00:10"),
        ("09:10 Asia/Shanghai", "2023-03-14 23:50 UTC", "2023-03-15 09:10 Asia/Shanghai"),
        ("19:02", "2023-03-14", "19:02"),
        ("19:02", "≤ 2023-03-14 19:00", "19:02"),
        ("2023-03", "2023-03-14 19:00", "2023-03"),
        ("00:10", "2199-12-31 23:50", "00:10"),
    ],
)
def test_a_bare_clock_takes_the_day_of_what_stands_above(typed, above, whole):
    assert format_moment(dated(parse_moment(typed), parse_moment(above))) == whole


def test_what_may_lie_far_before_is_not_taken_for_the_next_day():
    moment = dated(parse_moment("14:00"), STARTED, back=timedelta(hours=12))

    assert moment.date == "2023-03-14"


@pytest.mark.parametrize(
    ("afters", "circle"),
    [
        ({"a": "b", "b": "c"}, set()),
        ({"a": "b", "b": "a", "c": "a"}, {"a", "b"}),
        ({"a": "a"}, {"a"}),
        ({}, set()),
    ],
)
def test_entries_that_count_from_themselves_are_found(afters, circle):
    assert circled(afters) == circle


@given(valid_moments())
def test_a_stored_moment_comes_back_as_it_was(moment):
    entries = {"t1": "x", "T-2.x_y": "y"}

    assert understood(format_moment(moment), base=STARTED, entries=entries) == (moment, "")


PIECES = st.sampled_from(
    [
        *"0123456789:-/~≤+?()（半后前",
        " ",
        "2023",
        "March",
        "T",
        "UTC",
        "min",
        "later",
        "after t1",
        "年",
        "h",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text())
def test_whatever_is_typed_the_moment_is_valid(text):
    moment, code = understood(text, base=STARTED, entries=ENTRIES)

    assert problems(moment) == []
    assert code in ("", *PROBLEMS)
