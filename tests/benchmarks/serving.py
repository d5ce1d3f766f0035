"""The site by the clock: pages over HTTP from two workers, what a save costs, what a worker weighs."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Thread

from django.conf import settings

from postmortems import authoring, content, outbox
from postmortems.models import Membership, Postmortem, Team, User
from postmortems.search import sync
from postmortems.search.front_door import MOST_PAGES
from tests.benchmarks.synthetic import COMMON_WORD
from tests.benchmarks.timing import Figure, percentiles

HTTP_SECONDS = 6
CLIENTS = 4
RATIO_OF = 15
# The last page that can be asked for.
DEEPEST = MOST_PAGES
# What is measured is how fast it answers, and not from when on it refuses.
UNLIMITED = {
    **os.environ,
    "HINDSIGHT_API_RATE": "900000",
    "HINDSIGHT_API_RATE_ADDRESS": "900000",
}


def saving() -> Figure:
    """What a save costs until the next search shows it."""
    alice = User.objects.create(username="alice")
    Membership.objects.create(user=alice, team=Team.objects.get(), role="author")
    postmortem = Postmortem.objects.order_by("pk").first()
    assert postmortem is not None

    def save() -> None:
        fresh = Postmortem.objects.get(pk=postmortem.pk)
        document = replace(content.read(fresh), summary=f"Seen at {time.time_ns()}")
        authoring.edit(fresh, document, by=alice, revision=fresh.revision)

    def index() -> None:
        save()
        sync.catch_up()

    hooks, outbox.after_commit[:] = list(outbox.after_commit), []
    alone = percentiles(save, 15)
    outbox.after_commit[:] = hooks
    return Figure("save; save and visible", f"{alone}; {percentiles(index, 15)}", "+ ≤ 150 ms")


@contextmanager
def server(workers: int = 2) -> Iterator[tuple[int, int]]:
    """The site on a free port: the port, and the process of the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", f"--port={port}", f"--workers={workers}"]
    log = settings.DATA_DIR / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=UNLIMITED)
    try:
        _wait_for(port, log)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(port: int, log: Path) -> None:
    """Until the server answers, at most 60 s; else ends with the last it said."""
    for _ in range(600):
        try:
            if fetch(port, "/livez")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server did not start within 60 seconds:\n{log.read_text()[-2000:]}")


def fetch(port: int, path: str) -> tuple[int, int]:
    """Status and length of one page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, len(answer.read())


def over_http(port: int, process: int) -> list[Figure]:
    """The search and the read page as a browser gets them."""
    postmortem = Postmortem.objects.order_by("pk").last()
    assert postmortem is not None
    read, asked = postmortem.get_absolute_url(), f"/?q={COMMON_WORD}"
    first, deep = (f"/api/v1/postmortems/?page_size=25&page={page}" for page in (1, DEEPEST))
    return [
        Figure("search page, one client", percentiles(lambda: fetch(port, asked)), "p95 ≤ 80 ms"),
        Figure("search page, 4 clients", _rate_of(port, asked), "≥ 40 requests/s"),
        Figure("read page, one client", percentiles(lambda: fetch(port, read))),
        Figure("read page, 4 clients", _rate_of(port, read), "≥ 150 requests/s"),
        Figure("API list of 25, 4 clients", _rate_of(port, first), "≥ 60 requests/s"),
        Figure("API list, deepest page to first", _ratio_of(port, deep, first), "≤ 2"),
        Figure("memory of the largest worker, private", _memory_of(process), "≤ 250 MB"),
    ]


def _ratio_of(port: int, path: str, other: str) -> str:
    """How many times as long one page takes as another, by the median."""
    took: dict[str, list[float]] = {path: [], other: []}
    for _time in range(RATIO_OF):
        for asked, seconds in took.items():
            began = time.perf_counter()
            status = fetch(port, asked)[0]
            seconds.append(time.perf_counter() - began)
            if status != 200:
                return f"{asked}: {status}"
    return f"{median(took[path]) / median(took[other]):.2f}"


def _rate_of(port: int, path: str) -> str:
    """Requests a second with some clients; any answer but 200 is named."""
    ends = time.perf_counter() + HTTP_SECONDS
    statuses: list[int] = []

    def client() -> None:
        while time.perf_counter() < ends:
            statuses.append(fetch(port, path)[0])

    threads = [Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = len([status for status in statuses if status != 200])
    return f"{len(statuses) / HTTP_SECONDS:.0f} requests/s" + (f", {wrong} failed" if wrong else "")


def _memory_of(process: int) -> str:
    """The private memory of the largest process below the server."""
    found = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True)
    parents = [tuple(map(int, line.split())) for line in found.stdout.splitlines()]
    family = {process}
    for _generation in range(3):
        family |= {pid for pid, parent in parents if parent in family}
    return f"{max(map(_private, family)) / 1e6:.0f} MB"


def _private(process: int) -> int:
    """Bytes that only this process holds."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
