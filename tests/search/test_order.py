"""Order: total, whatever was committed when; unknown last; weights as written in `ranking`."""

import dataclasses
import random
from datetime import timedelta

import pytest

from postmortems import authoring, content
from postmortems.document import Lesson, Signal, TimelineEntry
from postmortems.durations import Duration
from postmortems.models import Postmortem
from postmortems.models.postmortem import REF_ALPHABET
from postmortems.moments import Moment
from postmortems.search import sync
from postmortems.search.ranking import KNOWN, LACKING, LIMITED, SORTS, boost, sorting_key
from tests.makers import make_document, make_postmortem
from tests.search.asking import ask, order

pytestmark = pytest.mark.django_db


def test_without_words_the_newest_start_is_first_and_unknown_last():
    old = make_postmortem(make_document(started=Moment("2020")))
    unknown = make_postmortem(make_document())
    bounded = make_postmortem(make_document(started=Moment("2024", bound="not-after")))
    new = make_postmortem(make_document(started=Moment("2023-03-14", "19:00", "UTC")))

    assert order() == order(sort="started") == [item.ref for item in (new, old, bounded, unknown)]


def test_instants_are_ordered_across_zones():
    tokyo = make_postmortem(make_document(started=Moment("2023-03-14", "19:30", "Asia/Tokyo")))
    london = make_postmortem(make_document(started=Moment("2023-03-14", "11:00", "Europe/London")))
    texas = make_postmortem(make_document(started=Moment("2023-03-14", "04:00", "-05:00")))

    assert order(sort="started") == [london.ref, tokyo.ref, texas.ref]


def test_other_orders():
    short = make_postmortem(
        make_document(duration=Duration(60), resolved=Moment("2023"), terms=("severity:sev1",))
    )
    long = make_postmortem(
        make_document(duration=Duration(7200), resolved=Moment("2021"), terms=("severity:sev4",))
    )
    bare = make_postmortem()

    assert order(sort="duration") == [long.ref, short.ref, bare.ref]
    assert order(sort="resolved") == [short.ref, long.ref, bare.ref]
    assert order(sort="severity") == [short.ref, long.ref, bare.ref]


def test_what_changed_last_is_first(system):
    first, second = make_postmortem(), make_postmortem()
    Postmortem.objects.update(updated_at=first.updated_at - timedelta(days=1))
    document = dataclasses.replace(content.read(first), summary="Now with a summary.")

    authoring.edit(first, document, by=system, revision=1)

    assert order(sort="updated") == [first.ref, second.ref]


def test_relevance_follows_the_weight_of_the_part():
    parts = [
        make_document("Walrus"),
        make_document(signals=(Signal("s1", "walrus"),)),
        make_document(summary="walrus"),
        make_document(lessons=(Lesson("l1", "walrus"),)),
        make_document(timeline=(TimelineEntry("t1", "learn", "walrus"),)),
    ]
    made = [make_postmortem(document) for document in reversed(parts)]

    assert order("walrus") == [item.ref for item in reversed(made)]


def test_relevance_adds_parts_up_and_counts_no_repetition():
    repeated = make_postmortem(make_document(summary="walrus walrus walrus walrus"))
    twice = make_postmortem(make_document(summary="walrus", lessons=(Lesson("l1", "a walrus"),)))

    assert order("walrus") == [twice.ref, repeated.ref]


def test_of_equal_matches_the_later_start_is_first():
    unknown = make_postmortem(make_document("Walrus"))
    old = make_postmortem(make_document("Walrus", started=Moment("2001")))
    new = make_postmortem(make_document("Walrus", started=Moment("2023")))

    assert order("walrus") == [new.ref, old.ref, unknown.ref]


def test_filters_do_not_score():
    one = make_postmortem(make_document("Walrus", terms=("cause:time",), started=Moment("2023")))
    both = make_postmortem(
        make_document("Walrus", terms=("cause:time", "cause:network"), started=Moment("2001"))
    )

    assert order("walrus cause:time,network") == [one.ref, both.ref]
    assert order("walrus", cause=["time", "network"]) == [one.ref, both.ref]


