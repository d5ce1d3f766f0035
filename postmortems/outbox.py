"""Transactions that write, and the log that search follows. Every verb opens its transaction here."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from postmortems.models import Postmortem, SearchLog

# PostgreSQL's advisory lock number for the log; any constant does, as long as all processes share it.
LOG_LOCK = 7_317_001
# How many numbers of the log are kept, and after how many the rest is removed. A node that is as far
# behind as that makes its index anew anyway.
LINES_KEPT = 100_000
LINES_BETWEEN = 1_000

# What to run after a commit that wrote to the log; `apps` puts the index's `catch_up` here.
after_commit: list[Callable[[], None]] = []
_writing: ContextVar[bool] = ContextVar("log lock held", default=False)
_postponed: ContextVar[bool] = ContextVar("hooks postponed", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """One write transaction that holds the log lock from its first statement on.

    So log ids become visible in commit order, and writers queue instead of deadlocking. SQLite's
    transactions begin IMMEDIATE, which is that lock already.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        token = _writing.set(True)
        try:
            yield
        finally:
            _writing.reset(token)


def require_writing() -> None:
    """Raise RuntimeError outside of `writing()`: what is told there must stand or fall with the change."""
    if not (_writing.get() and connection.in_atomic_block):
        raise RuntimeError("This needs the log lock: call it inside of outbox.writing().")


@contextmanager
def postponed() -> Iterator[None]:
    """Many transactions whose hooks run once, at the end: for imports of many records."""
    token = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(token)
        _run_hooks()


def log_change(postmortem: Postmortem) -> None:
    """Tell search that this postmortem, its rights or what it shows has changed."""
    log_changes([postmortem.pk])


def log_changes(postmortem_ids: list[int]) -> None:
    """The same for many postmortems at once."""
    _append(list(postmortem_ids))


def log_taxonomy() -> None:
    """Tell search that the vocabularies have changed."""
    _append([None])


def _append(postmortem_ids: list[int] | list[None]) -> None:
    # A new history gets a new name, so that an index of an older database is known to be foreign.
    newest = SearchLog.objects.newest()
    epoch = newest.epoch if newest else uuid.uuid4().hex
    lines = SearchLog.objects.bulk_create(
        SearchLog(epoch=epoch, postmortem_id=postmortem_id) for postmortem_id in postmortem_ids
    )
    if lines and (lines[0].pk - 1) // LINES_BETWEEN != lines[-1].pk // LINES_BETWEEN:
        SearchLog.objects.shorten(LINES_KEPT)
    # robust: a failing index must not fail the request whose data is safely committed.
    transaction.on_commit(_run_hooks, robust=True)


def _run_hooks() -> None:
    if not _postponed.get():
        for hook in after_commit:
            hook()
