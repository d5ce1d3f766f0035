"""The files of this node's index: generations, which one is in use, locks. `sync` decides what happens to them.

The index directory holds generations (`gen-…`, one engine index each) and `current`, which names the
one in use and is replaced atomically. What a generation has followed stands in it as an entry of
its own, written by the same commit as the entries it accounts for.
"""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import TextIOWrapper
from pathlib import Path

import structlog
import tantivy
from django.conf import settings

from postmortems.search import index

log = structlog.get_logger(__name__)

META = "position"
# Held while a generation is written to or switched in.
WRITING = "lock"
# Held by a rebuild from its start to its end.
REBUILDING = "rebuild.lock"
# Held by a background rebuild's process for as long as it lives, so that only one is started.
BACKGROUND = "background.lock"


@dataclass(frozen=True)
class Position:
    """How far an index has followed which log."""

    epoch: str = ""
    number: int = 0


@dataclass(frozen=True)
class State:
    """What a generation accounts for: the log up to a position, the vocabularies as they were then."""

    position: Position = Position()
    shapes: dict[str, str] = field(default_factory=dict)


@dataclass
class Generation:
    """A generation opened by this process."""

    name: str
    index: tantivy.Index
    state: State
    pid: int


_open: Generation | None = None


def forget() -> None:
    """Drop what this process has open."""
    global _open
    _open = None


def folder() -> Path:
    """The index directory of this node."""
    path = Path(settings.SEARCH_INDEX_DIR)
    path.mkdir(parents=True, exist_ok=True)
    return path


def current(*, reread: bool = False) -> Generation | None:
    """The generation in use, opened; None when there is none or it cannot be read.

    Another process's commits show after `reread`; another process's switch shows always.
    """
    global _open
    try:
        name = (folder() / "current").read_text()
    except OSError:
        return None
    # An index must not be shared with a parent process.
    is_open = _open is not None and _open.name == name and _open.pid == os.getpid()
    if is_open and not reread:
        return _open
    try:
        found = _open.index if is_open and _open else index.open_at(folder() / name)
        found.reload()
        _open = Generation(name, found, _state_of(found.searcher()), os.getpid())
    except (ValueError, OSError, KeyError) as error:
        log.warning("search index cannot be read; it is rebuilt", generation=name, error=str(error))
        return None
    return _open


def begin() -> tuple[str, tantivy.Index]:
    """A new, empty generation that nobody uses yet."""
    path = Path(tempfile.mkdtemp(prefix="gen-", dir=folder()))
    return path.name, index.open_at(path)


def switch_to(name: str) -> None:
    """Name the generation in use. The caller holds WRITING."""
    pointer = folder() / "current"
    previous = pointer.read_text() if pointer.exists() else ""
    fresh = folder() / "current.new"
    with fresh.open("w") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(pointer)
    with try_locked(REBUILDING) as file:
        # Whoever rebuilds is writing to a generation that is not named yet.
        if file:
            _tidy({name, previous})


def tidy() -> None:
    """Remove all generations but the one in use. The caller holds WRITING and REBUILDING."""
    _tidy({(folder() / "current").read_text()})


def _tidy(kept: set[str]) -> None:
    for path in folder().glob("gen-*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def writing(to: tantivy.Index, threads: int = 1) -> Iterator[tantivy.IndexWriter]:
    """The one writer of an index: commits at the end, and leaves nothing behind after an exception."""
    writer = index.writer_of(to, threads)
    try:
        yield writer
        writer.commit()
    finally:
        # This ends the writer, and with it the engine's own lock; what was not committed is gone.
        writer.wait_merging_threads()


def state_entry(state: State) -> tantivy.Document:
    """The entry that says what a generation accounts for."""
    entry = tantivy.Document()
    entry.add_text("pk", META)
    values = {"format": index.FORMAT, **asdict(state.position), "shapes": state.shapes}
    entry.add_bytes("payload", json.dumps(values).encode())
    return entry


def _state_of(searcher: tantivy.Searcher) -> State:
    """What the last commit wrote. Raises ValueError for an index of another format."""
    query = tantivy.Query.term_query(index.schema(), "pk", META, "basic")
    hits = searcher.search(query, limit=1).hits
    if not hits:
        raise ValueError("it names no position in the log")
    values = json.loads(searcher.doc(hits[0][1])["payload"][0])
    if values["format"] != index.FORMAT:
        raise ValueError(f"it has format {values['format']}, not {index.FORMAT}")
    return State(Position(values["epoch"], values["number"]), values["shapes"])


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a file lock of the index directory; the system releases it when the process dies."""
    with open(folder() / name, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def try_locked(name: str) -> Iterator[TextIOWrapper | None]:
    """Hold a file lock if nobody else does: the open file, or None."""
    with open(folder() / name, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file
