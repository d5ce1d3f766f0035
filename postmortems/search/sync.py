"""Keeps this node's index level with the log: applies what is new, rebuilds when it must, verifies.

The index directory holds generations (`gen-…`, one engine index each), `current`, which names the
one in use and is replaced atomically, and two lock files. The position in the log stands in each
generation as an entry of its own, written by the same commit as the entries it accounts for.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
import tantivy
from django.conf import settings
from django.db import Error

from postmortems import content
from postmortems.models import Audience, Postmortem, Relation, SearchLog
from postmortems.search import index as index_module
from postmortems.search.index import Source
from taxonomy import lookup

log = structlog.get_logger(__name__)

# More than this many changes behind, a rebuild beside the serving index is quicker than catching up.
BACKLOG = 2_000
BATCH = 200
META = "position"


@dataclass(frozen=True)
class Position:
    """How far an index has followed which log."""

    epoch: str = ""
    number: int = 0


@dataclass
class _Open:
    """A generation opened by this process."""

    name: str
    index: tantivy.Index
    position: Position
    pid: int


@dataclass(frozen=True)
class View:
    """What one search reads: a searcher that no commit moves, and what it must leave out because
    its change is not indexed yet."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    pending: tuple[str, ...] = ()


_open: _Open | None = None
_guard = threading.RLock()


def forget() -> None:
    """Drop what this process has open."""
    global _open
    with _guard:
        _open = None


def view() -> View:
    """The index level with the log; or, while a rebuild runs, the old one less what has changed."""
    with _guard:
        opened, pending = _level()
        return View(opened.index.searcher(), opened.index.schema, pending)


def catch_up() -> None:
    """Apply what is new in the log; called after each commit that wrote to it."""
    with _guard:
        _level()


def rebuild(on_progress: Callable[[int, int], None] | None = None) -> int:
    """Build a new generation from the database and switch to it; returns how many entries it has.

    Searching goes on in the old one meanwhile. When another process is already rebuilding, waits
    for it and then builds again.
    """
    with _locked("rebuild.lock"):
        name, count = _build(on_progress)
        with _locked("lock"):
            _switch_to(name)
    forget()
    return count


def verify() -> list[str]:
    """The refs of all postmortems whose entry differs from their row, and of entries without one."""
    opened = view()
    stored = _stored_hashes(opened.searcher)
    terms = lookup.current()
    wrong = []
    for batch in _batches(Postmortem.objects.live().order_by("pk").values_list("pk", flat=True)):
        for source in load(batch):
            found = stored.pop(str(source.postmortem.pk), None)
            if found != index_module.expected_hash(source, terms):
                wrong.append(source.postmortem.ref)
    return wrong + [f"entry {pk} without a row" for pk in stored]


# --- Following the log --------------------------------------------------------------------------


def _level() -> tuple[_Open, tuple[str, ...]]:
    newest = SearchLog.objects.newest()
    wanted = Position(newest.epoch, newest.pk) if newest else Position()
    opened = _current()
    if opened and opened.position == wanted:
        return opened, ()
    with _locked("lock"):
        opened = _current(reread=True)
        if opened is None or not _follows(opened.position, wanted):
            name, _count = _build(None)
            _switch_to(name)
            return _must_open(), ()
        if opened.position == wanted:
            return opened, ()
        changed = _changed_since(opened.position)
        if len(changed) > BACKLOG:
            _rebuild_in_background()
            return opened, tuple(map(str, changed))
        _apply(opened, changed, wanted)
        return opened, ()


def _follows(position: Position, wanted: Position) -> bool:
    """Whether the index can go on from where it is: the same history, and not ahead of it."""
    is_same = position.epoch == wanted.epoch or position == Position()
    return is_same and position.number <= wanted.number


def _changed_since(position: Position) -> list[int]:
    changed = SearchLog.objects.since(position.number).values_list("postmortem_id", flat=True)
    return sorted({pk for pk in changed if pk is not None})


def _apply(opened: _Open, changed: Sequence[int], wanted: Position) -> None:
    writer = index_module.writer_of(opened.index)
    terms = lookup.current()
    for pk in changed:
        writer.delete_documents_by_term("pk", str(pk))
    for batch in _batches(changed):
        for source in load(batch):
            writer.add_document(index_module.entry(source, terms))
    writer.delete_documents_by_term("pk", META)
    writer.add_document(_position_entry(wanted))
    writer.commit()
    writer.wait_merging_threads()
    opened.index.reload()
    opened.position = wanted


def _rebuild_in_background() -> None:
    """Start the rebuild in a process of its own, unless one is running."""
    with _try_lock("rebuild.lock") as is_free:
        if not is_free:
            return
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "search", "rebuild"]
    environment = {**os.environ, "HINDSIGHT_DATA_DIR": str(settings.DATA_DIR)}
    subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    log.info("search index is far behind; rebuilding beside it")


# --- Building -----------------------------------------------------------------------------------


def _build(on_progress: Callable[[int, int], None] | None) -> tuple[str, int]:
    """A new generation of everything there is; its position is read first, so nothing is missed."""
    newest = SearchLog.objects.newest()
    position = Position(newest.epoch, newest.pk) if newest else Position()
    folder = Path(tempfile.mkdtemp(prefix="gen-", dir=_folder()))
    opened = index_module.open_at(folder)
    writer = index_module.writer_of(opened, threads=2)
    terms = lookup.current()
    pks = list(Postmortem.objects.live().order_by("pk").values_list("pk", flat=True))
    done = 0
    for batch in _batches(pks):
        for source in load(batch):
            writer.add_document(index_module.entry(source, terms))
        done += len(batch)
        if on_progress:
            on_progress(done, len(pks))
    writer.add_document(_position_entry(position))
    writer.commit()
    writer.wait_merging_threads()
    return folder.name, len(pks)


