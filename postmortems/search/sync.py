"""Keeps this node's index level with the log: applies what is new, makes it anew when it must, verifies."""

import functools
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import structlog
import tantivy
from django.db import Error

from postmortems.search import (
    background,
    building,
    entries,
    following,
    generations,
    index,
    members,
    ranking,
    sources,
)
from postmortems.search.combining import all_of, none_of
from postmortems.search.generations import META, REBUILDING, WRITING, Generation, Position, State
from taxonomy import lookup
from taxonomy.lookup import Terms

log = structlog.get_logger(__name__)

# More than this many changes behind, a rebuild beside the serving index is quicker than catching up;
# and so many postmortems are indexed while a reader waits.
BACKLOG = 2_000
# How often a generation is made before one is taken that lags already.
MOST_BUILDINGS = 5
# After a failure to write, how long the index is read as it is before the next try.
RETRY_SECONDS = 5.0

_guard = threading.RLock()

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class View:
    """What one search reads: a searcher that no commit moves, which state of the index that is, and
    what it must leave out because its change is not indexed yet.

    `pending` are the primary keys, as texts, of all that changed since: content, rights, or gone.
    While `is_rebuilding` nothing can be trusted, and the searcher is empty.
    """

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    state: tuple[str, Position]
    pending: tuple[str, ...] = ()
    is_rebuilding: bool = False
    is_lagging: bool = False
    shapes: Mapping[str, str] = field(default_factory=dict)

    def terms(self) -> Terms:
        """The vocabularies to read this state with: those of now, but for merges it does not hold."""
        return sources.as_indexed(lookup.current(), self.shapes)

    @property
    def is_level(self) -> bool:
        """Whether everything saved is in it."""
        return not self.condition

    @property
    def condition(self) -> str:
        """What a reader should be told: `rebuilding`, `catching-up`, or nothing."""
        if self.is_rebuilding:
            return "rebuilding"
        return "catching-up" if self.pending or self.is_lagging else ""

    def visible(self, audience: Iterable[str]) -> tantivy.Query:
        """The entries that may be shown to a holder of these tokens: what every answer starts from."""
        seen = tantivy.Query.term_set_query(self.schema, "audience", list(audience))
        if not self.pending:
            return ranking.unscored(seen)
        outdated = tantivy.Query.term_set_query(self.schema, "pk", list(self.pending))
        return all_of([ranking.unscored(seen), none_of(outdated)])


@dataclass
class _Health:
    """How this process fares: until when it does not try to write, and what it left out last."""

    waits_until: float = 0.0
    is_impaired: bool = False
    left_out: tuple[object, tuple[str, ...] | None] = (None, ())


_health = _Health()


def forget() -> None:
    """Drop what this process has open."""
    global _health
    with _guard:
        generations.forget()
        _health = _Health()


def view() -> View:
    """The index level with the log. While it cannot be, the old one less all that has changed; or,
    where nothing readable is left, an empty one that says so."""
    with _guard:
        return _level()


def catch_up() -> None:
    """Apply what is new in the log; called after each commit that wrote to it."""
    view()


