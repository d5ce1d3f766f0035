"""Every table of the database as a part of a backup and back: SQLite whole, PostgreSQL table by table.

PostgreSQL's own `COPY` and not `pg_dump`: that has to be installed on the web node, and of a version
that is not older than the server's, which breaks backups on the day the server is upgraded.
"""

import gzip
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from django.db import Error, connection, transaction
from psycopg import sql

CHUNK = 1 << 20
# What a database raises whose own way of copying is used, beside what Django makes of it.
Failed = (Error, sqlite3.Error, psycopg.Error)


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and the hash of all that stands in them."""

    rows: int
    sha256: str


Tables = dict[str, Table]


def dump(folder: Path) -> tuple[Tables, dict[str, int]]:
    """Write one state of the whole database into the folder, while others write on; returns what
    its tables hold, and where its sequences stand."""
    if connection.vendor == "sqlite":
        path = folder / "database.sqlite3"
        copy_sqlite(Path(str(settings.DATABASES["default"]["NAME"])), path)
        return sqlite_tables(path), {}
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        names = sorted(connection.introspection.table_names(cursor))
        found = {name: _copy_out(cursor, name, folder / f"{name}.copy.gz") for name in names}
        return found, _sequences(cursor)


def load(folder: Path, names: Iterable[str], sequences: dict[str, int]) -> None:
    """Fill the tables of this database, which are those of the backup's version, in one transaction."""
    if connection.vendor == "sqlite":
        connection.close()
        copy_sqlite(folder / "database.sqlite3", Path(str(settings.DATABASES["default"]["NAME"])))
        return
    names = sorted(names)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        _tell_each(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", names)
        listed = sql.SQL(", ").join(map(sql.Identifier, names))
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(listed))
        for name in names:
            _copy_in(cursor, name, folder / f"{name}.copy.gz")
        for name, value in sequences.items():
            cursor.execute("SELECT setval(%s, %s)", [name, value])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _tell_each(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", names)


def present() -> Tables:
    """What the tables of this database hold now."""
    if connection.vendor == "sqlite":
        return sqlite_tables(Path(str(settings.DATABASES["default"]["NAME"])))
    with transaction.atomic(), connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        return {name: _copy_out(cursor, name, None) for name in names}


def copy_sqlite(source: Path, target: Path) -> None:
    """The state of one moment; in a single step, which writers neither disturb nor wait for."""
    with (
        closing(sqlite3.connect(source, timeout=60)) as read,
        closing(sqlite3.connect(target, timeout=60)) as written,
    ):
        read.backup(written)


def sqlite_tables(path: Path) -> Tables:
    """What the tables of a file hold."""
    with closing(sqlite3.connect(path, timeout=60)) as file:
        if (said := file.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise ValueError(f"SQLite finds a fault in {path.name}: {said}")
        names = file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return {name: _sqlite_table(file, name) for (name,) in names.fetchall()}


def _sqlite_table(file: sqlite3.Connection, name: str) -> Table:
    digest, rows = hashlib.sha256(), 0
    # The name comes from the file's own list of tables.
    for row in file.execute(f'SELECT * FROM "{name}" ORDER BY 1'):  # noqa: S608
        digest.update(repr(row).encode())
        rows += 1
    return Table(rows, digest.hexdigest())


def _tell_each(cursor: Any, statement: LiteralString, names: Iterable[str]) -> None:
    # Triggers keep the audit log from being changed; here it is put in place as it was.
    for name in names:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _copy_out(cursor: Any, name: str, path: Path | None) -> Table:
    """Read a table in the order of its key, columns by name, so that equal tables have one hash."""
    digest, rows = hashlib.sha256(), 0
    with gzip.open(path or os.devnull, "wb", compresslevel=3) as file:
        for line in _lines(cursor, name):
            digest.update(line)
            file.write(line)
            rows += 1
    return Table(rows, digest.hexdigest())


def _lines(cursor: Any, name: str) -> Iterator[bytes]:
    key = connection.introspection.get_primary_key_column(cursor, name)
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        _columns(cursor, name), sql.Identifier(name), sql.Identifier(str(key))
    )
    with cursor.copy(statement) as copy:
        for line in copy:
            yield bytes(line)


def _copy_in(cursor: Any, name: str, path: Path) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(name), _columns(cursor, name)
    )
    with gzip.open(path, "rb") as file, cursor.copy(statement) as copy:
        while chunk := file.read(CHUNK):
            copy.write(chunk)


def _columns(cursor: Any, name: str) -> sql.Composed:
    described = connection.introspection.get_table_description(cursor, name)
    return sql.SQL(", ").join(
        sql.Identifier(column) for column in sorted(c.name for c in described)
    )


def _sequences(cursor: Any) -> dict[str, int]:
    cursor.execute(
        "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value"
        " FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL"
    )
    return dict(cursor.fetchall())
