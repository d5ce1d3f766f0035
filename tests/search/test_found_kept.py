"""Sets that are kept while the index moves on: always what asking anew finds."""

import random

import pytest

from postmortems.insights import keeping, meetings, same_defects, together
from postmortems.insights.asking import all_listed, all_visible, selected
from postmortems.search import counting, finding, members, states
from tests.search.asking import VISITOR
from tests.search.changes import a_change
from tests.search.mixed import mixed_collection

QUESTIONS = (
    ("", {}),
    ("walrus", {}),
    ("", {"cause": ["network"]}),
    ("-seal", {"status": ["archived", "published"]}),
)


@pytest.fixture
def dice() -> random.Random:
    return random.Random(11)


@pytest.fixture
def collection(dice, platform, payments, alice, bob, charlie):
    return mixed_collection(dice, 30, (platform, payments), (alice, bob, charlie))


def answers(by) -> list[object]:
    """What all questions find, and how many of that have both of two terms."""
    made = [selected(text, params, by) for text, params in QUESTIONS]
    return [
        (
            sorted(one.found),
            sorted(all_visible(one)),
            sorted(all_listed(one)),
            [
                (item.given.id, item.found.id, item.table)
                for item in together.associations_of(one)[0]
            ],
        )
        for one in made
    ]


def anew(by) -> list[object]:
    """The same with nothing kept."""
    for kept in (counting, finding, keeping, meetings, members, same_defects):
        kept.forget()
    return answers(by)


def test_what_was_carried_along_is_what_is_found_anew(
    collection, dice, system, alice, charlie, monkeypatch
):
    monkeypatch.setattr(meetings, "MANY", 0)
    for number in range(20):
        for by in (VISITOR, alice, charlie):
            answers(by)
        for _change in range(dice.randint(1, 3)):
            a_change(dice, collection, system)
        by = (VISITOR, alice, charlie)[number % 3]

        assert answers(by) == anew(by)


def test_after_too_many_changes_all_is_found_anew(collection, dice, system, monkeypatch):
    monkeypatch.setattr(meetings, "MANY", 0)
    monkeypatch.setattr(states, "MOST_CHANGED", 0)
    answers(VISITOR)

    a_change(dice, collection, system)

    assert answers(VISITOR) == anew(VISITOR)


def test_a_question_asked_again_finds_the_same_set(collection):
    first = selected("walrus", {}, VISITOR).found

    assert selected("walrus", {}, VISITOR).found is first


def test_only_so_many_sets_are_kept(collection):
    for number in range(finding.KEPT + 5):
        selected(f"walrus{number}", {}, VISITOR)

    assert len(finding._kept) == finding.KEPT
