"""Dates and lengths: a range holds what lies in it whole; bounded and unknown have their own places."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmortems.document import TimelineEntry
from postmortems.durations import Duration, matches
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, found

pytestmark = pytest.mark.django_db

STARTS = {
    "minute": Moment("2023-03-14", "19:00", "UTC"),
    "day": Moment("2023-03-14"),
    "month": Moment("2023-03"),
    "year": Moment("2023"),
    "evening-in-texas": Moment("2018-09-14", "21:06", "-05:00"),
    "new-year-in-tokyo": Moment("2022-01-01", "05:00", "Asia/Tokyo"),
    "not-after": Moment("2019-09-11", bound="not-after"),
    "not-before": Moment("2021", bound="not-before"),
    "relative": Moment(after="t1", minutes=3),
    "words": Moment(text="years before"),
    "nothing": Moment(),
}


@pytest.fixture
def starts(db):
    """Postmortems by the name of their start, which is their title too."""
    for name, moment in STARTS.items():
        entry = TimelineEntry("t1", "trigger", "It began")
        make_postmortem(make_document(name, started=moment, timeline=(entry,)))


def titles(text: str = "", **params) -> set[str]:
    return {hit.title for hit in ask(text, **params).hits}


IN_2023 = {"minute", "day", "month", "year"}
UNKNOWN = {"relative", "words", "nothing"}

RANGES = [
    ("started:2023", IN_2023),
    ("started:2023-03", IN_2023 - {"year"}),
    ("started:2023-03-14", {"minute", "day"}),
    ("started:2023-03-01..2023-03-14", {"minute", "day"}),
    ("started:2022-06..2023-06", IN_2023 - {"year"}),
    ("started:2018-09-14", {"evening-in-texas"}),
    ("started:2018-09-15", set()),
    ("started:2021-12", set()),
    ("started:2022", {"new-year-in-tokyo"}),
    ("started:>2022", IN_2023),
    ("started:>=2022", IN_2023 | {"new-year-in-tokyo"}),
    ("started:>2020", IN_2023 | {"new-year-in-tokyo", "not-before"}),
    ("started:>=2021", IN_2023 | {"new-year-in-tokyo", "not-before"}),
    ("started:<2020", {"evening-in-texas", "not-after"}),
    ("started:<=2018", {"evening-in-texas"}),
    ("started:<2019-09-12", {"evening-in-texas", "not-after"}),
    ("started:<2019-09-11", {"evening-in-texas"}),
    ("started:2019", set()),
    ("started:1970..2100", IN_2023 | {"evening-in-texas", "new-year-in-tokyo"}),
    ("started:unknown", UNKNOWN),
    ("started:bounded", {"not-after", "not-before"}),
    (
        "-started:2023 -started:unknown started:>2000",
        {"new-year-in-tokyo", "not-before", "evening-in-texas"},
    ),
    ("no:started", {"nothing"}),
]


@pytest.mark.parametrize(("text", "expected"), RANGES)
def test_a_range_holds_what_lies_in_it_whole(starts, text, expected):
    assert titles(text) == expected


def test_a_range_works_as_a_parameter(starts):
    assert titles(started="2022..2023") == IN_2023 | {"new-year-in-tokyo"}
    assert titles(started=">2022") == IN_2023
    assert titles(started="-2023", year="2023") == set()


def test_the_histogram_counts_years_with_bounded_and_unknown_apart(starts):
    histogram = ask().histogram

    assert {item.value: item.count for item in histogram.buckets} == {
        **{"2018": 1, "2019": 0, "2020": 0, "2021": 0, "2022": 1, "2023": 4}
    }
    assert (histogram.granularity, histogram.bounded.count, histogram.unknown.count) == (
        ("year", 2, 3)
    )


def test_a_chosen_year_shows_its_months_and_keeps_the_other_years(starts):
    results = ask(year="2023")
    months = {item.value: item.count for item in results.histogram.buckets}

    assert titles(year="2023") == IN_2023
    assert results.histogram.granularity == "month"
    assert len(months) == 12
    assert {name: count for name, count in months.items() if count} == {"2023-03": 3}
    assert titles(year="2023-03") == IN_2023 - {"year"}
    assert results.histogram.all_url == "/"


@pytest.mark.parametrize(("value", "expected"), [("bounded", 2), ("unknown", 3)])
def test_every_bucket_counts_what_choosing_it_lists(starts, value, expected):
    results = ask(year=value)

    assert results.count == expected
    assert getattr(results.histogram, value).count == expected
    assert getattr(results.histogram, value).selected


LENGTHS = {
    "exact 1 h": Duration(3600),
    "about 5 h": Duration(5 * 3600, "approximate"),
    "at most 6 h": Duration(6 * 3600, "at-most"),
    "at least 3 d": Duration(3 * 86400, "at-least"),
    "zero": Duration(0),
    "unknown": None,
}


@pytest.fixture
def lengths(db):
    for name, duration in LENGTHS.items():
        make_postmortem(make_document(name, duration=duration))


ASKED = [
    ("duration:>4h", {"about 5 h", "at least 3 d"}),
    ("duration:>=1h", {"exact 1 h", "about 5 h", "at least 3 d"}),
    ("duration:<2h", {"exact 1 h", "zero"}),
    ("duration:<8h", {"exact 1 h", "about 5 h", "at most 6 h", "zero"}),
    ("duration:<=6h", {"exact 1 h", "about 5 h", "at most 6 h", "zero"}),
    ("duration:<5h59min", {"exact 1 h", "about 5 h", "zero"}),
    ("duration:>3d", {"at least 3 d"}),
    ("duration:>4d", set()),
    ("duration:30min..5h", {"exact 1 h", "about 5 h"}),
    ("duration:0s..9d", {"exact 1 h", "about 5 h", "zero"}),
    ("duration:60", {"exact 1 h"}),
    ("duration:1h", {"exact 1 h"}),
    ("duration:unknown", {"unknown"}),
    ("no:duration", {"unknown"}),
]


@pytest.mark.parametrize(("text", "expected"), ASKED)
def test_lengths_compare_by_what_is_known_of_them(lengths, text, expected):
    assert titles(text) == expected


@given(
    sign=st.sampled_from(["<", "<=", ">", ">="]),
    seconds=st.sampled_from([0, 1, 3599, 3600, 3601, 18000, 21600, 21601, 259200, 300000]),
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_index_answers_as_the_rule_does(lengths, sign, seconds):
    expected = {name for name, length in LENGTHS.items() if matches(length, sign, seconds)}

    assert titles(f"duration:{sign}{seconds}s") == expected


def test_a_derived_length_counts_like_a_stated_one(db):
    started, resolved = Moment("2023-03-14", "19:00", "UTC"), Moment("2023-03-15", "00:14", "UTC")
    make_postmortem(make_document("Derived", started=started, resolved=resolved))

    assert titles("duration:314min") == {"Derived"}


@pytest.mark.parametrize(
    "text",
    [
        "started:soon",
        "started:2023-13",
        "started:9999999999999999999999",
        "started:2022..soon",
        "duration:>long",
        "duration:>99999999999999999999999",
        "duration:>99999999999999999999999h",
        "year:abc",
        "updated:>x",
    ],
)
def test_what_is_no_date_or_length_is_a_notice(db, text):
    assert found(text) == set()
    assert len(ask(text).notices) == 1
