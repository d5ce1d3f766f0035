"""Web workers, their master, a database process and the whole database are killed while people and tools write.

What the site acknowledged is there afterwards: the revision, its audit row, its file, its entry in the index.
"""

import hashlib
import os
import random
import signal
import time
from collections import Counter

import psycopg
import pytest

from tests.running.own_postgres import OwnPostgres, is_alive
from tests.running.web_server import WebServer
from tests.soak import IS_FULL, wait_until
from tests.soak.http_writers import Acknowledged, Writers

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(7200)]

SEED = "20261121"
KINDS = ("worker", "master", "database process", "database")
ROUNDS = 20 if IS_FULL else 4
# Acknowledged writes of a round: some before the kill, some after it.
WRITES_BEFORE, WRITES_AFTER = (800, 250) if IS_FULL else (15, 10)
WRITERS = 8
REVISIONS = """
    SELECT p.ref, r.number FROM postmortems_revision r
    JOIN postmortems_postmortem p ON p.id = r.postmortem_id
"""
AUDITED = """
    SELECT object_id, (after->>'revision')::int FROM postmortems_auditentry
    WHERE after->>'revision' IS NOT NULL
"""


@pytest.fixture
def running(tmp_path):
    """A database of its own and the site on it, with the demonstration's accounts."""
    database = OwnPostgres()
    database.start()
    server = WebServer(tmp_path, DATABASE_URL=database.url)
    try:
        server.manage("prepare_site")
        server.start()
        yield database, server
    finally:
        server.stop()
        database.remove()


def kill(kind: str, database: OwnPostgres, server: WebServer, source: random.Random) -> None:
    """Let one of them die as the kernel lets processes die, and start again what nobody else starts."""
    if kind == "worker":
        os.kill(source.choice(sorted(server.workers())), signal.SIGKILL)
    elif kind == "master":
        workers = server.workers()
        server.process.kill()
        server.process.wait()
        # They end by themselves when they find that nobody watches over them.
        wait_until(lambda: not any(map(is_alive, workers)), 60, "the end of the workers")
        server.start()
    elif kind == "database process":
        os.kill(source.choice(database.clients()), signal.SIGKILL)
    else:
        database.kill()
        database.start()


def rows(database: OwnPostgres, statement: str) -> set[tuple]:
    """What the database itself has, asked past the site."""
    with psycopg.connect(database.dsn) as connection:
        return set(connection.execute(statement).fetchall())


def lost(done: Acknowledged, database: OwnPostgres) -> dict[str, list]:
    """What was acknowledged and is not there, by kind."""
    titles = dict(rows(database, "SELECT ref, title FROM postmortems_postmortem"))
    digests = dict(rows(database, "SELECT id::text, digest FROM postmortems_storedfile"))
    revisions, audited = rows(database, REVISIONS), rows(database, AUDITED)
    return {
        "revisions": sorted(done.revisions - revisions),
        "audit rows": sorted(done.revisions - audited),
        "postmortems": sorted(set(done.titles) - set(titles)),
        "files": [
            name
            for name, text in done.files.items()
            if digests.get(name) != hashlib.sha256(text.encode()).hexdigest()
        ],
    }


def crash(number: int, running, counts: Counter[str]) -> None:
    """One round: write, kill, go on writing; then everything is there."""
    database, server = running
    kind, source = KINDS[number % len(KINDS)], random.Random(f"{SEED} {number}")
    token = server.manage("create_token", "alice", "--scope", "write").strip()
    with Writers(server, WRITERS, token, f"{SEED} {number}") as writers:
        wait_for(writers, WRITES_BEFORE, "writes before the kill")
        time.sleep(source.uniform(0, 0.3))
        kill(kind, database, server, source)
        wait_for(writers, len(writers.done.revisions) + WRITES_AFTER, "writes after the kill")
    done = writers.done

    assert writers.unexpected == []
    assert not any((missing := lost(done, database)).values()), (kind, missing)
    if IS_FULL or number == ROUNDS - 1:
        # Both commands fail when something differs; here each round, in the suite the last one.
        server.manage("search", "verify")
        server.manage("verify_audit")
    counts.update({kind: 1, "writes": len(done.revisions), **writers.broken})


def wait_for(writers: Writers, count: int, what: str) -> None:
    """Until so many writes were acknowledged."""
    wait_until(lambda: len(writers.done.revisions) >= count or writers.unexpected, 600, what)


def test_what_was_acknowledged_is_there_after_every_kind_of_crash(running):
    counts: Counter[str] = Counter()
    began = time.monotonic()

    for number in range(ROUNDS):
        crash(number, running, counts)

    print(f"{ROUNDS} rounds in {time.monotonic() - began:.0f} s: {dict(counts)}, lost 0")
    assert counts["writes"] >= ROUNDS * (WRITES_BEFORE + WRITES_AFTER)
