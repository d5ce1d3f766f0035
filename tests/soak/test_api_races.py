"""Tools that change one postmortem at the same time, and tools that send again what got no answer.

Of all who name one version exactly one gets through; of all that was sent under one key there is one.
"""

import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
import pytest

from tests.running.own_postgres import OwnPostgres, is_alive
from tests.running.web_server import WebServer
from tests.soak import IS_FULL, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running"), pytest.mark.timeout(7200)]

SEED = "20261121"
ROUNDS, KEYS = (500, 500) if IS_FULL else (4, 6)
MOST_AT_ONCE = 16
TIMES = 4
# So many keys are sent between two kills.
KEYS_BETWEEN = 20 if IS_FULL else 3
LIST = "/api/v1/postmortems/"
STUB = [{"vocabulary": "kind", "term": "stub"}]


@dataclass(frozen=True)
class Told:
    """What a tool was answered; 0 stands for nothing at all."""

    status: int
    tag: str = ""
    body: str = ""


class Tool:
    """A client with a token, on a connection of its own for each request."""

    def __init__(self, server: WebServer, token: str) -> None:
        self.server, self.token = server, token

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        """One request; a server that dies meanwhile answers nothing."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body else None, named)
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            return Told(0)
        finally:
            connection.close()
        return Told(answer.status, answer.getheader("ETag") or "", text)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A database of its own and the site on it in two processes, which count no requests."""
    database = OwnPostgres()
    database.start()
    free = {"HINDSIGHT_API_RATE": "900000", "HINDSIGHT_API_RATE_ADDRESS": "900000"}
    server = WebServer(tmp_path_factory.mktemp("races"), DATABASE_URL=database.url, **free)
    try:
        server.manage("prepare_site")
        server.start()
        try:
            yield database, server
        finally:
            server.stop()
    finally:
        database.remove()


@pytest.fixture(scope="module")
def tool(running):
    """Alice's."""
    _database, server = running
    return Tool(server, server.manage("create_token", "alice", "--scope", "write").strip())


# --- One version, many who change it ------------------------------------------------------------

CHANGES: dict[str, Callable[[str], tuple[str, str, object]]] = {
    "patch": lambda title: ("PATCH", "", {"title": title}),
    "put": lambda title: ("PUT", "", {"title": title, "classifications": STUB}),
    "delete": lambda title: ("DELETE", "", None),
    "submit": lambda title: ("POST", "submit/", None),
    "restore": lambda title: ("POST", "restore-revision/", {"revision": 1}),
    "entry": lambda title: ("POST", "timeline/", {"kind": "learn", "text": title}),
}


def race(tool: Tool, number: int, counts: Counter[str]) -> None:
    """One round: all name the version that stands there, and one of them gets through."""
    source = random.Random(f"{SEED} race {number}")
    address, tag = made_twice(tool, f"round {number}")
    kinds = [source.choice(list(CHANGES)) for _one in range(source.randint(2, MOST_AT_ONCE))]
    together = threading.Barrier(len(kinds))

    def change(place: int) -> Told:
        method, rest, body = CHANGES[kinds[place]](f"round {number} by {place}")
        together.wait()
        return tool.send(method, address + rest, body, If_Match=tag)

    with ThreadPoolExecutor(len(kinds)) as pool:
        answers = list(pool.map(change, range(len(kinds))))

    won = [place for place, told in enumerate(answers) if told.status < 300]
    statuses = [told.status for told in answers]
    assert len(won) == 1, (number, kinds, statuses)
    winner = kinds[won[0]]
    lost = {404, 412} if winner == "delete" else {412}
    assert set(statuses) - {statuses[won[0]]} <= lost, (number, kinds, statuses)
    check_winner(tool, address, winner, f"round {number} by {won[0]}")
    counts.update({"requests": len(kinds), winner: 1})


def made_twice(tool: Tool, title: str) -> tuple[str, str]:
    """A postmortem in two revisions: its address, and the tag that stands now."""
    made = tool.send("POST", LIST, {"title": f"{title} first", "classifications": STUB})
    assert made.status == 201, made
    address = f"{LIST}{json.loads(made.body)['ref']}/"
    edited = tool.send("PATCH", address, {"title": title}, If_Match=made.tag)
    assert edited.status == 200, edited
    return address, edited.tag


def check_winner(tool: Tool, address: str, winner: str, title: str) -> None:
    """What stands there is what the one who got through has sent, one version on."""
    now = tool.send("GET", address)
    if winner == "delete":
        assert now.status == 404
        return
    body = json.loads(now.body)
    assert body["version"] == 3
    assert (body["title"] == title) == (winner in ("patch", "put"))
    assert (body["status"] == "in_review") == (winner == "submit")
    assert [entry["text"] for entry in body["timeline"]] == [title] * (winner == "entry")


def test_of_all_who_name_one_version_one_gets_through(tool):
    counts: Counter[str] = Counter()
    began = time.monotonic()

    for number in range(ROUNDS):
        race(tool, number, counts)

    print(f"{ROUNDS} races in {time.monotonic() - began:.0f} s: {dict(counts)}, lost updates 0")
    assert counts["requests"] >= 2 * ROUNDS


# --- One key, sent many times --------------------------------------------------------------------


def kill(number: int, server: WebServer, source: random.Random) -> None:
    """A worker dies, or their master; what nobody else starts again is started."""
    if number % 4:
        workers = server.workers()
        if workers:
            os.kill(source.choice(sorted(workers)), signal.SIGKILL)
        return
    workers = server.workers()
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not any(map(is_alive, workers)), 60, "the end of the workers")
    server.start()


def send_until_answered(tool: Tool, title: str, counts: Counter[str]) -> Told:
    """The same request under the same key, until it is answered."""
    for _attempt in range(600):
        told = tool.send("POST", LIST, {"title": title}, Idempotency_Key=title)
        if told.status == 201:
            return told
        # Nothing, or that it cannot now; everything else is no answer that a crash may lead to.
        assert told.status in (0, 502, 503), told
        counts[f"unanswered {told.status}"] += 1
        time.sleep(0.1)
    raise AssertionError(f"{title}: never answered")


def test_what_is_sent_again_under_its_key_is_there_once(running, tool):
    database, server = running
    counts: Counter[str] = Counter()
    titles = [f"key-{number}" for number in range(KEYS)]
    source = random.Random(f"{SEED} keys")
    began = time.monotonic()

    for first in range(0, KEYS, KEYS_BETWEEN):
        some = titles[first : first + KEYS_BETWEEN]
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            sent = [
                (title, pool.submit(send_until_answered, tool, title, counts))
                for title in some
                for _time in range(TIMES)
            ]
            time.sleep(source.uniform(0, 0.3))
            kill(first // KEYS_BETWEEN, server, source)
            answers = [(title, task.result()) for title, task in sent]
        for title in some:
            told = {(item.tag, item.body) for name, item in answers if name == title}
            assert len(told) == 1, (title, told)

    with psycopg.connect(database.dsn) as connection:
        statement = "SELECT title FROM postmortems_postmortem WHERE title LIKE 'key-%'"
        found = Counter(title for (title,) in connection.execute(statement))
    print(f"{KEYS} keys x {TIMES} in {time.monotonic() - began:.0f} s: {dict(counts)}")
    assert found == Counter(titles)
