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
from dataclasses import asdict, dataclass, field, replace
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
    """The line of the log that an index has followed it to, and what tells it from another history's."""

    epoch: str = ""
    number: int = 0
    written_at: str = ""


@dataclass(frozen=True)
class State:
    """What a generation accounts for: the log up to a position, the vocabularies as they were then.

    It lags when the vocabularies changed in more entries than could be built anew at once.
    """

    position: Position = Position()
    shapes: dict[str, str] = field(default_factory=dict)
    is_lagging: bool = False


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
    name = _named()
    # An index must not be shared with a parent process.
    is_open = _open is not None and _open.name == name and _open.pid == os.getpid()
    if not name or (is_open and not reread):
        return _open if name else None
    try:
        _open = _reread(_open) if is_open and _open else read(name)
    except (ValueError, OSError, KeyError) as error:
        if is_open and _is_harmed(name):
            # What is mapped of damaged files is damaged too; of deleted ones it stays whole.
            _open = None
        if _named() != name:
            # Another process switched, and removed this one, after its name was read.
            return current(reread=reread)
        # Who did not ask to read it anew does so next, under the lock.
        if reread:
            log.warning("search index cannot be read", generation=name, error=str(error))
        return None
    return _open


def kept() -> Generation | None:
    """The generation that this process read last, which it can read on when its files are gone."""
    return _open if _open and _open.pid == os.getpid() else None


def is_damaged() -> bool:
    """Whether the files of the generation in use are not as they were written; then it is dropped."""
    global _open
    name = _named()
    try:
        index.check(folder() / name)
    except (ValueError, OSError, KeyError) as error:
        log.warning("search index is damaged", generation=name, error=str(error))
        _open = None
        return True
    return False


def read(name: str) -> Generation:
    """A generation by its name. Raises ValueError, OSError or KeyError when it cannot be trusted."""
    index.check(folder() / name)
    found = index.open_at(folder() / name)
    with index.engine_errors():
        return Generation(name, found, _state_of(found.searcher()), os.getpid())


def _reread(opened: Generation) -> Generation:
    """The same generation after what other processes committed."""
    with index.engine_errors():
        opened.index.reload()
        return replace(opened, state=_state_of(opened.index.searcher()))


def _named() -> str:
    """The name of the generation in use; empty when there is none."""
    try:
        return (folder() / "current").read_text()
    except (OSError, ValueError):
        return ""


def _is_harmed(name: str) -> bool:
    """Whether files of a generation are there and are not as they were written."""
    try:
        index.check(folder() / name)
    except OSError:
        return False
    except ValueError:
        return True
    return False


def begin() -> tuple[str, tantivy.Index]:
    """A new, empty generation that nobody uses yet."""
    path = Path(tempfile.mkdtemp(prefix="gen-", dir=folder()))
    try:
        return path.name, index.make_at(path)
    except BaseException:
        discard(path.name)
        raise


def discard(name: str) -> None:
    """Remove a generation, unless it is in use."""
    if name != _named():
        shutil.rmtree(folder() / name, ignore_errors=True)


def switch_to(name: str) -> None:
    """Name the generation in use. The caller holds WRITING."""
    pointer = folder() / "current"
    previous = _named()
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
    _tidy({_named()})


def _tidy(kept: set[str]) -> None:
    for path in folder().glob("gen-*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def sweep(name: str) -> None:
    """Remove what killed processes left in a generation. The caller alone may write to it."""
    for path in index.leftovers(folder() / name):
        path.unlink(missing_ok=True)


@contextmanager
def writing(to: tantivy.Index, threads: int = 1) -> Iterator[tantivy.IndexWriter]:
    """The one writer of an index: commits at the end, and leaves nothing behind after an exception."""
    with index.engine_errors():
        writer = index.writer_of(to, threads)
        # The engine gives the first operation the number of the last commit. Where it merges what a
        # killed process left, while this one commits, it takes a deletion of that number for done.
        writer.delete_documents_by_term("pk", "")
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
    values = {"format": index.FORMAT, **asdict(state)}
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
    return State(Position(**values["position"]), values["shapes"], values["is_lagging"])


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Hold a file lock of the index directory; the system releases it when the process dies."""
    while True:
        with open(folder() / name, "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_there(file):
                yield
                return


@contextmanager
def try_locked(name: str) -> Iterator[TextIOWrapper | None]:
    """Hold a file lock if nobody else does: the open file, or None."""
    with open(folder() / name, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield file


def _is_there(file: TextIOWrapper) -> bool:
    """Whether an open file still has its name: the lock of a deleted directory keeps nobody out."""
    return os.fstat(file.fileno()).st_nlink > 0
