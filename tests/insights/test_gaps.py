"""What is not recorded: every count is its list, and authors are led to where it is missing."""

import random

import pytest
from django.urls import reverse

from postmortems.document import Action, Lesson
from postmortems.durations import Duration
from postmortems.insights.gaps import GAPS, MOST_PLACES, gaps_of
from postmortems.moments import Moment
from tests.insights.lists import chosen, counts_in, listed, refs_of
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR, refs
from tests.search.mixed import mixed_collection

pytestmark = pytest.mark.django_db


def gap(gaps, name):
    return next((item for item in gaps.gaps if item.name == name), None)


def test_what_is_missing_is_counted_with_its_list(db):
    bare = make_postmortem()
    told = make_postmortem(
        make_document(
            terms=("trigger:upgrade", "detection:operator-observation"),
            started=Moment("2023"),
            duration=Duration(60),
            lessons=(Lesson("l1", "Wait"),),
            actions=(Action("a1", "Upgrade", kind="temporary"),),
        )
    )

    gaps = gaps_of(chosen())

    assert refs_of(gap(gaps, "started").count) == refs(bare)
    assert refs_of(gap(gaps, "trigger").count) == refs(bare)
    assert refs_of(gap(gaps, "fix").count) == refs(bare, told)
    assert refs_of(gap(gaps, "action").count) == refs(bare)
    assert gap(gaps, "trigger").label == "Trigger"
    assert [item.count.number for item in gaps.gaps] == sorted(
        (item.count.number for item in gaps.gaps), reverse=True
    )
    assert gaps.total.number == 2


def test_what_nobody_lacks_is_no_gap(db):
    make_postmortem(make_document(lessons=(Lesson("l1", "Wait"),)))

    assert gap(gaps_of(chosen()), "lesson") is None


def test_authors_are_led_to_the_place_in_the_editor(platform, payments, alice, charlie):
    own = [make_postmortem(team=platform) for _number in range(MOST_PLACES + 1)]
    make_postmortem(team=payments)

    places = gap(gaps_of(chosen("", alice)), "lesson").places

    assert {place.ref for place in places} < refs(*own)
    assert len(places) == MOST_PLACES
    first = places[0]
    assert first.url == reverse("postmortem-edit", args=[first.ref]) + "#part-lessons"
    assert gap(gaps_of(chosen()), "lesson").places == ()
    foreign = gap(gaps_of(chosen("", charlie)), "lesson").places
    assert not {place.ref for place in foreign} & refs(*own)


def test_every_place_is_one_of_the_editor(platform, alice, browse):
    postmortem = make_postmortem(team=platform)
    page = browse(alice).get(reverse("postmortem-edit", args=[postmortem.ref])).content.decode()

    assert [place for place in GAPS.values() if f'id="{place}"' not in page] == []


@pytest.mark.parametrize("seed", range(2))
def test_every_number_is_its_list_for_every_reader(seed, platform, payments, alice, charlie):
    dice = random.Random(seed)
    mixed_collection(dice, 40, (platform, payments), (alice, charlie))

    for by in (VISITOR, charlie, alice):
        for text, params in (("", {}), ("no:lesson", {}), ("", {"no": ["lesson", "started"]})):
            counts = counts_in(gaps_of(chosen(text, by, **params)))

            assert [(listed(count, by), count.url) for count in counts] == [
                (count.number, count.url) for count in counts
            ]


def test_hidden_gaps_change_nothing(platform, payments, alice, charlie):
    mixed_collection(random.Random(8), 20, (platform,), (alice,))
    without = [gaps_of(chosen("", by)) for by in (VISITOR, charlie)]

    for _number in range(3):
        make_postmortem(team=platform, visibility="restricted")

    assert [gaps_of(chosen("", by)) for by in (VISITOR, charlie)] == without