def _switch_to(name: str) -> None:
    """Name the generation in use; older ones go, but for the last, which others may still open."""
    folder, pointer = _folder(), _folder() / "current"
    previous = pointer.read_text() if pointer.exists() else ""
    fresh = folder / f"current.{os.getpid()}"
    fresh.write_text(name)
    os.replace(fresh, pointer)
    for old in folder.glob("gen-*"):
        if old.name not in (name, previous):
            shutil.rmtree(old, ignore_errors=True)


def load(pks: Iterable[int]) -> list[Source]:
    """The sources of entries, in a constant number of statements; what is gone or binned is missing."""
    found = list(Postmortem.objects.live().filter(pk__in=list(pks)).select_related("team"))
    documents = content.read_many(found)
    audiences: dict[int, list[str]] = defaultdict(list)
    rows = Audience.objects.filter(postmortem__in=found).order_by("token")
    for pk, token in rows.values_list("postmortem_id", "token"):
        audiences[pk].append(token)
    relations = _relations(found)
    return [
        Source(
            postmortem=postmortem,
            document=documents[postmortem.pk],
            audience=tuple(audiences[postmortem.pk]),
            team=postmortem.team.slug,
            relations=relations.get(postmortem.pk, ()),
        )
        for postmortem in found
    ]


def _relations(postmortems: Sequence[Postmortem]) -> dict[int, tuple[str, ...]]:
    """Each postmortem's relations with the audience of the other end, symmetric ones from both ends."""
    by_ref = {postmortem.ref: postmortem.pk for postmortem in postmortems}
    out = Relation.objects.filter(postmortem__in=postmortems)
    back = Relation.objects.filter(target_ref__in=by_ref)
    pairs: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for pk, kind, target in out.values_list("postmortem_id", "kind", "target_ref"):
        pairs[pk].add((kind, target))
    for source, kind, target in back.values_list("postmortem__ref", "kind", "target_ref"):
        if index_module.counts_at_target(kind):
            pairs[by_ref[target]].add((kind, source))
    others = {ref for found in pairs.values() for _kind, ref in found}
    seen: dict[str, list[str]] = defaultdict(list)
    ends = Audience.objects.filter(postmortem__ref__in=others, postmortem__deleted_at=None)
    for ref, token in ends.values_list("postmortem__ref", "token"):
        seen[ref].append(token)
    return {
        pk: index_module.relation_tokens((kind, seen[ref]) for kind, ref in found)
        for pk, found in pairs.items()
    }


# --- Files --------------------------------------------------------------------------------------


def _folder() -> Path:
    folder = Path(settings.SEARCH_INDEX_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _current(*, reread: bool = False) -> _Open | None:
    """The generation in use, opened; None when there is none or it cannot be read."""
    global _open
    pointer = _folder() / "current"
    try:
        name = pointer.read_text()
    except OSError:
        return None
    is_open = _open is not None and _open.name == name and _open.pid == os.getpid()
    if is_open and not reread:
        return _open
    try:
        opened = _open.index if is_open and _open else index_module.open_at(_folder() / name)
        opened.reload()
        _open = _Open(name, opened, _position_of(opened.searcher()), os.getpid())
    except (ValueError, OSError, KeyError) as error:
        log.warning("search index cannot be read; it is rebuilt", generation=name, error=str(error))
        return None
    return _open


def _must_open() -> _Open:
    opened = _current(reread=True)
    if opened is None:
        raise RuntimeError(f"The search index in {_folder()} was just built and cannot be read.")
    return opened


def _position_entry(position: Position) -> tantivy.Document:
    entry = tantivy.Document()
    entry.add_text("pk", META)
    values = {"epoch": position.epoch, "number": position.number, "format": index_module.FORMAT}
    entry.add_text("payload", json.dumps(values))
    return entry


def _position_of(searcher: tantivy.Searcher) -> Position:
    """The position written by the last commit. Raises ValueError for an index of another format."""
    query = tantivy.Query.term_query(index_module.schema(), "pk", META, "basic")
    hits = searcher.search(query, limit=1).hits
    if not hits:
        raise ValueError("it names no position in the log")
    values = json.loads(searcher.doc(hits[0][1])["payload"][0])
    if values["format"] != index_module.FORMAT:
        raise ValueError(f"it has format {values['format']}, not {index_module.FORMAT}")
    return Position(values["epoch"], values["number"])


def _stored_hashes(searcher: tantivy.Searcher) -> dict[str, str]:
    """The digest of every entry by primary key."""
    everything = searcher.search(tantivy.Query.all_query(), limit=max(searcher.num_docs, 1))
    found = {}
    for _score, address in everything.hits:
        entry = searcher.doc(address)
        if entry["hash"]:
            found[json.loads(entry["payload"][0])["pk"]] = entry["hash"][0]
    return found


def _batches(values: Iterable[int]) -> Iterator[list[int]]:
    every = list(values)
    for start in range(0, len(every), BATCH):
        yield every[start : start + BATCH]


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Hold a file lock of the index directory; released by the system when the process dies."""
    with open(_folder() / name, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _try_lock(name: str) -> Iterator[bool]:
    """Hold a file lock if nobody else does; tells which."""
    with open(_folder() / name, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def is_readable() -> bool:
    """Whether this node can search: the index opens, or can be built, and is level with the log."""
    try:
        view()
    except (OSError, ValueError, Error) as error:
        log.warning("search index not readable", error=str(error))
        return False
    return True
