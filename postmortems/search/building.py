"""The entries of many postmortems, made by several processes: making one is Python work, writing it is not."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import django
import tantivy
from django.db import connection

from postmortems.search import entries, index, sources
from taxonomy import lookup

# Fewer than this are done before other processes have started.
MANY = 2_000
MOST_PROCESSES = 4
# Batches that are under way for each process; what is made must not pile up before it is written.
AHEAD = 2


def entries_of(
    pks: Sequence[int], on_progress: Callable[[int, int], None] | None
) -> Iterator[tantivy.Document]:
    """The entries of the postmortems in the order of the keys; tells how many are done."""
    done = 0
    for size, made in documents(pks):
        yield from made
        done += size
        if on_progress:
            on_progress(done, len(pks))


def documents(pks: Sequence[int]) -> Iterator[tuple[int, list[tantivy.Document]]]:
    """The entries of the postmortems batch by batch, each with how many keys it stands for. What is
    gone meanwhile is missing."""
    made = _by_processes(pks) if _may_share(len(pks)) else _alone(pks)
    schema = index.schema()
    for size, rows in made:
        yield size, [tantivy.Document.from_dict(row, schema) for row in rows]


def _may_share(count: int) -> bool:
    """Whether other processes would see the same rows, and be worth starting."""
    # What is not committed, and a database in memory, is this process's alone.
    is_private = connection.in_atomic_block or "mode=memory" in str(
        connection.settings_dict["NAME"]
    )
    return count > MANY and not is_private and _processes() > 1


def _processes() -> int:
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def _alone(pks: Sequence[int]) -> Iterator[tuple[int, list[entries.Values]]]:
    for batch in sources.batches(pks):
        yield len(batch), _made(batch)


def _by_processes(pks: Sequence[int]) -> Iterator[tuple[int, list[entries.Values]]]:
    batches = deque(sources.batches(pks))
    waiting: deque[tuple[int, Future[list[entries.Values]]]] = deque()
    # Spawned, because a forked child would share this one's connections and the engine's threads.
    context = multiprocessing.get_context("spawn")
    name = connection.settings_dict["NAME"]
    with ProcessPoolExecutor(_processes(), context, django.setup) as pool:
        while batches or waiting:
            while batches and len(waiting) < AHEAD * _processes():
                batch = batches.popleft()
                waiting.append((len(batch), pool.submit(_made_for, name, batch)))
            size, result = waiting.popleft()
            yield size, result.result()


def _made_for(database: Any, batch: list[int]) -> list[entries.Values]:
    """In a process of its own, on the database that its parent uses."""
    connection.settings_dict["NAME"] = database
    return _made(batch)


def _made(batch: list[int]) -> list[entries.Values]:
    terms = lookup.current()
    return [entries.fields(source, terms) for source in sources.load(batch)]
