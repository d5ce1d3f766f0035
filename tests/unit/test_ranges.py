"""Months as they are written, and the years and months of the index that lie wholly inside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.durations import Duration, matches
from postmortems.search.ranges import LENGTH_BUCKETS, buckets_of, months_between, months_of

TOKENS = [
    ("2023", ["2023"]),
    ("2023-03", ["2023-03"]),
    ("2022..2023", ["2022", "2023"]),
    ("2022-12..2023-01", ["2022-12", "2023-01"]),
    ("2022-12..2023", ["2022-12", "2023"]),
    ("2022-01..2022-12", ["2022"]),
    ("2023..2022", ["2022", "2023"]),
    (
        "2023-06..2023",
        ["2023-06", "2023-07", "2023-08", "2023-09", "2023-10", "2023-11", "2023-12"],
    ),
]


@pytest.mark.parametrize(("text", "tokens"), TOKENS)
def test_whole_years_are_years_and_the_rest_is_months(text, tokens):
    assert list(months_of(text).tokens()) == tokens


def test_an_open_end_reaches_as_far_as_dates_do():
    assert list(months_of("2198..").tokens()) == ["2198", "2199"]
    assert list(months_of("..1901").tokens()) == ["1900", "1901"]


@pytest.mark.parametrize(
    "text", ["", "..", "soon", "23", "2023-13", "2023-3", "2023-03-14", "2021...2022", "٢٠٢١"]
)
def test_what_is_no_year_or_month_is_none(text):
    assert months_of(text) is None


def test_a_strict_range_leaves_one_end_out():
    assert list(months_between("2021", "2023", strict=True).tokens()) == ["2021", "2022"]
    assert next(months_between("2021", "", strict=True).tokens()) == "2022"
    assert list(months_between("", "1902", strict=True).tokens()) == ["1900", "1901"]
    assert list(months_between("2021", "2021", strict=True).tokens()) == []


@given(first=st.integers(1900, 2199), last=st.integers(1900, 2199))
def test_a_range_contains_its_ends_however_they_are_ordered(first, last):
    months = months_of(f"{first}..{last}")

    assert months_of(str(first)) in months
    assert months_of(f"{last}-12") in months
    assert len(list(months.tokens())) == abs(first - last) + 1


@given(
    seconds=st.sampled_from([0, 899, 900, 901, 3_600, 14_399, 14_400, 86_399, 86_400, 90_000]),
    kind=st.sampled_from(["exact", "approximate", "at-most", "at-least"]),
)
def test_a_length_is_counted_where_its_range_would_find_it(seconds, kind):
    length = Duration(seconds, kind)

    for name, low, high in LENGTH_BUCKETS:
        is_above = low is None or matches(length, ">=", low)
        is_below = high is None or matches(length, "<", high)
        assert (name in buckets_of(length)) == (is_above and is_below)
