"""Keeps this node's index level with the log: applies what is new, rebuilds when it must, verifies."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
import tantivy
from django.conf import settings
from django.db import Error

from postmortems.models import SearchLog
from postmortems.search import entries, generations, sources
from postmortems.search.generations import (
    BACKGROUND,
    META,
    REBUILDING,
    WRITING,
    Generation,
    Position,
    State,
)
from taxonomy import lookup

log = structlog.get_logger(__name__)

# More than this many changes behind, a rebuild beside the serving index is quicker than catching up.
BACKLOG = 2_000

_guard = threading.RLock()


@dataclass(frozen=True)
class View:
    """What one search reads: a searcher that no commit moves, which state of the index that is, and
    what it must leave out because its change is not indexed yet."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    state: tuple[str, Position]
    pending: tuple[str, ...] = ()


def forget() -> None:
    """Drop what this process has open."""
    with _guard:
        generations.forget()


def view() -> View:
    """The index level with the log; or, while a rebuild runs, the old one less what has changed."""
    with _guard:
        opened, pending = _level()
        state = (opened.name, opened.state.position)
        return View(opened.index.searcher(), opened.index.schema, state, pending)


def catch_up() -> None:
    """Apply what is new in the log; called after each commit that wrote to it."""
    with _guard:
        _level()


def rebuild(on_progress: Callable[[int, int], None] | None = None) -> int:
    """Build a new generation from the database and switch to it; returns how many entries it has.

    Searching goes on in the old one meanwhile. When another process is already rebuilding, waits
    for it and then builds again.
    """
    with generations.locked(REBUILDING):
        name, count = _build(on_progress)
        with generations.locked(WRITING):
            generations.switch_to(name)
            generations.tidy()
    forget()
    return count


def is_readable() -> bool:
    """Whether this node can search: the index opens, or can be built, and is level with the log."""
    try:
        view()
    except (OSError, ValueError, Error) as error:
        log.warning("search index not readable", error=str(error))
        return False
    return True


# --- Following the log --------------------------------------------------------------------------


def _level() -> tuple[Generation, tuple[str, ...]]:
    wanted = _newest()
    opened = generations.current()
    if opened and opened.state.position == wanted:
        return opened, ()
    with generations.locked(WRITING):
        opened = generations.current(reread=True)
        # Asked again: whoever held the lock may have gone further than what was newest before.
        wanted = _newest()
        if opened is None or not _follows(opened.state.position, wanted):
            return _started_afresh(), ()
        if opened.state.position == wanted:
            return opened, ()
        changed = _changed_since(opened.state.position, wanted)
        if len(changed) > BACKLOG:
            _rebuild_in_background()
            return opened, tuple(map(str, changed))
        _apply(opened, changed, wanted)
        return opened, ()


def _newest() -> Position:
    newest = SearchLog.objects.newest()
    return Position(newest.epoch, newest.pk) if newest else Position()


def _follows(position: Position, wanted: Position) -> bool:
    """Whether the index can go on from where it is: the same history, and not ahead of it."""
    is_same = position.epoch == wanted.epoch or position == Position()
    return is_same and position.number <= wanted.number


def _changed_since(position: Position, wanted: Position) -> list[int]:
    lines = SearchLog.objects.since(position.number).filter(pk__lte=wanted.number)
    return sorted({pk for pk in lines.values_list("postmortem_id", flat=True) if pk is not None})


def _apply(opened: Generation, changed: Sequence[int], wanted: Position) -> None:
    terms = lookup.current()
    shapes = sources.shapes_of(terms)
    reshaped = sources.with_changed_shape(opened.state.shapes, shapes)
    if len(reshaped) > BACKLOG:
        # The tree's counts are as before until the rebuild is there; everything else is current.
        _rebuild_in_background()
        reshaped, shapes = [], opened.state.shapes
    state = State(wanted, shapes)
    keys = sorted({*changed, *reshaped})
    with generations.writing(opened.index) as writer:
        for pk in keys:
            writer.delete_documents_by_term("pk", str(pk))
        for batch in sources.batches(keys):
            for source in sources.load(batch):
                writer.add_document(entries.entry(source, terms))
        writer.delete_documents_by_term("pk", META)
        writer.add_document(generations.state_entry(state))
    opened.index.reload()
    opened.state = state


def _rebuild_in_background() -> None:
    """Start the rebuild in a process of its own, unless one is running."""
    with generations.try_locked(BACKGROUND) as lock:
        if lock is None:
            return
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "search", "rebuild"]
        environment = {**os.environ, "HINDSIGHT_DATA_DIR": str(settings.DATA_DIR)}
        # The child inherits the open file: the lock is held until it ends, however it ends.
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )
    log.info("search index is far behind; rebuilding beside it")


# --- Building -----------------------------------------------------------------------------------


def _started_afresh() -> Generation:
    """A generation built here and now: there is none that could be followed from."""
    name, _count = _build(None)
    generations.switch_to(name)
    opened = generations.current(reread=True)
    if opened is None:
        raise RuntimeError(f"The search index {name} was just built and cannot be read.")
    return opened


def _build(on_progress: Callable[[int, int], None] | None) -> tuple[str, int]:
    """A new generation of everything there is; its position is read first, so nothing is missed."""
    position = _newest()
    name, opened = generations.begin()
    terms = lookup.current()
    pks = sources.live_keys()
    done = 0
    with generations.writing(opened, threads=2) as writer:
        for batch in sources.batches(pks):
            for source in sources.load(batch):
                writer.add_document(entries.entry(source, terms))
            done += len(batch)
            if on_progress:
                on_progress(done, len(pks))
        writer.add_document(generations.state_entry(State(position, sources.shapes_of(terms))))
    return name, len(pks)


# --- Verifying ----------------------------------------------------------------------------------


def verify() -> list[str]:
    """The refs of all postmortems whose entry differs from their row, and of entries without one."""
    first = _differences()
    # What changed while this was looking is level by now.
    return [name for name in _differences() if name in first] if first else []


def _differences() -> list[str]:
    found, wrong = _stored_hashes(view().searcher)
    terms = lookup.current()
    for batch in sources.batches(sources.live_keys()):
        for source in sources.load(batch):
            stored = found.pop(str(source.postmortem.pk), None)
            if stored != entries.expected_hash(source, terms):
                wrong.append(source.postmortem.ref)
    return wrong + [f"entry {pk} without a row" for pk in found]


def _stored_hashes(searcher: tantivy.Searcher) -> tuple[dict[str, bytes], list[str]]:
    """The digest of every entry by primary key, and what is there twice."""
    everything = searcher.search(tantivy.Query.all_query(), limit=max(searcher.num_docs, 1))
    found: dict[str, bytes] = {}
    twice = []
    for _score, address in everything.hits:
        entry = searcher.doc(address)
        if entry["hash"]:
            pk = json.loads(entry["payload"][0])["pk"]
            if pk in found:
                twice.append(f"second entry {pk}")
            found[pk] = entry["hash"][0]
    return found, twice
