"""The database is down, frozen or killed: the site says so within two seconds, and is back by itself."""

import time

import pytest

from tests.running.own_postgres import OwnPostgres
from tests.running.web_server import PATIENCE, WebServer
from tests.soak import IS_FULL, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]

# The promise, held to in the long runs; beside other tests a machine may be as slow as it likes.
MOST_SECONDS, MOST_SECONDS_BACK = 2.0, 5.0
PATHS = ("/", "/p/zzzzzzzz/", "/taxonomy/", "/help/")
SESSION = "sessionid=" + "a" * 32


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A database of its own and the site on it."""
    database = OwnPostgres()
    database.start()
    server = WebServer(tmp_path_factory.mktemp("site"), DATABASE_URL=database.url)
    try:
        server.manage("migrate", "-v0")
        server.start()
        assert server.get("/").status == 200
        yield database, server
    finally:
        server.stop()
        database.remove()


def longest_refusal(server) -> float:
    """Ask everything while the database is away; returns the longest that anybody waited."""
    pages = [server.get(path, Cookie=SESSION) for path in PATHS * 2]
    api = server.get("/api/v1/search/?q=x")
    live, ready = server.get("/livez"), server.get("/readyz")
    assert [answer.status for answer in (*pages, api, live, ready)] == [503] * 9 + [200, 503]
    assert {answer.headers["retry-after"] for answer in (*pages, api)} == {"10"}
    assert all("Not ready" in page.body for page in pages)
    assert api.headers["content-type"] == "application/problem+json"
    assert not any("Traceback" in answer.body for answer in (*pages, api, ready))
    return max(answer.seconds for answer in (*pages, api, live, ready))


def seconds_until_back(server) -> float:
    """How long it takes until every worker is there again; each asks the database for itself."""
    began = time.monotonic()
    wait_until(lambda: is_back(server), PATIENCE, "the site is back")
    return time.monotonic() - began


def is_back(server) -> bool:
    """Whether several requests in a row are answered."""
    return {server.get(path).status for path in ("/", "/readyz") * 4} == {200}


def hold_to_promise(what: str, longest: float, back: float) -> None:
    """Print the figures and compare them."""
    print(f"{what}: answered within {longest:.2f} s, back after {back:.2f} s")
    assert not IS_FULL or longest <= MOST_SECONDS
    assert not IS_FULL or back <= MOST_SECONDS_BACK


def test_a_database_that_is_stopped(running):
    database, server = running
    database.stop()

    longest = longest_refusal(server)
    database.start()

    hold_to_promise("stopped", longest, seconds_until_back(server))


def test_a_database_that_hangs(running):
    database, server = running

    with database.frozen():
        longest = longest_refusal(server)
        time.sleep(2)
        longest = max(longest, longest_refusal(server))

    hold_to_promise("frozen", longest, seconds_until_back(server))


def test_a_database_that_is_killed(running):
    database, server = running
    database.kill()

    longest = longest_refusal(server)
    database.start()

    hold_to_promise("killed", longest, seconds_until_back(server))


def test_a_server_that_starts_while_its_database_is_down(running):
    database, server = running
    server.stop()
    database.stop()

    server.start()
    # Workers load templates at their first page, which takes what the machine takes.
    longest_refusal(server)
    longest = longest_refusal(server)
    database.start()

    hold_to_promise("down at the start", longest, seconds_until_back(server))


def test_an_outage_leaves_no_trace_of_the_code_in_the_log(running):
    database, server = running
    database.stop()
    assert server.get("/").status == 503
    database.start()

    log = server.log.read_text()

    assert "OperationalError" in log
    assert "Traceback" not in log
