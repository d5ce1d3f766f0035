"""Counting what happened lately, exactly, over all threads and processes: throttles and single uses.

Marks end one by one and can be taken away again; a tally is one number, for what happens often.

On SQLite the marks stand in a file of their own, so that counting never waits for those who write
postmortems; on PostgreSQL in a table. Called outside of transactions: a mark must outlast a failure.
"""

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from postmortems.models import Mark, Tally

SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, ends_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS mark_by_key ON mark (key, ends_at);
CREATE INDEX IF NOT EXISTS mark_by_end ON mark (ends_at);
CREATE TABLE IF NOT EXISTS tally (
    key TEXT PRIMARY KEY, span INTEGER NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tally_by_span ON tally (span);
"""
# One statement, so that of two who count at once each gets a number of its own. Who looked at the clock
# just before a span began and counts after others did in it counts in that one: else each such would
# begin it anew. Further ahead than that a span lies only when the clock was set back.
COUNTED = """
INSERT INTO {table} (key, span, count) VALUES ({p}, {p}, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN {table}.span BETWEEN excluded.span AND excluded.span + {seconds}
                 THEN {table}.count + 1 ELSE 1 END,
    span = CASE WHEN {table}.span BETWEEN excluded.span AND excluded.span + {seconds}
                THEN {table}.span ELSE excluded.span END
RETURNING count
"""
WAIT_SECONDS = 20.0
# Ended marks are swept by those who come, so many at a time that the sweep keeps up.
SWEPT = 20
KEPT_SECONDS = 3600
# The files that this process has seen with all their tables.
_complete: set[Path] = set()


def take(key: str, *, most: int, seconds: int) -> int | None:
    """Leave a mark on the key for so long, unless it bears `most` already; the mark's number, or None."""
    if connection.vendor == "postgresql":
        return _take_from_table(key, most, seconds)
    return _take_from_file(key, most, seconds)


def once(key: str, *, seconds: int) -> bool:
    """Whether nobody else came with this key within so many seconds."""
    return take(key, most=1, seconds=seconds) is not None


def give_back(number: int) -> None:
    """Take a mark away again: it was not what is counted."""
    if connection.vendor == "postgresql":
        Mark.objects.filter(pk=number).delete()
        return
    with _file() as file:
        file.execute("DELETE FROM mark WHERE id = ?", [number])


class Uncounted(Exception):
    """The disk takes no writing just now, so that nothing can be counted."""


def count(key: str, *, seconds: int) -> int:
    """How often this was called with the key, this time included, in the present span of so many seconds.

    Spans are those of the clock (a minute begins at second 0), for everybody alike, and no longer
    than an hour. Raises Uncounted.
    """
    span = int(time.time()) // seconds * seconds
    if connection.vendor == "postgresql":
        return _count_in_table(key, span, seconds)
    try:
        return _count_in_file(key, span, seconds)
    except (OSError, sqlite3.Error) as error:
        raise Uncounted(f"{settings.MARKS_FILE} cannot be written: {error}") from error


def _count_in_table(key: str, span: int, seconds: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        # A count that a crash loses is no loss; waiting for the disk at each request would be.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        counted = COUNTED.format(table=Tally._meta.db_table, p="%s", seconds=seconds)
        cursor.execute(counted, [key, span])
        (number,) = cursor.fetchone()
        if number == 1:
            former = Tally.objects.filter(span__lt=span - KEPT_SECONDS).order_by("span")
            swept = former.select_for_update(skip_locked=True).values_list("pk", flat=True)[:SWEPT]
            Tally.objects.filter(pk__in=list(swept)).delete()
    return int(number)


def _count_in_file(key: str, span: int, seconds: int) -> int:
    with _file() as file:
        counted = COUNTED.format(table="tally", p="?", seconds=seconds)
        (number,) = file.execute(counted, [key, span]).fetchone()
        if number == 1:
            former = "SELECT key FROM tally WHERE span < ? ORDER BY span LIMIT ?"
            file.execute(f"DELETE FROM tally WHERE key IN ({former})", [span - KEPT_SECONDS, SWEPT])  # noqa: S608
        return int(number)


def _take_from_table(key: str, most: int, seconds: int) -> int | None:
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two that count the same key at once would both find room for the last mark.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        ended = Mark.objects.filter(ends_at__lte=now).order_by("ends_at")
        # Others sweep at the same time; waiting for each other's rows could deadlock.
        swept = ended.select_for_update(skip_locked=True).values_list("pk", flat=True)[:SWEPT]
        Mark.objects.filter(pk__in=list(swept)).delete()
        if Mark.objects.filter(key=key, ends_at__gt=now).count() >= most:
            return None
        return Mark.objects.create(key=key, ends_at=now + timedelta(seconds=seconds)).pk


def _take_from_file(key: str, most: int, seconds: int) -> int | None:
    now = time.time()
    with _file() as file:
        file.execute("BEGIN IMMEDIATE")
        swept = "SELECT id FROM mark WHERE ends_at <= ? ORDER BY ends_at LIMIT ?"
        file.execute(f"DELETE FROM mark WHERE id IN ({swept})", [now, SWEPT])  # noqa: S608
        counted = "SELECT count(*) FROM mark WHERE key = ? AND ends_at > ?"
        (count,) = file.execute(counted, [key, now]).fetchone()
        number = None
        if count < most:
            added = "INSERT INTO mark (key, ends_at) VALUES (?, ?)"
            number = file.execute(added, [key, now + seconds]).lastrowid
        file.execute("COMMIT")
        return number


@contextmanager
def _file() -> Iterator[sqlite3.Connection]:
    # Opened for each count: a connection must not be shared by threads, nor outlive a fork.
    if not settings.MARKS_FILE.exists():
        _make_file(settings.MARKS_FILE)
    elif settings.MARKS_FILE not in _complete:
        _add_tables(settings.MARKS_FILE)
    _complete.add(settings.MARKS_FILE)
    file = sqlite3.connect(settings.MARKS_FILE, timeout=WAIT_SECONDS, isolation_level=None)
    try:
        file.execute("PRAGMA synchronous=OFF")
        yield file
    finally:
        # Closing rolls back what was not committed.
        file.close()


def _make_file(path: Path) -> None:
    # Made beside and linked when whole: of two that begin at once, none finds it without its table.
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix="marks.")
    os.close(descriptor)
    file = sqlite3.connect(beside)
    file.execute("PRAGMA journal_mode=WAL")
    file.executescript(SCHEMA)
    file.close()
    with contextlib.suppress(FileExistsError):
        os.link(beside, path)
    os.unlink(beside)


def _add_tables(path: Path) -> None:
    # The file may be one that an older version of the program began.
    file = sqlite3.connect(path, timeout=WAIT_SECONDS)
    file.executescript(SCHEMA)
    file.close()
