"""HUP begins with new workers while the old ones finish: nobody notices. TERM answers what was accepted."""

import http.client
import threading
import time
from pathlib import Path

import pytest

from tests.running.web_server import PATIENCE, WebServer
from tests.soak import IS_FULL, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]

RELOADS = 10 if IS_FULL else 2
A_SECOND = 50 if IS_FULL else 20
# So many that the rate holds while some wait.
CLIENTS = A_SECOND
# As /proc/net/tcp writes it.
LISTENING = "0A"


class Load:
    """Clients that ask at an even rate, some with a new connection each time and some with one kept."""

    def __init__(self, port: int) -> None:
        self.port, self.is_over = port, threading.Event()
        self.count, self.failed, self.longest = 0, [], 0.0
        self.threads = [
            threading.Thread(target=self._ask, args=(number % 2 == 0,)) for number in range(CLIENTS)
        ]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _ask(self, is_kept: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        while not self.is_over.wait(CLIENTS / A_SECOND):
            try:
                began = time.monotonic()
                status = self._status(connection)
                self.longest = max(self.longest, time.monotonic() - began)
                if status != 200:
                    self.failed.append(str(status))
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(repr(error))
                connection.close()
            self.count += 1
            if not is_kept:
                connection.close()
        connection.close()

    def _status(self, connection: http.client.HTTPConnection) -> int:
        """One page. A kept connection may end while nobody asks: then clients ask on a new one."""
        was_kept = connection.sock is not None
        try:
            connection.request("GET", "/livez" if self.count % 2 else "/help/keys/")
            answer = connection.getresponse()
        except ConnectionError:
            connection.close()
            if not was_kept:
                raise
            return self._status(connection)
        answer.read()
        return answer.status


@pytest.fixture
def server(tmp_path):
    """The site on SQLite with two workers."""
    server = WebServer(tmp_path)
    server.start()
    yield server
    server.stop()


def has_new_workers(server, old: set[int]) -> bool:
    """Whether all workers are others than those, and as many."""
    now = server.workers()
    return len(now) == 2 and not now & old


def test_no_request_fails_while_the_server_reloads(server):
    with Load(server.port) as load:
        for _reload in range(RELOADS):
            old = server.workers()
            server.reload()
            wait_until(lambda old=old: has_new_workers(server, old), PATIENCE, "new workers")
            reached = load.count + A_SECOND
            wait_until(lambda reached=reached: load.count >= reached, PATIENCE, "answers")

    print(
        f"{RELOADS} reloads, {load.count} requests, {len(load.failed)} failed, longest {load.longest:.1f} s"
    )
    assert load.failed == []


def waiting_to_be_accepted(port: int) -> int:
    """How many connections stand in the queue of the port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(
        int(row[4].partition(":")[2], 16)
        for row in rows
        if row[1].endswith(f":{port:04X}") and row[3] == LISTENING
    )


def test_what_was_accepted_is_answered_before_the_server_ends(server):
    connections = [
        http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE) for _ in range(6)
    ]
    for connection in connections:
        connection.request("GET", "/help/search/")
    wait_until(lambda: "/help/search/" in server.log.read_text(), PATIENCE, "the first answer")
    wait_until(lambda: waiting_to_be_accepted(server.port) == 0, PATIENCE, "all are accepted")

    code = server.stop()

    assert [connection.getresponse().status for connection in connections] == [200] * 6
    assert code == 0
