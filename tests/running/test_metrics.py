"""The figures of a site with two workers are those of both, whichever of them is asked."""

import json
import re

import pytest

from tests.running.web_server import WebServer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]


def value(text: str, name: str) -> float:
    """The value of one series."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    assert found, f"{name} is not in\n{text}"
    return float(found[1])


def test_two_workers_count_as_one(tmp_path):
    server = WebServer(tmp_path)
    server.start(workers=2)
    pages = [server.get("/help/search/").status for _ in range(30)]
    missing = [server.get(f"/nothing/{number}/").status for number in range(7)]
    searches = [server.get("/?q=nothing").status for _ in range(5)]

    texts = [server.get("/metrics").body for _ in range(6)]
    server.stop()

    help_pages = 'hindsight_requests_total{method="GET",route="help-topic",status="2xx"}'
    assert {(*pages, *searches), tuple(missing)} == {(200,) * 35, (404,) * 7}
    assert {value(text, help_pages) for text in texts} == {30}
    nothing = 'hindsight_requests_total{method="GET",route="none",status="4xx"}'
    assert {value(text, nothing) for text in texts} == {7}
    assert {value(text, "hindsight_search_seconds_count") for text in texts} == {5}
    assert {value(text, "hindsight_database_up") for text in texts} == {1}


def test_a_new_start_counts_from_nothing(tmp_path):
    server = WebServer(tmp_path)
    server.start(workers=1)
    server.get("/help/search/")
    server.stop()

    server.start(workers=1)
    text = server.get("/metrics").body
    server.stop()

    assert 'route="help-topic"' not in text


def test_a_worker_has_made_pages_before_anybody_asks_for_one(tmp_path):
    server = WebServer(tmp_path)
    server.start(workers=1)
    text = server.get("/metrics").body
    server.stop()

    written = server.log.read_text().splitlines()
    lines = [json.loads(line) for line in written if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    made = [(line["path"], line["status"]) for line in requests[:2]]
    assert made == [("/", 200), ("/patterns/", 200)]
    assert {line["request_id"] for line in requests[:2]} == {"warming-up"}
    assert 'route="patterns"' not in text
