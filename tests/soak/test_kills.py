"""Writers, readers and rebuilds are killed at random moments; every acknowledged write is found afterwards."""

import random
import time
from collections import Counter
from dataclasses import asdict

import pytest

from tests.soak import IS_FULL, history, wait_until
from tests.soak.history import Story
from tests.soak.site import Node, Site

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.xdist_group("soak"),
    pytest.mark.timeout(1800),
]

ROUNDS = 20 if IS_FULL else 1
SEED = 20_261_121
WRITERS, READERS = 8, 4
# Postmortems that a round's writers go on with, of those that earlier rounds left.
CARRIED = 40
# Writes that are acknowledged in a round before anything is killed.
BEFORE_DEATH = 20


class Run:
    """Rounds of writing and dying on one site."""

    def __init__(self, site: Site, folders: tuple[str, str]) -> None:
        self.site, self.folders = site, folders
        self.source = random.Random(f"{SEED} {folders}")
        self.stories: dict[str, Story] = {}
        self.counts: Counter[str] = Counter()

    def round(self, number: int) -> None:
        """Two processes write and read until they are killed; then all is as acknowledged."""
        nodes = [self.site.node(name) for name in self.folders]
        self._check(nodes, list(self.stories)[-CARRIED:])
        books = [self.site.folder / f"book-{number}-{place}.jsonl" for place in (0, 1)]
        for place, (node, book) in enumerate(zip(nodes, books, strict=True)):
            half = range(place, WRITERS, 2)
            node.crowd(
                book=str(book),
                stories=self._carried(number, place),
                still=[],
                writers=[100 * (number + 1) + writer for writer in half],
                readers=READERS // 2,
                seed=SEED + number,
            )
        wait_until(
            lambda: history.acknowledged(books) > BEFORE_DEATH, 1200, "writes before the kill"
        )
        self._let_die(nodes)
        before = set(self.stories)
        for book in books:
            count, wrong = history.read(book, self.stories)
            self.counts["writes"] += count
            assert wrong == []
        touched = sorted(set(self.stories) - before)
        survivors = [self.site.node(name) for name in dict.fromkeys(self.folders)]
        self._check(survivors, touched)
        for node in survivors:
            assert node.differences() == []
            node.end()
        self.counts["rounds"] += 1

    def _carried(self, number: int, place: int) -> list[dict]:
        """Earlier postmortems for the writers of one process, told apart by their order."""
        if not IS_FULL and number == 0:
            return []
        return [asdict(story) for story in list(self.stories.values())[place::2][-CARRIED:]]

    def _let_die(self, nodes: list[Node]) -> None:
        """Kill both, a rebuild beside them too, at moments that nobody chose."""
        rebuilding = self.site.manage("search", "rebuild", folder=self.folders[0])
        time.sleep(self.source.uniform(1.0, 4.0))
        first, second = self.source.sample(nodes, 2)
        first.kill()
        time.sleep(self.source.choice([0.0, 0.02, 0.5]))
        second.kill()
        rebuilding.kill()
        rebuilding.wait()
        self.counts["kills"] += 3

    def _check(self, nodes: list[Node], keys: list[str]) -> None:
        """The next search of each node finds what was acknowledged, or what was just being done."""
        for node in nodes:
            for viewer in ("", "dana"):
                for key, found in node.numbers(keys=keys, viewer=viewer).items():
                    possible = self.stories[key].possible()
                    assert history.is_possible(possible, viewer, found), (key, viewer, found)
                    self.counts["answers"] += 1


def run(site: Site, folders: tuple[str, str]) -> Counter[str]:
    """All rounds; returns what was counted."""
    began = time.monotonic()
    all_rounds = Run(site, folders)
    for number in range(ROUNDS):
        all_rounds.round(number)
    all_rounds.counts["seconds"] = round(time.monotonic() - began)
    engine = "PostgreSQL" if site.database.is_postgres else "SQLite"
    print(engine, folders, dict(all_rounds.counts), "lost 0, differences 0")
    return all_rounds.counts


def test_every_acknowledged_write_is_found_after_kills(site):
    # On PostgreSQL two nodes with an index each; on SQLite two processes of one server.
    folders = ("one", "two") if site.database.is_postgres else ("shared", "shared")

    counts = run(site, folders)

    assert counts["rounds"] == ROUNDS
    assert counts["kills"] == 3 * ROUNDS
    assert counts["writes"] > BEFORE_DEATH * ROUNDS


@pytest.mark.skipif(not IS_FULL, reason="the other layout of directories: make soak")
def test_every_acknowledged_write_is_found_after_kills_in_the_other_layout(site):
    folders = ("shared", "shared") if site.database.is_postgres else ("one", "two")

    counts = run(site, folders)

    assert counts["rounds"] == ROUNDS
