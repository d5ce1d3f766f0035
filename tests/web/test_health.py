"""What load balancers ask, and the id and log line of each request."""

import re

import pytest
from django.db import transaction
from structlog.testing import capture_logs


def test_livez_answers_before_hosts_and_databases(client, settings):
    settings.ALLOWED_HOSTS = ["only.example"]

    response = client.get("/livez", headers={"Host": "other.example"})

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_names_what_it_reached(client, db):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": True, "index": True}


def test_readyz_says_which_part_fails(client, db):
    with transaction.atomic():
        transaction.set_rollback(True)
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": False, "index": False}


@pytest.mark.parametrize("given", ["abcdefgh", "0123-4567-89ab-cdef"])
def test_a_sane_request_id_is_kept(browse, db, given):
    assert browse().get("/help/", headers={"X-Request-Id": given})["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space", "new\nline", 'quote"quote'])
def test_any_other_request_id_is_replaced(browse, db, given):
    response = browse().get("/help/", headers={"X-Request-Id": given})

    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-Id"])


def test_each_request_is_one_log_line_without_its_query(browse, alice):
    with capture_logs() as lines:
        browse(alice).get("/help/?q=secret-words")

    line = next(line for line in lines if line["event"] == "request")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/help/", 200)
    assert line["ms"] >= 0
    assert "secret-words" not in str(lines)
