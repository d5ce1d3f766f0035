"""The date histogram: years and months, ranges of them, both ends as parameters, what has no place on the axis."""

import pytest

from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask

pytestmark = pytest.mark.django_db

STARTS = {
    "2019-12": Moment("2019-12-31", "23:00", "-05:00"),
    "2021": Moment("2021"),
    "2021-03": Moment("2021-03"),
    "2021-12": Moment("2021-12-31"),
    "2022-02": Moment("2022-02-01", "09:00", "Asia/Tokyo"),
    "2023-05": Moment("2023-05-05"),
    "before": Moment("2021-06", bound="not-after"),
    "after": Moment("2020", bound="not-before"),
    "never": Moment(text="years ago"),
}


@pytest.fixture(autouse=True)
def starts(db):
    for name, moment in STARTS.items():
        make_postmortem(make_document(name, started=moment))


def titles(text: str = "", **params) -> set[str]:
    return {hit.title for hit in ask(text, **params).hits}


DATED = {"2019-12", "2021", "2021-03", "2021-12", "2022-02", "2023-05"}
RANGES = [
    ("2021", {"2021", "2021-03", "2021-12"}),
    ("2021-03", {"2021-03"}),
    ("2021..2022", {"2021", "2021-03", "2021-12", "2022-02"}),
    ("2021-03..2022-02", {"2021-03", "2021-12", "2022-02"}),
    ("2020-06..2021-12", {"2021", "2021-03", "2021-12"}),
    ("2021-02..2021-12", {"2021-03", "2021-12"}),
    ("2021-03..2022", {"2021-03", "2021-12", "2022-02"}),
    ("2022..", {"2022-02", "2023-05"}),
    ("..2020", {"2019-12"}),
    ("..2021-11", {"2019-12", "2021-03"}),
    (">2021", {"2022-02", "2023-05"}),
    (">=2021-12", {"2021-12", "2022-02", "2023-05"}),
    ("<2021", {"2019-12"}),
    ("2021..<2022", {"2021", "2021-03", "2021-12"}),
    ("2023..2021", {"2021", "2021-03", "2021-12", "2022-02", "2023-05"}),
    ("0001..9999", DATED),
    ("3000..", set()),
    ("2024", set()),
    ("bounded", {"before", "after"}),
    ("unknown", {"never"}),
]


@pytest.mark.parametrize(("value", "expected"), RANGES)
def test_a_value_finds_what_surely_began_in_it_as_parameter_and_as_text(value, expected):
    assert titles(year=value) == expected
    assert titles(f"year:{value}") == expected
    assert ask(year=value).notices == ask(f"year:{value}").notices == ()


def test_ranges_and_places_apart_are_alternatives():
    assert titles(year="2022..,unknown") == {"2022-02", "2023-05", "never"}
    assert titles(year=["2021-03", "2023", "bounded"]) == {"2021-03", "2023-05", "before", "after"}
    assert titles(year="-2021..2022,-unknown") == {"2019-12", "2023-05", "before", "after"}


BETWEEN = [
    ({"year_from": "2021", "year_to": "2022"}, "2021..2022"),
    ({"year_from": "2022", "year_to": "2021"}, "2021..2022"),
    ({"year_from": "2021-03", "year_to": "2022"}, "2021-03..2022"),
    ({"year_from": "2021", "year_to": "2021"}, "2021"),
    ({"year_from": "2022", "year_to": ""}, "2022.."),
    ({"year_to": "2020"}, "..2020"),
    ({"year_from": "2021", "year_to": "2022", "year": "2019,2023"}, "2021..2022"),
]


@pytest.mark.parametrize(("params", "canonical"), BETWEEN)
def test_two_ends_are_one_range(params, canonical):
    results = ask(**params)

    assert titles(**params) == titles(year=canonical)
    assert results.chips == ask(year=canonical).chips
    assert results.facets == ask(year=canonical).facets


def test_two_ends_keep_what_has_no_date():
    params = {"year_from": "2022", "year_to": "2023", "year": ["2019", "unknown", "-2023"]}

    assert titles(**params) == {"2022-02", "never"}


def test_two_empty_ends_change_nothing():
    assert titles(year_from="", year_to="") == titles()
    assert titles(year_from="", year_to="", year="2023") == {"2023-05"}


@pytest.mark.parametrize("odd", ["soon", "2021-13", "2021-03-14", "2021..2022", "-2021x", "٢٠٢١"])
def test_an_end_that_is_no_date_is_a_notice(odd):
    results = ask(year_from=odd, year_to="2022")

    assert results.count == 0
    assert len(results.notices) == 1


