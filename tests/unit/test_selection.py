"""URL parameters to choices and back: repeated and comma values, exclusion, links."""

import pytest
from django.http import QueryDict

from postmortems.search.parser import MAX_LENGTH
from postmortems.search.selection import Choice, excluding, flipped, read, toggled

FIELDS = {"cause", "trigger", "organisation", "started", "year"}

READ = [
    ("cause=a&cause=b", {"cause": Choice(("a", "b"))}),
    ("cause=a,b,a", {"cause": Choice(("a", "b"))}),
    ("cause=-a,b&cause=-c", {"cause": Choice(("b",), ("a", "c"))}),
    ("cause=network/dns", {"cause": Choice(("network/dns",))}),
    ("org=reddit", {"organisation": Choice(("reddit",))}),
    ("CAUSE=a", {"cause": Choice(("a",))}),
    ("cause=&cause=,&cause=+", {}),
    ("cause=-", {"cause": Choice(("-",))}),
    ("q=x&page=2&format=json&facets=1&utm=y", {}),
]


@pytest.mark.parametrize(("query", "choices"), READ)
def test_parameters_are_read(query, choices):
    assert read(QueryDict(query), "", FIELDS).choices == choices


def test_a_link_carries_everything_but_the_page():
    selection = read(
        QueryDict("q=other&cause=a&trigger=-b&sort=started&page=3&open=cause&page_size=5"),
        "what is asked",
        FIELDS,
    )

    assert selection.url("/", "trigger", Choice(("c",))) == (
        "/?q=what+is+asked&sort=started&open=cause&page_size=5&cause=a&trigger=c"
    )
    assert selection.url("/", "trigger", Choice()) == (
        "/?q=what+is+asked&sort=started&open=cause&page_size=5&cause=a"
    )


def test_odd_values_are_quoted():
    selection = read({}, "", FIELDS)

    assert (
        selection.url("/", "cause", Choice(("a&b=c", "集"))) == "/?cause=a%26b%3Dc&cause=%E9%9B%86"
    )
    assert selection.url("/", "cause", Choice()) == "/"


def test_a_click_chooses_and_takes_back():
    assert toggled(Choice(), "a") == Choice(("a",))
    assert toggled(Choice(("a", "b")), "a") == Choice(("b",))
    assert toggled(Choice(("a",), ("b",)), "b") == Choice(("a", "b"))
    assert toggled(Choice(("a", "a/b")), "a/c", ["a", "a/b"]) == Choice(("a/c",))


def test_excluding_and_flipping():
    assert excluding(Choice(), "a") == Choice((), ("a",))
    assert excluding(Choice(("a", "b")), "a") == Choice(("b",), ("a",))
    assert excluding(Choice((), ("a",)), "a") == Choice()
    assert flipped(Choice(("a",)), "a") == Choice((), ("a",))
    assert flipped(Choice((), ("a",)), "a") == Choice(("a",))


BETWEEN = [
    ("year_from=2021&year_to=2023", "2021..2023"),
    ("year_from=2023&year_to=2021", "2021..2023"),
    ("year_from=2021&year_to=2021", "2021"),
    ("year_from=2021-03", "2021-03.."),
    ("year_to=2021-03", "..2021-03"),
    ("year_from=&year_to=2021", "..2021"),
    ("year_from=2020&year_from=2021&year_to=2023", "2021..2023"),
    ("year_from=soon&year_to=2021", "soon..2021"),
    ("year_from=-2021&year_to=2022,2023", "2021..2022 2023"),
]


@pytest.mark.parametrize(("query", "value"), BETWEEN)
def test_two_ends_are_read_as_one_range(query, value):
    choices = read(QueryDict(query), "", FIELDS).choices

    assert choices == {"year": Choice((value,))}
    assert read(QueryDict(f"year={value}"), "", FIELDS).choices == choices


def test_two_ends_replace_dates_and_nothing_else():
    query = "year=2019,unknown,bounded,-2020&year_from=2021&year_to=2022"

    assert read(QueryDict(query), "", FIELDS).choices == {
        "year": Choice(("2021..2022", "unknown", "bounded"), ("2020",))
    }
    assert read(QueryDict("year=2019&year_from=&year_to="), "", FIELDS).choices == {
        "year": Choice(("2019",))
    }


def test_links_carry_a_range_instead_of_its_two_ends():
    selection = read(QueryDict("year_from=2021&year_to=2023&cause=a"), "", FIELDS)

    assert selection.url("/", "cause", Choice()) == "/?year=2021..2023"


def test_links_carry_no_more_of_a_text_than_is_read():
    selection = read({}, "x" * 300_000, FIELDS)

    assert selection.url("/", "cause", Choice()) == f"/?q={'x' * MAX_LENGTH}"