def mended(search: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Do a search once more when the engine failed in it and the index turns out to be damaged."""

    @functools.wraps(search)
    def tried(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return search(*args, **kwargs)
        except BaseException as error:
            is_engines = isinstance(error, ValueError) or index.is_panic(error)
            if not (is_engines and generations.is_damaged()):
                raise
        return search(*args, **kwargs)

    return tried


def rebuild(on_progress: Callable[[int, int], None] | None = None) -> int:
    """Build a new generation from the database and switch to it; returns how many entries it has.

    Searching goes on in the old one meanwhile. When another process is already rebuilding, waits
    for it and then builds again.
    """
    began = time.monotonic()
    with generations.locked(REBUILDING):
        name, count = _built_whole(on_progress)
        try:
            with generations.locked(WRITING):
                _follow(generations.read(name))
                generations.switch_to(name)
                generations.tidy()
        except BaseException:
            generations.discard(name)
            raise
    forget()
    _log_made(name, count, began)
    return count


def is_readable() -> bool:
    """Whether this node can search: the index opens, or can be built while a reader waits."""
    try:
        return not view().is_rebuilding
    except (OSError, ValueError, Error) as error:
        log.warning("search index not readable", error=str(error))
        return False


# --- Following the log --------------------------------------------------------------------------


def _level() -> View:
    wanted = following.newest()
    opened = generations.current()
    if opened and opened.state.position == wanted and not opened.state.is_lagging:
        return _view_of(opened)
    if time.monotonic() < _health.waits_until:
        return _behind(generations.kept(), wanted)
    try:
        return _caught_up_under_lock()
    except Exception as error:
        # Whatever it is, a full disk or an entry that cannot be built, pages and saving go on.
        opened = generations.kept()
        _health.waits_until = time.monotonic() + (RETRY_SECONDS if opened else RETRY_SECONDS / 5)
        log.exception(
            "search index cannot be brought up to date",
            generation=opened.name if opened else "",
            error=str(error),
            then="it is read without what has changed, and tried again in some seconds",
        )
        return _behind(opened, wanted)


def _caught_up_under_lock() -> View:
    try:
        with generations.locked(WRITING):
            return _caught_up()
    except Exception:
        # The files may have been taken away in the midst of it; then the second time starts afresh.
        with generations.locked(WRITING):
            return _caught_up()


def _caught_up() -> View:
    """The index made level, or, when that takes long, as good as it gets. The caller holds WRITING."""
    opened = generations.current(reread=True)
    # Asked again: whoever held the lock may have gone further than what was newest before.
    wanted = following.newest()
    changed = following.changed_since(opened.state.position, wanted) if opened else None
    if opened is None or changed is None:
        return _started_afresh("its place in the log is lost" if opened else "there is none")
    if len(changed) > BACKLOG:
        background.start(f"{len(changed)} postmortems have changed", opened.name)
        return _behind(opened, wanted)
    if opened.state.position != wanted:
        _apply(opened, changed, wanted)
    if opened.state.is_lagging:
        background.start("the vocabularies have changed in many postmortems", opened.name)
    return _view_of(opened)


def _view_of(opened: Generation) -> View:
    if _health.is_impaired:
        _health.is_impaired = False
        log.info("search index is level again", generation=opened.name)
    state = (opened.name, opened.state.position)
    lags, shapes = opened.state.is_lagging, opened.state.shapes
    searcher, schema = opened.index.searcher(), opened.index.schema
    return View(searcher, schema, state, is_lagging=lags, shapes=shapes)


def _behind(opened: Generation | None, wanted: Position) -> View:
    """What there is, less what has changed since; nothing when that cannot be told."""
    _health.is_impaired = True
    pending = _left_out(opened, wanted) if opened else None
    if opened is None or pending is None:
        nothing = index.empty()
        return View(nothing.searcher(), nothing.schema, ("", wanted), is_rebuilding=True)
    state = (opened.name, opened.state.position)
    shapes = opened.state.shapes
    return View(opened.index.searcher(), opened.index.schema, state, pending, shapes=shapes)


def _left_out(opened: Generation, wanted: Position) -> tuple[str, ...] | None:
    """The keys of all entries that have changed; what is new has no entry that could be wrong."""
    key = (opened.name, opened.state.position, wanted)
    if _health.left_out[0] != key:
        searcher = opened.index.searcher()
        changed = following.changed_since(opened.state.position, wanted)
        keys = None if changed is None else tuple(map(str, changed))
        stale = keys and tuple(pk for pk in keys if searcher.doc_freq("pk", pk))
        _health.left_out = (key, stale)
    return _health.left_out[1]


def _follow(opened: Generation) -> None:
    """Apply to a generation in the making what the log holds since its position."""
    wanted = following.newest()
    changed = following.changed_since(opened.state.position, wanted)
    # Where the log went another way meanwhile, the next search finds that out.
    if changed is not None and opened.state.position != wanted:
        _apply(opened, changed, wanted)


def _apply(opened: Generation, changed: Sequence[int], wanted: Position) -> None:
    terms = lookup.current()
    shapes = sources.shapes_of(terms)
    reshaped = sources.with_changed_shape(opened.state.shapes, shapes)
    is_lagging = len(reshaped) > BACKLOG
    if is_lagging:
        # The tree's counts are as before until a rebuild is there; everything else is current.
        reshaped, shapes = [], opened.state.shapes
    state = State(wanted, shapes, is_lagging)
    keys = sorted({*changed, *reshaped})
    written: list[tantivy.Document] = []
    generations.sweep(opened.name)
    with generations.writing(opened.index) as writer:
        for pk in keys:
            writer.delete_documents_by_term("pk", str(pk))
        for batch in sources.batches(keys):
            for source in following.read_whole(batch):
                writer.add_document(made := entries.entry(source, terms))
                written.append(made)
        members.rewrite(writer, opened.index.searcher(), keys, written)
        writer.delete_documents_by_term("pk", META)
        writer.add_document(generations.state_entry(state))
    opened.index.reload()
    opened.state = state


# --- Building -----------------------------------------------------------------------------------


def _started_afresh(reason: str) -> View:
    """A generation built here and now; beside what there is, if there are many postmortems."""
    if not following.are_few(BACKLOG):
        kept = generations.kept()
        background.start(reason, kept.name if kept else "")
        return _behind(kept, following.newest())
    log.warning("search index is made anew", reason=reason, then="searches wait for it")
    began = time.monotonic()
    name, count = _build(None)
    generations.switch_to(name)
    _log_made(name, count, began)
    opened = generations.current(reread=True)
    if opened is None:
        raise RuntimeError(f"The search index {name} was just built and cannot be read.")
    return _view_of(opened)


def _log_made(name: str, count: int, began: float) -> None:
    seconds = round(time.monotonic() - began, 1)
    log.info("search index made anew", generation=name, entries=count, seconds=seconds)


def _build(on_progress: Callable[[int, int], None] | None) -> tuple[str, int]:
    """A new generation of everything there is; its position is read first, so nothing is missed."""
    position = following.newest()
    name, opened = generations.begin()
    terms = lookup.current()
    pks = sources.live_keys()
    state = State(position, sources.shapes_of(terms))
    try:
        with generations.writing(opened, threads=2) as writer:
            for document in members.with_blocks(building.entries_of(pks, on_progress)):
                writer.add_document(document)
            writer.add_document(generations.state_entry(state))
    except BaseException:
        generations.discard(name)
        raise
    return name, len(pks)


def _built_whole(on_progress: Callable[[int, int], None] | None) -> tuple[str, int]:
    """A generation with most of what was written meanwhile, before the lock that searches may wait
    for. It is made again where the vocabularies changed in too many entries: some would be from
    before that and some from after it, and no count of them right."""
    for last in (*[False] * (MOST_BUILDINGS - 1), True):
        name, count = _build(on_progress)
        try:
            opened = generations.read(name)
            _follow(opened)
        except BaseException:
            generations.discard(name)
            raise
        if last or not opened.state.is_lagging:
            break
        generations.discard(name)
    return name, count


# --- Verifying ----------------------------------------------------------------------------------


def verify() -> list[str]:
    """The refs of all postmortems whose entry differs from their row, entries without one, and sets
    that do not hold what the entries say."""
    first = _differences()
    # What changed while this was looking is level by now.
    return [name for name in _differences() if name in first] if first else []


def _differences() -> list[str]:
    searcher = view().searcher
    found, wrong = _stored_hashes(searcher)
    terms = lookup.current()
    for batch in sources.batches(sources.live_keys()):
        for source in sources.load(batch):
            stored = found.pop(str(source.postmortem.pk), None)
            if stored != entries.expected_hash(source, terms):
                wrong.append(source.postmortem.ref)
    wrong += [f"entry {pk} without a row" for pk in found]
    # Where entries are wrong, so are the sets that they stand in.
    return wrong or [f"set {key}" for key in members.wrong(searcher)]


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
