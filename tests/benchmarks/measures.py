"""The measures of the performance budget that exist so far. Runs inside a set-up Django; called by `__main__`."""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import Thread

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from rich.console import Console
from rich.progress import track
from rich.table import Table

from postmortems import authoring, content, outbox
from postmortems.models import Membership, Postmortem, Team, User
from postmortems.search import search, sync
from taxonomy import lookup
from tests.benchmarks.synthetic import COMMON_WORD, RARE_WORD, Generator
from tests.makers import load_shipped_vocabularies

BATCH = 100
ROUNDS = 40
HTTP_SECONDS = 6


@dataclass(frozen=True)
class Figure:
    """One line of the table; `budget` is what the product promises at N = 100,000."""

    work: str
    value: str
    budget: str


def run(count: int) -> None:
    """Build the collection and print all figures."""
    console = Console()
    call_command("migrate", verbosity=0)
    load_shipped_vocabularies()
    figures = [build(count), index_build(count)]
    figures += front_door()
    figures.append(saving())
    with server() as port:
        figures += over_http(port)
    console.print(table(count, figures))


def build(count: int) -> Figure:
    """Bring the documents in through the verbs, 100 a transaction."""
    team = Team.objects.create(slug="bench", name="Bench")
    system = User.objects.system()
    documents = Generator(lookup.current()).documents(count)
    hooks, outbox.after_commit[:] = list(outbox.after_commit), []
    started = time.perf_counter()
    batches = range(0, count, BATCH)
    for _start in track(batches, description=f"Importing {count:,} postmortems"):
        starts = [
            authoring.Start(document, team, visibility="public", status="published")
            for document in islice(documents, BATCH)
        ]
        authoring.create_many(starts, by=system)
    outbox.after_commit[:] = hooks
    rate = count / (time.perf_counter() - started)
    return Figure("bulk import", f"{rate:,.0f} postmortems/s", "≥ 300")


def index_build(count: int) -> Figure:
    """Build the whole index from the rows."""
    started = time.perf_counter()
    sync.rebuild()
    rate = count / (time.perf_counter() - started)
    return Figure("index build", f"{rate:,.0f} documents/s", "≥ 2,000")


def front_door() -> list[Figure]:
    """The search function with snippets and all facets."""
    cases = [
        ("search, commonest word", COMMON_WORD, {}, "p50 ≤ 20 ms"),
        ("search, no text", "", {}, "p50 ≤ 8 ms"),
        ("search, rare word", RARE_WORD, {}, "p50 ≤ 5 ms"),
        ("search, two facets chosen", "", {"cause": ["network"], "severity": ["sev2"]}, "–"),
    ]
    return [
        Figure(name, percentiles(lambda t=text, p=params: search(t, p, AnonymousUser())), budget)
        for name, text, params, budget in cases
    ]


def percentiles(work: Callable[[], object], rounds: int = ROUNDS) -> str:
    """p50 and p95 of some rounds, after a few that only warm up."""
    for _ in range(5):
        work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return f"p50 {statistics.median(times):.1f} ms, p95 {sorted(times)[int(rounds * 0.95)]:.1f} ms"


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
def server():
    """The site with two workers on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    log = settings.DATA_DIR / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ)
    try:
        wait_for(port, log)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(port: int, log: Path) -> None:
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


def over_http(port: int) -> list[Figure]:
    """The search and the read page as a browser gets them."""
    postmortem = Postmortem.objects.order_by("pk").last()
    assert postmortem is not None
    read, asked = postmortem.get_absolute_url(), f"/?q={COMMON_WORD}"
    return [
        Figure("search page, one client", percentiles(lambda: fetch(port, asked)), "p95 ≤ 80 ms"),
        Figure("search page, 4 clients", rate_of(port, asked), "≥ 40 requests/s"),
        Figure("read page, one client", percentiles(lambda: fetch(port, read)), "–"),
        Figure("read page, 4 clients", rate_of(port, read), "≥ 150 requests/s"),
    ]


def rate_of(port: int, path: str, clients: int = 4) -> str:
    """Requests a second with some clients; any answer but 200 is named."""
    ends = time.perf_counter() + HTTP_SECONDS
    statuses: list[int] = []

    def client() -> None:
        while time.perf_counter() < ends:
            statuses.append(fetch(port, path)[0])

    threads = [Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = len([status for status in statuses if status != 200])
    return f"{len(statuses) / HTTP_SECONDS:.0f} requests/s" + (f", {wrong} failed" if wrong else "")


def table(count: int, figures: list[Figure]) -> Table:
    """All figures beside the budget, which is meant for N = 100,000 on this kind of machine."""
    size = sum(
        path.stat().st_size for path in settings.SEARCH_INDEX_DIR.rglob("*") if path.is_file()
    )
    result = Table(title=f"Hindsight, N = {count:,}; index {size / 1e6:.0f} MB")
    for column in ("work", "measured", "budget at N = 100,000"):
        result.add_column(column)
    for figure in figures:
        result.add_row(figure.work, figure.value, figure.budget)
    return result
