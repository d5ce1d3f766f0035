"""Rates: counted exactly over all threads, told in headers, and ended with the minute."""

import re
import threading

import pytest
from django.db import connection

from postmortems import environment, marks
from postmortems import settings as shipped
from postmortems.api import rates
from tests.api.tool import Tool, status

URL = "/api/v1/me/"
LEFT = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')
MINUTE = 1_700_000_040


@pytest.fixture
def one_minute(monkeypatch):
    """The clock of the counting stands still, at the first second of a minute."""
    moment = [float(MINUTE)]
    monkeypatch.setattr(rates.time, "time", lambda: moment[0])
    return moment


@pytest.fixture
def narrow(settings, one_minute):
    """Three requests a minute for a token, five for an address."""
    settings.API_RATE_TOKEN, settings.API_RATE_ADDRESS = 3, 5
    return one_minute


def left(answer) -> tuple[str, int, int]:
    name, remaining, seconds = LEFT.fullmatch(answer["RateLimit"]).groups()
    return name, int(remaining), int(seconds)


def test_every_answer_says_what_is_left(narrow, alice):
    tool = Tool(alice)

    told = [left(tool.get(URL)) for _ in range(3)]

    assert told == [("token", 2, 60), ("token", 1, 60), ("token", 0, 60)]


def test_the_policy_names_the_limit(narrow, alice):
    assert Tool(alice).get(URL)["RateLimit-Policy"] == '"token";q=3;w=60'
    assert Tool().get(URL)["RateLimit-Policy"] == '"address";q=5;w=60'


def test_beyond_the_limit_it_is_refused_until_the_minute_is_over(narrow, alice):
    tool = Tool(alice)
    for _ in range(3):
        tool.get(URL)

    refused = tool.get(URL)
    assert (status(refused), refused["Retry-After"]) == (429, "60")

    narrow[0] += int(refused["Retry-After"])
    assert tool.get(URL).status_code == 200


def test_what_to_wait_is_what_is_left_of_the_minute(narrow, alice):
    narrow[0] += 42
    tool = Tool(alice)
    for _ in range(3):
        tool.get(URL)

    assert tool.get(URL)["Retry-After"] == "18"


def test_the_refusal_says_the_same_each_time(narrow, alice):
    tool = Tool(alice)
    for _ in range(3):
        tool.get(URL)

    first = tool.get(URL)
    narrow[0] += 7
    assert tool.get(URL).content == first.content


@pytest.mark.parametrize(("asked", "used_up"), [(4, "token"), (6, "address")])
def test_the_refusal_names_the_limit_that_is_used_up(narrow, alice, bob, asked, used_up):
    tool = Tool(alice)
    others = {"token": (), "address": (Tool(bob), Tool(bob), Tool(bob))}[used_up]
    for other in others:
        other.get(URL)

    refused = [tool.get(URL) for _ in range(asked - len(others))][-1]

    assert status(refused) == 429
    assert left(refused) == (used_up, 0, 60)


@pytest.mark.parametrize(
    ("address", "code"), [("/api/v1/exports/", 200), ("/api/v1/no-such-thing/", 404)]
)
def test_streams_and_what_is_not_there_say_what_is_left_too(narrow, db, address, code):
    answer = Tool().get(address)

    assert (answer.status_code, left(answer)) == (code, ("address", 4, 60))


def test_each_token_has_its_own_count(narrow, alice, settings):
    settings.API_RATE_ADDRESS = 100
    spent, other = Tool(alice), Tool(alice)
    for _ in range(4):
        spent.get(URL)

    assert (spent.get(URL).status_code, other.get(URL).status_code) == (429, 200)


def test_one_address_has_its_count_whoever_asks(narrow, alice, bob):
    for tool in (Tool(alice), Tool(bob), Tool(), Tool(), Tool()):
        assert tool.get(URL).status_code == 200

    assert status(Tool(alice).get(URL)) == 429
    other = Tool().client.get(URL, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


def test_a_forged_forwarding_header_changes_nothing(narrow, db):
    for _ in range(5):
        Tool().get(URL)

    assert status(Tool().get(URL, X_Forwarded_For="192.0.2.7")) == 429


def test_guessing_tokens_is_counted_too(narrow, db):
    tool = Tool()
    tool.headers["Authorization"] = "Bearer hs_guess"

    assert [tool.get(URL).status_code for _ in range(7)] == [401] * 5 + [429] * 2


def test_what_is_refused_before_it_is_looked_at_is_counted_too(narrow, db):
    assert [Tool().delete(URL).status_code for _ in range(6)] == [405] * 5 + [429]


def test_a_sign_in_of_a_browser_is_counted_by_person(narrow, browse, alice):
    first, second = browse(alice), browse(alice)

    answers = [client.get(URL) for client in (first, second, first, second)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"person";q=3;w=60'


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_get_exactly_what_the_limit_lets_through(one_minute, settings):
    settings.API_RATE_ADDRESS = 30
    start, statuses = threading.Barrier(8), []

    def ask() -> None:
        try:
            tool = Tool()
            start.wait()
            statuses.extend(tool.get(URL).status_code for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (statuses.count(200), statuses.count(429)) == (30, 10)


def test_a_site_to_try_out_lets_at_least_six_thousand_through():
    assert shipped.MODE == environment.MODES[0] == "demo"
    assert min(shipped.API_RATE_TOKEN, shipped.API_RATE_ADDRESS) >= 6_000


def test_counts_of_former_minutes_are_swept(narrow, db):
    Tool().get(URL)
    narrow[0] += 2 * marks.KEPT_SECONDS

    assert left(Tool().get(URL))[1] == 4
