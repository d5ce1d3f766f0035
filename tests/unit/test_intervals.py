"""Intervals: as exact as both moments allow, and never more."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.intervals import interval_between, order_of
from postmortems.moments import UNKNOWN, Moment, parse_moment, span

KNOWN = [
    ("2023-09", "2024-03", ("month", 5, 7)),
    ("2024-03", "≤ 2024-06-20", ("month", None, 4)),
    ("2022", "≥ 2023-05-01", ("month", 4, None)),
    ("2019", "2023", ("year", 3, 5)),
    ("2023-03", "2023-03", ("day", None, 31)),
    ("2023-03-14", "2023-03-14", ("day", 0, 0)),
    ("2023-03-08 06:00 UTC", "2023-03-14 19:00 UTC", ("day", 6, 6)),
    ("2023-03-08", "2023-03-14 19:00", ("day", 6, 6)),
    ("2023-03-14 19:00 UTC", "2023-03-15 20:30 UTC", ("second", 91_800, 91_800)),
    ("2023-03-14 19:00", "2023-03-15 20:30", ("second", 91_800, 91_800)),
    ("2024-01-31", "2024-02", ("day", 0, 30)),
    ("2023-03-14 19:00 UTC", "2023-03-14 23:30 UTC", ("second", 16_200, 16_200)),
    ("2023-03-14", "2023-03-20", ("day", 6, 6)),
    ("2023-03-14 19:00 UTC", "2023-03-16 07:00 UTC", ("second", 129_600, 129_600)),
    ("2020", "2023", ("year", 2, 4)),
    ("2023-03-14", "2023-06", ("month", 2, 4)),
    ("2023-09", "2023-11", ("month", 1, 3)),
    ("2024-03", "2024-03-10", ("day", None, 10)),
    ("≤ 2023-03-14", "2023-03-20", ("day", 5, None)),
    ("2023-03-14", "≥ 2023-03-20", ("day", 5, None)),
]


@pytest.mark.parametrize(("earlier", "later", "expected"), KNOWN)
def test_an_interval_is_as_exact_as_both_ends(earlier, later, expected):
    found = interval_between(parse_moment(earlier), parse_moment(later))

    assert (found.unit, found.low, found.high) == expected
    assert not found.is_about


NOTHING = [
    ("", "2023"),
    ("2023", ""),
    ("", ""),
    ("20:30", "21:30"),
    ("≤ 2024-06-20", "≤ 2024-06-20"),
    ("≥ 2024-06-20", "≥ 2024-06-20"),
    ("2024", "2023"),
    ("2024-03-02", "2024-03-01"),
]


@pytest.mark.parametrize(("earlier", "later"), NOTHING)
def test_what_is_not_known_has_no_interval(earlier, later):
    assert interval_between(parse_moment(earlier), parse_moment(later)) is None


def test_what_is_approximate_is_said_to_be():
    assert interval_between(parse_moment("~2021-08"), parse_moment("2021-10-03")).is_about


DATES = st.dates(min_value=span(Moment("1990"))[0].date(), max_value=span(Moment("2090"))[0].date())


@given(DATES, DATES, st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_the_true_interval_lies_within(first, last, cut_first, cut_last):
    first, last = sorted((first, last))
    earlier, later = Moment(f"{first}"[:cut_first]), Moment(f"{last}"[:cut_last])

    found = interval_between(earlier, later)

    days = timedelta(days=1).total_seconds()
    between = (last - first).total_seconds()
    assert found.shortest is None or found.shortest <= between + days
    assert found.longest is None or found.longest >= between
    assert (found.low or 0) <= found.high
    assert (
        found.low is None
        or found.low
        <= {
            "day": (last - first).days + 1,
            "month": 12 * (last.year - first.year) + last.month - first.month,
            "year": last.year - first.year,
        }[found.unit]
    )


def test_the_order_is_that_of_what_is_known_and_unknown_comes_last():
    texts = ["", "2024-03", "≤ 2024-06-20", "2023-09", "2024-03-01 10:00 UTC", "≥ 2024-01"]

    ordered = sorted(map(parse_moment, texts), key=order_of)

    assert [item.date for item in ordered] == [
        "2023-09",
        "2024-01",
        "2024-03",
        "2024-03-01",
        "2024-06-20",
        "",
    ]
    assert order_of(UNKNOWN)[0]
