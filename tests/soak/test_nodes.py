"""Two processes stay in step: what one writes, the other's very next search knows."""

import shutil
import time

import pytest

from tests.soak import history, wait_until

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.xdist_group("soak")]

MANY = 150_000


@pytest.fixture
def pair(site):
    """Two nodes: on PostgreSQL each with a copy of the index, on SQLite with one in common."""
    names = ("one", "two") if site.database.is_postgres else ("shared", "shared")
    return [site.node(name) for name in names]


def shown(node, key: str, viewer: str = "") -> list[str]:
    return list(node.ask(text=key, viewer=viewer)["shown"])


def test_each_node_finds_at_once_what_the_other_writes_hides_and_removes(pair):
    for number in range(4):
        here, there = pair if number % 2 else reversed(pair)
        key, renamed = history.word("k", number), history.word("r", number)

        ref = here.create(title=key, status="draft")
        assert (shown(there, key), shown(there, key, "dana")) == ([], [ref])
        there.publish(ref=ref)
        assert shown(here, key) == [ref]
        here.edit(ref=ref, title=renamed)
        assert (shown(there, key), shown(there, renamed)) == ([], [ref])

        here.change(ref=ref, visibility="internal")
        assert (shown(there, renamed), shown(there, renamed, "charlie")) == ([], [ref])
        there.change(ref=ref, visibility="restricted")
        assert (shown(here, renamed, "charlie"), shown(here, renamed, "dana")) == ([], [ref])
        here.change(ref=ref, visibility="public")
        assert shown(there, renamed) == [ref]
        there.change(ref=ref, status="draft")
        assert (shown(here, renamed), shown(here, renamed, "dana")) == ([], [ref])
        here.publish(ref=ref)
        assert shown(there, renamed) == [ref]
        here.remove(ref=ref)
        assert (shown(there, renamed), shown(there, renamed, "dana")) == ([], [])

    assert [node.differences() for node in pair] == [[], []]


def test_a_very_large_postmortem_is_saved_and_found(site):
    node = site.node()
    words = [history.word("w", number * 7919) for number in range(MANY)]
    text = " ".join(words)
    node.create(title="small")
    assert node.ask(text="small")["count"] == 1
    began = time.monotonic()

    ref = node.create(title="Large", text=text)

    saved = time.monotonic() - began
    assert len(text) > 1_490_000
    for word in (words[0], words[MANY // 2], words[-1]):
        assert shown(node, word) == [ref]
    assert node.differences() == []
    print(f"saved {len(text):,} bytes of {MANY:,} words in {saved:.1f} s")


@pytest.fixture
def restored(site):
    """Two nodes with their own indexes whose database went back to an earlier state."""
    one, two = site.node("one"), site.node("two")
    kept = one.create(title="kept")
    hidden = one.create(title="hidden", visibility="restricted")
    site.stop_nodes()
    backup = type(site.database)(site.folder)
    backup.take_over(site.database)
    one, two = site.node("one"), site.node("two")
    one.create(title="lost")
    one.change(ref=hidden, visibility="public")
    assert two.ask(text="hidden")["count"] == two.ask(text="lost")["count"] == 1
    site.stop_nodes()
    site.database.take_over(backup)
    backup.drop()
    return site, kept, hidden


def test_a_database_restored_to_an_earlier_state_is_noticed(restored):
    site, kept, hidden = restored
    one, two = site.node("one"), site.node("two")

    # Ahead of the log.
    assert shown(one, "") == [kept]
    # Then the log goes on, over the numbers that the other node has followed in the other history.
    further = [one.create(title=f"further {number}") for number in range(5)]

    assert sorted(shown(two, "")) == sorted([kept, *further])
    assert shown(two, "hidden", "dana") == [hidden]
    for node in (one, two):
        assert node.differences() == []
        assert node.events() == ["search index is made anew", "search index made anew"]


def is_level_after_a_search(node, key: str) -> bool:
    node.ask(text=key)
    return node.state()["is_level"]


def test_an_index_lost_on_a_large_site_comes_back_while_pages_are_up(site):
    node = site.node()
    node.set_backlog(count=50)
    keys = node.fill(count=200)
    shutil.rmtree(node.folder / "index", ignore_errors=True)

    first = node.state()
    wait_until(lambda: is_level_after_a_search(node, keys[0]), 1200, "a level index")

    assert not first["is_level"]
    assert node.numbers(keys=keys[:20]) == dict.fromkeys(keys[:20], 1)
    assert node.differences() == []
    assert "search index is level again" in node.events()
