"""The way from result to result: its place, its neighbours across pages, and nothing that is hidden."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string

from postmortems.moments import Moment
from postmortems.web.search_trail import trail_of
from tests import makers

VISITOR = AnonymousUser()


@pytest.fixture
def many(platform) -> list:
    """Twenty-five that started one after another, the latest first."""
    made = [
        makers.make_postmortem(
            makers.make_document(f"Outage {day:02}", started=Moment(f"2024-01-{day:02}"))
        )
        for day in range(1, 26)
    ]
    return made[::-1]


def test_a_trail_tells_the_place_and_both_neighbours(many):
    trail = trail_of("q=outage&sort=started", many[3].ref, VISITOR, "en")

    assert (trail.words, trail.count, trail.place) == ("outage", 25, 4)
    assert (trail.previous.title, trail.next.title) == (many[2].title, many[4].title)
    assert trail.next.url == f"{many[4].get_absolute_url()}?from=q%3Doutage%26sort%3Dstarted"


def test_a_trail_goes_on_over_the_end_of_a_page_and_back(many):
    last = trail_of("q=outage&sort=started", many[19].ref, VISITOR, "en")
    first = trail_of("q=outage&sort=started&page=2", many[20].ref, VISITOR, "en")

    assert (last.next.title, last.next.url.endswith("page%3D2")) == (many[20].title, True)
    assert (first.place, first.previous.title) == (21, many[19].title)
    assert "page" not in first.previous.url


def test_a_trail_ends_at_both_ends(many):
    first = trail_of("q=outage&sort=started", many[0].ref, VISITOR, "en")
    last = trail_of("q=outage&sort=started&page=2", many[24].ref, VISITOR, "en")

    assert (first.previous, last.next) == (None, None)


def test_a_trail_shows_nobody_what_is_hidden(many, platform, alice):
    restricted = {"team": platform, "authors": (alice,), "visibility": "restricted"}
    document = makers.make_document("Outage 99", started=Moment("2024-02-01"))
    makers.make_postmortem(document, **restricted)

    seen = [trail_of("q=outage&sort=started", many[0].ref, by, "en") for by in (alice, VISITOR)]

    assert [trail.count for trail in seen] == [26, 25]
    assert [trail.previous and trail.previous.title for trail in seen] == ["Outage 99", None]


@pytest.mark.parametrize("came_from", ["", "a=1&" * 500])
def test_what_is_no_search_leaves_no_trail(db, came_from):
    assert trail_of(came_from, "anything", VISITOR, "en") is None


def test_a_postmortem_that_the_search_no_longer_finds_has_no_place(many):
    trail = trail_of("q=nowhere", many[0].ref, VISITOR, "en")

    assert (trail.count, trail.place, trail.url) == (0, 0, "/?q=nowhere")


def test_a_trail_is_printed_with_its_ways_on(many):
    trail = trail_of("q=outage&sort=started", many[3].ref, VISITOR, "en")

    text = render_to_string("search/_trail.html", {"trail": trail})

    assert '<a href="/?q=outage&amp;sort=started">25 results for “outage”</a>' in text
    assert "4 of 25" in text
    assert f'Next: <span lang="en">{many[4].title}</span>' in text
