"""Every number about terms is the length of the list that its address opens, for random searches of each of
the cast, over collections in which everything is mixed."""

import random

import pytest

from postmortems.insights.asking import all_listed, selected
from postmortems.insights.matrix import heat_of, heat_of_ratio, matrix_of
from postmortems.insights.overrepresented import overrepresented_of
from postmortems.insights.shapes import Count, Matrix
from postmortems.insights.trends import trends_of
from postmortems.search import search
from tests.insights.counted import QUESTIONS, counts_in, listed
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR
from tests.search.mixed import mixed_collection
from tests.search.test_facets_generated import QUERIES, selections
from tests.soak import IS_FULL

pytestmark = pytest.mark.django_db

COLLECTIONS = 2
POSTMORTEMS = 50
SEARCHES = 60 if IS_FULL else 12
# Of each answer; a run in full looks at all of them.
NUMBERS = 10_000 if IS_FULL else 12


@pytest.fixture(params=range(COLLECTIONS))
def dice(request):
    return random.Random(request.param)


@pytest.fixture
def collection(dice, platform, payments, alice, bob, charlie):
    return mixed_collection(dice, POSTMORTEMS, (platform, payments), (alice, bob, charlie))


@pytest.fixture
def cast(alice, bob, charlie, dana):
    return (VISITOR, alice, bob, charlie, dana)


def test_every_number_is_the_length_of_its_list(collection, cast, dice):
    for number in range(SEARCHES):
        by, text, params = cast[number % 5], dice.choice(QUERIES), selections(dice)
        found = selected(text, params, by)
        assert found.total == search(text, params, by).count == listed(found.url_of(), by)

        rest, outside = found.rest(), selected("", {}, by).found - found.found
        assert all_listed(found) - found.found == outside
        assert rest is None or listed(rest.whole, by) == len(outside)
        for question in QUESTIONS:
            every = list(counts_in(question(found)))
            for count in dice.sample(every, min(NUMBERS, len(every))):
                if count.url:
                    assert listed(count.url, by) == count.number, (text, params, by, count)


def test_each_number_has_an_address_where_the_search_has_one(collection, cast):
    for params in ({}, {"cause": ["network"]}, {"year": ["2021..2022"], "cause": ["-time"]}):
        found = selected("walrus OR otter", params, cast[0])

        for question in QUESTIONS:
            assert [count for count in counts_in(question(found)) if not count.url] == []


def test_all_places_of_a_start_are_told(collection, cast):
    for by in cast:
        for span in ("month", "quarter", "year"):
            made = trends_of(selected("", {}, by), span=span)

            apart = (made.shown, made.earlier, made.year_only, made.bounded, made.unknown)
            assert sum(count.number for count in apart) == made.total.number


def test_what_is_told_stands_in_the_language_of_the_reader(db):
    make_postmortem(make_document("Walrus", ("cause:network/dns", "component:kubernetes")))

    made = matrix_of(selected("", {}, VISITOR, language="zh-hans"))

    assert [row.term.label for row in made.rows] == ["网络"]
    assert made.rows_by.label == "根因"


def numbers_in(made: Matrix) -> dict[str, list[int]]:
    return {row.term.path: [cell.count.number for cell in row.cells] for row in made.rows}


def test_a_matrix_counts_subtrees_and_each_postmortem_once(db):
    make_postmortem(
        make_document("A", ("cause:network/dns", "cause:network/cni-routing", "component:calico"))
    )
    make_postmortem(make_document("B", ("cause:network/dns", "component:kubernetes")))
    make_postmortem(make_document("C", ("cause:network/dns",)))

    shallow = matrix_of(selected("", {}, VISITOR))
    deep = matrix_of(selected("", {}, VISITOR), depth=2, unknown=True)

    assert numbers_in(shallow) == {"network": [1, 1]}
    assert shallow.rows[0].total == Count(3, "/?cause=network")
    assert numbers_in(deep) == {"network/dns": [1, 1, 1], "network/cni-routing": [0, 1, 0]}
    assert [column.term.path for column in deep.columns][-1] == "unknown"


def test_a_cell_says_what_is_expected_and_how_much_more_there_is(db):
    for number in range(4):
        terms = ("cause:network/dns", "component:calico") if number < 2 else ("cause:time",)
        make_postmortem(make_document(f"Walrus {number}", terms))

    (cell,) = matrix_of(selected("", {}, VISITOR), colour="ratio").rows[0].cells

    assert (cell.count.number, cell.expected, cell.ratio, cell.excess) == (2, 1.0, 2.0, 1.0)
    assert cell.heat == 4


def test_a_second_choice_in_the_same_facet_goes_into_the_text(db):
    make_postmortem(make_document("Walrus", ("cause:network/dns",)))

    found = selected("walrus", {"cause": ["network", "time"]}, VISITOR)

    assert found.url_of(cause="network/dns") == (
        "/?q=walrus+cause:network/dns&cause=network&cause=time"
    )


def test_what_is_asked_for_is_not_called_frequent(db):
    for number in range(6):
        terms = ("cause:network/dns", "component:calico") if number < 3 else ("cause:time",)
        make_postmortem(make_document(f"Walrus {number}", terms))

    made = overrepresented_of(selected("", {"cause": ["network/dns"]}, VISITOR))

    assert [item.term.key for item in made.terms][:1] == ["component/calico"]
    assert not [item for item in made.terms if item.term.vocabulary == "cause"]
    assert made.outside.url == "/?cause=-network/dns"


def test_a_search_for_everything_compares_nothing(collection, cast):
    assert not overrepresented_of(selected("", {}, cast[0])).is_narrowed


@pytest.mark.parametrize(
    ("number", "most", "heat"),
    [(0, 5, 0), (1, 1, 1), (8, 8, 8), (5, 8, 5), (1, 100, 1), (100, 100, 8), (50, 99, 5)],
)
def test_a_count_has_a_class_of_heat(number, most, heat):
    assert heat_of(number, most) == heat


@pytest.mark.parametrize(
    ("ratio", "heat"), [(None, 0), (0.0, 0), (0.9, 0), (1.0, 1), (1.3, 2), (2.1, 4), (9.0, 8)]
)
def test_a_ratio_has_a_class_of_heat(ratio, heat):
    assert heat_of_ratio(ratio) == heat