@pytest.mark.parametrize("odd", ["soon", "2021-13", "2023-03-14", "..", "..soon", "<", "2021..x"])
def test_a_year_that_is_none_is_a_notice(odd):
    results = ask(year=odd)

    assert results.count == 0
    assert len(results.notices) == 1


def bars(**params) -> dict[str, int]:
    return {bucket.value: bucket.count for bucket in ask(**params).histogram.buckets}


YEARS = {"2019": 1, "2020": 0, "2021": 3, "2022": 1, "2023": 1}


def test_years_stand_without_gaps_until_few_are_chosen():
    assert bars() == YEARS
    assert bars(year="bounded") == YEARS
    assert bars(year="2019..2022") == YEARS
    assert bars(year="..2022") == YEARS


@pytest.mark.parametrize(
    ("value", "first", "last", "count"),
    [
        ("2021", "2021-01", "2021-12", 12),
        ("2021-03", "2021-01", "2021-12", 12),
        ("2021-03..2021-05", "2021-01", "2021-12", 12),
        ("2021..2022", "2021-01", "2022-12", 24),
        ("2021-06..2022-03", "2021-06", "2022-03", 10),
        ("2022..", "2022-01", "2023-12", 24),
        ("2023..", "2023-01", "2023-12", 12),
        ("2031", "2031-01", "2031-12", 12),
    ],
)
def test_months_stand_where_few_are_chosen(value, first, last, count):
    histogram = ask(year=value).histogram

    assert histogram.granularity == "month"
    names = [bucket.value for bucket in histogram.buckets]
    assert (names[0], names[-1], len(names)) == (first, last, count)


def test_counts_do_not_depend_on_what_is_chosen_in_them():
    assert {name: n for name, n in bars(year="2021-03..2022-02").items() if n} == {
        **{"2021-03": 1, "2021-12": 1, "2022-02": 1}
    }
    assert ask(year="2021").histogram.unknown.count == 1


def test_bars_within_the_range_are_chosen():
    chosen = {
        bucket.value for bucket in ask(year="2019..2021").histogram.buckets if bucket.selected
    }

    assert chosen == {"2019", "2020", "2021"}


def test_a_bar_chooses_itself_alone_and_takes_that_back():
    wide, narrow = ask(sort="updated", year="2019..2022").histogram, ask(year="2021-03").histogram
    urls = {bucket.value: bucket.url for bucket in (*wide.buckets, *narrow.buckets)}

    assert urls["2021"] == "/?sort=updated&year=2021"
    assert urls["2021-12"] == "/?year=2021-12"
    assert urls["2021-03"] == "/"


def test_what_has_no_date_is_chosen_beside_the_range():
    histogram = ask(year="2021..2022").histogram
    both = ask(year="2021..2022,unknown").histogram

    assert histogram.unknown.url == "/?year=2021..2022&year=unknown"
    assert both.unknown.selected
    assert both.unknown.url == "/?year=2021..2022"
    assert (histogram.all_url, ask().histogram.all_url) == ("/", "")


@pytest.mark.parametrize(
    ("value", "ends"),
    [
        ("2021", ("2021", "2021")),
        ("2021-03..2022", ("2021-03", "2022")),
        ("2021..", ("2021", "")),
        ("..2022", ("", "2022")),
        ("2022,2019-12", ("2019-12", "2022")),
        ("2023..2021", ("2021", "2023")),
        ("bounded", ("", "")),
        ("soon", ("", "")),
    ],
)
def test_both_ends_are_told_as_they_are_written(value, ends):
    histogram = ask(year=value).histogram

    assert (histogram.low, histogram.high) == ends
    assert histogram.choices == ("2019", "2020", "2021", "2022", "2023")


def test_the_earliest_of_many_years_share_one_bar():
    for year in (1970, 1975):
        make_postmortem(make_document(f"old {year}", started=Moment(str(year))))

    first, second, *rest = ask().histogram.buckets

    assert (first.value, first.label, first.count) == ("..1984", "up to 1984", 2)
    assert titles(year=first.value) == {"old 1970", "old 1975"}
    assert (second.value, len(rest)) == ("1985", 38)


def test_an_empty_collection_has_no_bars():
    assert ask("nothing has this").histogram.buckets == ()
    assert ask("nothing has this").histogram.choices == ()
