"""The index is made anew, again and again, while two processes write and search: no answer is wrong."""

import shutil
import time
from pathlib import Path

import pytest

from tests.soak import IS_FULL, history, wait_until
from tests.soak.history import Story

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.xdist_group("soak"),
    pytest.mark.timeout(3600),
]

POSTMORTEMS = 100_000 if IS_FULL else 400
REBUILDS = 2 if IS_FULL else 1


@pytest.fixture
def busy(site):
    """Two nodes that write and read, with the file that each keeps its book in."""
    names = ("one", "two") if site.database.is_postgres else ("shared", "shared")
    nodes = [site.node(name) for name in names]
    keys = nodes[0].fill(count=POSTMORTEMS)
    # An index that is far behind would be left out of the comparison: nothing of it is shown.
    for name in dict.fromkeys(names):
        assert site.manage("search", "rebuild", folder=name).wait() == 0
    books = [site.folder / f"book-{place}.jsonl" for place in (0, 1)]
    for place, (node, book) in enumerate(zip(nodes, books, strict=True)):
        writers = [10 + writer for writer in range(place, 4, 2)]
        node.crowd(book=str(book), stories=[], still=keys, writers=writers, readers=2, seed=place)
    wait_until(lambda: is_busy(nodes, books), 1200, "writes and answers before a rebuild")
    return site, nodes, books


def is_busy(nodes, books: list[Path]) -> bool:
    """Whether each process has answered and they have written."""
    return history.acknowledged(books) > 10 and all(node.answers_so_far() > 5 for node in nodes)


def outcome(nodes, books: list[Path]) -> tuple[dict[str, Story], list[str], int, int]:
    """All stories, wrong answers, and how many writes and answers there were."""
    answers = sum(node.disperse() for node in nodes)
    stories: dict[str, Story] = {}
    read = [history.read(book, stories) for book in books]
    wrong = [text for _count, found in read for text in found]
    return stories, wrong, sum(count for count, _found in read), answers


def test_no_answer_is_wrong_while_the_index_is_made_anew(busy):
    site, nodes, books = busy
    began = time.monotonic()

    for _time in range(REBUILDS):
        for folder in {node.folder.name for node in nodes}:
            assert site.manage("search", "rebuild", folder=folder).wait() == 0
    seconds = time.monotonic() - began
    stories, wrong, writes, answers = outcome(nodes, books)

    assert wrong == []
    assert writes > 10
    assert answers > 10
    for node in nodes:
        for key, found in node.numbers(keys=sorted(stories)).items():
            assert history.is_possible(stories[key].possible(), "", found), key
        assert node.differences() == []
        assert node.state()["is_level"]
    memory = [node.state()["memory"] for node in nodes]
    print(
        f"{POSTMORTEMS:,} postmortems made anew {REBUILDS} times in {seconds:.0f} s beside "
        f"{writes} writes and {answers} answers, 0 wrong; {memory} MB"
    )


def test_no_answer_is_wrong_while_the_index_is_lost_and_comes_back(busy):
    _site, nodes, books = busy
    # At the size of the suite it is made anew at once, at that of the soak beside what is open.
    for _time in range(3):
        time.sleep(0.6)
        shutil.rmtree(nodes[0].folder / "index", ignore_errors=True)

    wait_until(lambda: all(node.state()["is_level"] for node in nodes), 1200, "a level index")
    _stories, wrong, _writes, answers = outcome(nodes, books)

    assert wrong == []
    assert answers > 5
    assert [node.differences() for node in nodes] == [[], []]
