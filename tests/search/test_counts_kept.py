"""Counts that are kept while the index moves on: always what counting anew gives."""

import random

import pytest

from postmortems.models import Postmortem
from postmortems.search import counting, states
from tests.search.asking import VISITOR, ask
from tests.search.changes import a_change
from tests.search.mixed import mixed_collection

QUESTIONS = (
    ("", {}),
    ("walrus", {}),
    ("wal*", {}),
    ("", {"cause": ["network"]}),
    ("-seal", {"status": ["archived", "published"]}),
    ("match:most walrus otter", {"year": ["2021..2022"], "language": ["-en"]}),
)


def answers(by) -> list[object]:
    """All counts of all questions."""
    results = [ask(text, by, page_size=1, **params) for text, params in QUESTIONS]
    return [
        (item.count, item.histogram, [(facet.slug, *facet.flat()) for facet in item.facets])
        for item in results
    ]


def anew(by) -> list[object]:
    """The same with nothing kept."""
    counting.forget()
    return answers(by)


@pytest.fixture
def dice() -> random.Random:
    return random.Random(7)


@pytest.fixture
def collection(dice, platform, payments, alice, bob, charlie) -> list[Postmortem]:
    return mixed_collection(dice, 30, (platform, payments), (alice, bob, charlie))


@pytest.fixture
def carried(monkeypatch) -> list[int]:
    """How many postmortems had changed each time that counts were carried along."""
    seen: list[int] = []
    real = states.following.changed_since

    def noted(position, wanted):
        changed = real(position, wanted)
        seen.append(len(changed or ()))
        return changed

    monkeypatch.setattr(states.following, "changed_since", noted)
    return seen


def test_counts_that_were_carried_along_are_those_counted_anew(
    collection, dice, system, alice, charlie, carried
):
    for number in range(30):
        for by in (VISITOR, alice, charlie):
            answers(by)
        for _change in range(dice.randint(1, 3)):
            a_change(dice, collection, system)
        by = (VISITOR, alice, charlie)[number % 3]

        assert answers(by) == anew(by)

    assert max(carried) >= 2


def test_after_too_many_changes_all_is_counted_anew(collection, dice, system, carried, monkeypatch):
    monkeypatch.setattr(states, "MOST_CHANGED", 0)
    answers(VISITOR)

    a_change(dice, collection, system)

    assert answers(VISITOR) == anew(VISITOR)


def test_parts_are_counted_one_by_one_where_their_sets_are_too_many(collection, alice, monkeypatch):
    before = anew(alice)

    monkeypatch.setattr(counting, "MOST_SETS", 1)

    assert anew(alice) == before


def test_only_the_latest_states_are_kept(collection, dice, system):
    for _number in range(counting.MOST_STATES + 3):
        answers(VISITOR)
        ask(f"walrus{_number}")
        a_change(dice, collection, system)

    assert len({kept.state[0] for kept in counting._kept.values()}) <= counting.MOST_STATES