@pytest.fixture
def equals(db):
    """Sixty postmortems between which no order but their refs decides."""
    return sorted(make_postmortem(make_document("Walrus")).ref for _number in range(60))


def test_equal_matches_are_ordered_by_ref_on_every_page(equals):
    pages = [order("walrus", page=number, page_size=7) for number in range(1, 11)]

    assert [ref for page in pages for ref in page] == equals


@pytest.mark.parametrize("sort", ["relevance", "started", "resolved", "duration", "severity"])
def test_refs_that_begin_alike_are_in_order_on_every_page(db, sort):
    refs = [f"wa1rs{number:03d}" for number in range(40)]
    for ref in random.Random(1).sample(refs, len(refs)):
        Postmortem.objects.filter(pk=make_postmortem(make_document("Walrus")).pk).update(ref=ref)
    sync.rebuild()

    pages = [order("walrus", sort=sort, page=number, page_size=7) for number in range(1, 8)]

    assert [ref for page in pages for ref in page] == refs


def test_sorting_keys_stand_as_their_values_do():
    dice = random.Random(1)
    asked = [
        ("".join(dice.choices(REF_ALPHABET, k=8)), value, rank)
        for value in (None, 0, 1, 59, 10**6, 5_300_000_000, 2**36 - 1)
        for rank in (KNOWN, LIMITED)
        for _number in range(9)
    ]

    def plain(ref, value, rank):
        return (rank, value) if value is not None else (LACKING, 0), [-ord(c) for c in ref[:5]]

    by_key = sorted(asked, key=lambda one: sorting_key(*one))

    assert by_key == sorted(asked, key=lambda one: plain(*one))
    assert all(0 < sorting_key(*one) < 2**63 for one in asked)


def test_a_value_past_all_others_has_the_highest_place():
    assert sorting_key("00000000", 2**40) == sorting_key("00000000", 2**36 - 1)


@pytest.mark.parametrize("sort", [sort.value for sort in SORTS])
def test_the_order_does_not_depend_on_the_order_of_commits(equals, sort):
    grown = order("walrus", sort=sort)

    sync.rebuild()

    assert order("walrus", sort=sort) == grown


def test_pages_join_to_the_whole_list_in_every_order(equals):
    for sort in SORTS:
        pages = [order(sort=sort.value, page=number, page_size=13) for number in range(1, 6)]
        assert [ref for page in pages for ref in page] == order(sort=sort.value)


def test_the_raise_of_a_start_falls_with_age_and_within_a_quarter_with_the_ref():
    dice = random.Random(1)
    refs = sorted(
        "".join(dice.choices("0123456789abcdefghjkmnpqrstvwxyz", k=8)) for _n in range(50)
    )
    quarters = [boost(1_030_000_000 + 131_400 * step, "zzzzzzzz") for step in range(0, 300, 10)]

    within = [boost(1_060_000_000, ref) for ref in refs]

    assert quarters == sorted(quarters)
    assert within == sorted(within, reverse=True)
    assert within[-1] > boost(1_060_000_000 - 131_400, "00000000")
    assert boost(None, "zzzzzzzz") <= boost(0, "zzzzzzzz")


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e9", "99999999999999999999", "1001"])
def test_a_bad_page_is_the_first_one_with_a_notice(page):
    postmortem = make_postmortem()

    results = ask(page=page)

    assert [hit.ref for hit in results.hits] == [postmortem.ref]
    assert results.problems == ("page",)
    assert results.notices == ("That page does not exist; this is the first one.",)


def test_a_bad_sort_is_the_usual_one_with_a_notice():
    results = ask(sort="title")

    assert (results.sort, results.problems) == ("started", ("sort",))


def test_a_page_past_the_end_is_empty():
    make_postmortem()

    assert ask(page=2).hits == ()
    assert ask("postmortem", page=2).hits == ()
