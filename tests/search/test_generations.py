"""What a killed writer leaves does not harm the next one: nothing is there twice, nothing stands in the way."""

import os
import signal
from collections import Counter

import pytest
import tantivy

from postmortems.search import generations, index
from tests.apart import in_a_process

KEYS = [str(number) for number in range(12)]
# The engine merges so many segments as soon as it sees them.
MERGED = 8


def write(folder_name: str, keys, dies: bool = False) -> None:
    """One commit that replaces the entries of some keys, and what the index says of itself."""
    opened = index.open_at(generations.folder() / folder_name)
    generations.sweep(folder_name)
    with generations.writing(opened) as writer:
        for key in [*keys, generations.META]:
            writer.delete_documents_by_term("pk", key)
            entry = tantivy.Document()
            entry.add_text("pk", key)
            entry.add_bytes("payload", key.encode())
            writer.add_document(entry)
        if dies:
            writer.commit()
            os.kill(os.getpid(), signal.SIGKILL)


def entries_of(name: str) -> Counter:
    searcher = index.open_at(generations.folder() / name).searcher()
    hits = searcher.search(tantivy.Query.all_query(), limit=1_000).hits
    return Counter(searcher.doc(address)["payload"][0].decode() for _score, address in hits)


@pytest.fixture
def name() -> str:
    fresh, _index = generations.begin()
    in_a_process(write, fresh, KEYS)
    return fresh


@pytest.mark.parametrize("attempt", range(5))
def test_a_kill_before_a_merge_leaves_nothing_twice(name, attempt):
    # The last but one wrote the entry that the last replaces; the one between died before it merged.
    for number in range(1, MERGED - 1):
        in_a_process(write, name, [KEYS[number]])
    killed_by = in_a_process(write, name, [KEYS[0]], True)

    in_a_process(write, name, [KEYS[MERGED - 2]])

    assert killed_by == signal.SIGKILL
    assert entries_of(name) == Counter([*KEYS, generations.META])


def test_a_list_of_deletions_of_a_killed_writer_is_not_in_the_way(name):
    folder = generations.folder() / name
    (segment,) = {path.stem for path in folder.glob("*.store")}
    # The next commit gets the number that the killed one had.
    left = [folder / f"{segment}.{number}.del" for number in range(10, 60)]
    for path in left:
        path.write_bytes(b"half a list")

    in_a_process(write, name, KEYS[:1])

    assert entries_of(name) == Counter([*KEYS, generations.META])
    assert len(list(folder.glob("*.del"))) == 1


def test_segments_that_no_commit_names_are_removed(name):
    folder = generations.folder() / name
    (folder / f"{'ab' * 16}.store").write_bytes(b"of a killed writer")
    (folder / ".tmpAbCd").write_bytes(b"half a list of segments")

    in_a_process(write, name, KEYS[:1])

    assert not list(folder.glob("abab*"))
    assert not list(folder.glob(".tmp*"))
    assert entries_of(name) == Counter([*KEYS, generations.META])
