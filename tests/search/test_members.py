"""The sets of which postmortem has which value: always those that the engine finds, whatever has happened."""

import random

import pytest
from tantivy import Query

from postmortems.models import Postmortem
from postmortems.search import generations, index, members, sync
from tests.search.asking import VISITOR, ask
from tests.search.mixed import mixed_collection
from tests.search.test_counts_kept import a_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def dice() -> random.Random:
    return random.Random(9)


@pytest.fixture
def collection(dice, platform, payments, alice, bob, monkeypatch) -> list[Postmortem]:
    monkeypatch.setattr(members, "BLOCK", 8)
    return mixed_collection(dice, 30, (platform, payments), (alice, bob))


def found_by(column: str, value: str) -> set[int]:
    """The keys of all entries that the engine finds by one value."""
    searcher = sync.view().searcher
    query = Query.term_query(index.schema(), column, value, "basic")
    return set(members.found_by(searcher, query, searcher.num_docs))


def kept() -> dict[str, set[int]]:
    """All sets that are not empty."""
    sets = members.members_of(sync.view().searcher).sets
    return {key: set(found) for key, found in sets.items() if found}


def anew() -> dict[str, set[int]]:
    """The same with nothing kept."""
    members.forget()
    return kept()


def test_sets_follow_everything_that_happens(collection, dice, system):
    for _number in range(20):
        kept()
        a_change(dice, collection, system)

        followed = kept()

        assert followed == anew()
        for key in dice.sample(sorted(followed), 10):
            assert followed[key] == found_by(*key.split(":", 1)), key


def test_a_rebuild_makes_the_same_sets(collection, dice, system):
    kept()
    a_change(dice, collection, system)
    followed = kept()

    sync.rebuild()

    assert anew() == followed


def test_the_sets_of_another_state_stay_as_they_are(collection, dice, system):
    before = members.members_of(sync.view().searcher)
    copied = {key: set(found) for key, found in before.sets.items()}

    for _number in range(3):
        a_change(dice, collection, system)
        kept()

    assert {key: set(found) for key, found in before.sets.items()} == copied


def test_what_a_query_finds_is_told_by_its_keys(collection, monkeypatch):
    searcher = sync.view().searcher
    for value in ("published", "draft", "archived", "nothing"):
        query = Query.term_query(index.schema(), "status", value, "basic")
        keys = set(Postmortem.objects.filter(status=value).values_list("pk", flat=True))

        assert set(members.found_by(searcher, query, searcher.num_docs)) == keys

        with monkeypatch.context() as patch:
            patch.setattr(members, "MOST_WORDS", 0)
            assert set(members.found_by(searcher, query, searcher.num_docs)) == keys


def test_keys_far_apart_are_told_apart():
    words = {0: 0b101, members.WORDS - 1: 1 << 47, 80_000_000: 0b10}

    found = members.BitMap.union(*members._unpacked(words))

    assert list(found) == [0, 2, members.WORDS * 48 - 1, 80_000_000 * 48 + 1]


def test_no_search_finds_a_block(collection):
    assert {hit.ref for hit in ask("").hits} & {members.REF} == set()
    assert ask(members.REF, VISITOR).count == 0


def test_verifying_finds_a_set_that_is_wrong(collection):
    sync.view()
    opened = generations.current(reread=True)
    with generations.writing(opened.index) as writer:
        searcher = opened.index.searcher()
        members.rewrite(writer, searcher, [collection[0].pk], [])
    opened.index.reload()

    assert [name for name in sync.verify() if name.startswith("set term:")]
