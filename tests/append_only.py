"""Takes the triggers of the audit log away for a moment: to empty tables, and to tamper with the log."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from postmortems.models import AuditEntry

TABLE = AuditEntry._meta.db_table


@contextmanager
def lifted() -> Iterator[None]:
    """The block may change the audit log; after it the triggers stand as they stood before."""
    if connection.vendor == "postgresql":
        switch("DISABLE TRIGGER USER")
        try:
            yield
        finally:
            switch("ENABLE TRIGGER USER")
        return
    triggers = stored_triggers()
    for name, _sql in triggers:
        run(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        for _name, sql in triggers:
            run(sql)


def switch(how: str) -> None:
    """Alter the table on PostgreSQL, after what is still to be checked of its rows was checked."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {TABLE} {how}")


def stored_triggers() -> list[tuple[str, str]]:
    """The triggers of the table on SQLite, each with the statement that makes it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE]
        )
        return cursor.fetchall()


def run(sql: str) -> None:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
