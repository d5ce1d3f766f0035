"""Known problems: what is gathered, in what order, for whom, in how many statements."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems import known_problems
from postmortems.document import Relation
from postmortems.known_problems import known_problem, occurrences_of
from postmortems.moments import parse_moment
from tests import makers

pytestmark = pytest.mark.django_db


def make(title, *others, started="", **fields):
    """A postmortem that is the same defect as the others."""
    relations = tuple(Relation("same-defect", other.ref) for other in others)
    document = makers.make_document(title, relations=relations, started=parse_moment(started))
    return makers.make_postmortem(document, **fields)


def chain(length):
    """So many, each the same defect as the one before."""
    found = [make("First")]
    for number in range(1, length):
        found.append(make(f"Next {number}", found[-1]))
    return found


def titles(postmortem, viewer):
    return {row.title for row in occurrences_of(postmortem, viewer)}


def test_a_chain_is_one_problem_from_wherever_it_is_asked(alice):
    found = chain(5)
    make("Another", started="2023")

    for postmortem in found:
        assert occurrences_of(postmortem, alice).count() == 5


def test_one_alone_is_its_only_occurrence(alice):
    assert titles(make("Alone"), alice) == {"Alone"}


def test_another_kind_of_relation_joins_nothing(alice):
    first = make("First")
    document = makers.make_document("Like it", relations=(Relation("similar-pattern", first.ref),))
    makers.make_postmortem(document)

    assert titles(first, alice) == {"First"}


def test_rings_and_relations_to_itself_end(alice):
    first, second = chain(2)
    make("Third", first, second)

    assert titles(first, alice) == {"First", "Next 1", "Third"}


def test_a_chain_through_a_hidden_one_is_not_joined(alice, charlie):
    first = make("First")
    hidden = make("Hidden", first, visibility="restricted", authors=(alice,))
    make("Last", hidden)

    assert titles(first, alice) == {"First", "Hidden", "Last"}
    assert titles(first, charlie) == {"First"}


def test_occurrences_stand_in_the_order_of_time_with_the_unknown_last(alice):
    first = make("March", started="2024-03")
    second = make("Unknown", first)
    third = make("Bounded", second, started="≤ 2024-06-20")
    make("September", third, started="2023-09")

    found = known_problem(first, alice)

    assert [item.document.title for item in found.occurrences] == [
        "September",
        "March",
        "Bounded",
        "Unknown",
    ]
    assert [
        (item.since.low, item.since.high) if item.since else None for item in found.occurrences
    ] == [
        None,
        (5, 7),
        (None, 4),
        None,
    ]


@pytest.mark.parametrize("length", [1, 3, 12])
def test_it_takes_as_many_statements_however_many_there_are(db, length, django_assert_num_queries):
    found = chain(length)
    known_problem(found[0], AnonymousUser())

    with django_assert_num_queries(9):
        assert len(known_problem(found[0], AnonymousUser()).occurrences) == length


def test_no_more_than_a_bound_are_gathered(alice, monkeypatch):
    monkeypatch.setattr(known_problems, "MOST", 3)
    found = chain(5)

    problem = known_problem(found[0], alice)

    assert (len(problem.occurrences), problem.is_cut) == (3, True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="tells by the plans of SQLite")
def test_the_walk_looks_everything_up_by_key(alice):
    found = chain(3)

    with CaptureQueriesContext(connection) as asked:
        list(occurrences_of(found[0], alice))

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1]['sql']}")
        plan = [row[-1] for row in cursor.fetchall()]
    assert [step for step in plan if step.startswith("SCAN") and step != "SCAN walk"] == []
