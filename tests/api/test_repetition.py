"""Idempotency-Key: the same request sent again has one effect and one answer."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from postmortems.api import repetition
from postmortems.models import KeptAnswer, Membership, SavedSearch, StoredFile
from tests import makers, pictures
from tests.api.tool import Tool, pointers, status

URL = "/api/v1/saved-searches/"
DNS = {"name": "DNS", "query": "q=dns"}
ONCE = {"Idempotency_Key": "5f6c9d9e-once"}


@pytest.fixture
def tool(alice):
    return Tool(alice, "write")


def age_answers(hours: float) -> None:
    """As if they had been kept so long ago."""
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=hours))


def test_the_same_request_has_the_first_answer_again(tool):
    first, again = tool.post(URL, DNS, **ONCE), tool.post(URL, DNS, **ONCE)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert SavedSearch.objects.count() == 1


def test_the_answer_stays_the_first_whatever_has_changed_since(tool):
    first = tool.post(URL, DNS, **ONCE)
    tool.patch(first["Location"], {"name": "Another"})

    assert tool.post(URL, DNS, **ONCE).json() == first.json()


def test_without_a_key_two_requests_are_two(tool):
    tool.post(URL, DNS)
    tool.post(URL, DNS | {"name": "Other"})

    assert SavedSearch.objects.count() == 2
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("change", [{"name": "Other"}, {"query": "q=etcd"}, {"is_default": True}])
def test_another_body_under_one_key_is_refused(tool, change):
    tool.post(URL, DNS, **ONCE)

    assert status(tool.post(URL, DNS | change, **ONCE)) == 422
    assert SavedSearch.objects.count() == 1


def test_another_address_under_one_key_is_refused(tool):
    tool.post(URL, DNS, **ONCE)

    assert status(tool.post(f"{URL}?x=1", DNS, **ONCE)) == 422


def test_a_key_is_nothing_to_somebody_else(tool, bob):
    mine = tool.post(URL, DNS, **ONCE).json()

    theirs = Tool(bob).post(URL, DNS | {"name": "Bob's"}, **ONCE)

    assert theirs.status_code == 201
    assert theirs.json()["ref"] != mine["ref"]
    assert tool.post(URL, DNS, **ONCE).json() == mine


def test_what_fails_is_not_kept(tool):
    assert pointers(tool.post(URL, DNS | {"name": ""}, **ONCE)) == ["/name"]

    assert tool.post(URL, DNS, **ONCE).status_code == 201


def test_an_answer_ends_after_a_day(tool):
    tool.post(URL, DNS, **ONCE)

    age_answers(23.9)
    assert "Idempotency-Replayed" in tool.post(URL, DNS, **ONCE)

    age_answers(24.1)
    assert tool.post(URL, DNS | {"name": "Next day"}, **ONCE).status_code == 201


def test_ended_answers_are_swept_by_those_that_come(tool):
    for number in range(3):
        tool.post(URL, DNS | {"name": str(number)}, Idempotency_Key=f"key-{number}")
    age_answers(25)

    tool.post(URL, DNS, **ONCE)

    assert [kept.key for kept in KeptAnswer.objects.all()] == [ONCE["Idempotency_Key"]]


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb"])
def test_what_is_no_key_is_refused(tool, key):
    assert status(tool.post(URL, DNS, Idempotency_Key=key)) == 400
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("key", ["x", "x" * 255, '"quoted"', "~!@#"])
def test_any_visible_characters_are_a_key(tool, key):
    assert tool.post(URL, DNS, Idempotency_Key=key).status_code == 201


def test_a_visitor_with_a_key_is_asked_to_sign_in_as_any(db):
    assert status(Tool().post(URL, DNS, **ONCE)) == 401
    assert not KeptAnswer.objects.exists()


def test_a_token_that_only_reads_is_not_shown_what_was_answered(tool, alice):
    tool.post(URL, DNS, **ONCE)

    assert status(Tool(alice, "read").post(URL, DNS, **ONCE)) == 403


def test_a_session_of_a_browser_may_use_keys_too(browse, alice):
    page = browse(alice)

    answers = [
        page.post(URL, DNS, content_type="application/json", headers={"Idempotency-Key": "page"})
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert SavedSearch.objects.count() == 1


# --- Files, whose boundary is another each time, and what hidden postmortems answered ----------------


@pytest.fixture
def upload(tool, alice, platform):
    """Adds a file to a postmortem of the team, under one key: `upload()`."""
    made = makers.make_postmortem(
        team=platform, authors=(alice,), ref="teamp0st", visibility="team"
    )
    address = f"/api/v1/postmortems/{made.ref}/attachments/"

    def sent(asking=tool, **more):
        headers = asking.headers | {"Idempotency-Key": "file"}
        return asking.client.post(address, {"file": pictures.upload(**more)}, headers=headers)

    return sent


def test_a_file_sent_again_is_one_file(upload):
    first, again = upload(), upload()

    assert (first.status_code, again.json()) == (201, first.json())
    assert StoredFile.objects.count() == 1


def test_a_replay_is_refused_when_the_right_to_see_it_is_gone(upload, tool, bob, alice, platform):
    colleague = Tool(bob, "write")
    assert upload(colleague).status_code == 201

    Membership.objects.filter(user=bob).delete()

    assert status(upload(colleague)) == 404


def test_a_replay_tells_neither_people_nor_relations_that_are_hidden_now(tool, alice, platform):
    other = makers.make_postmortem(team=platform, visibility="public")
    relations = [{"kind": "follow-up", "target": other.ref}]
    body = {"title": "Walrus", "visibility": "public", "relations": relations}
    first = tool.post("/api/v1/postmortems/", body, **ONCE).json()
    Membership.objects.filter(user=alice).delete()
    other.audience.all().delete()

    again = tool.post("/api/v1/postmortems/", body, **ONCE)

    assert (first["authors"], first["relations"][0]["target"]) == (["alice"], other.ref)
    hidden = {"authors": None, "named_people": None, "relations": []}
    assert again.json() == first | hidden


# --- At once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_has_the_effect_and_all_have_its_answer(platform):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's database of tests lies in memory; tests/running asks one in a file")
    alice = makers.make_user("alice", team=platform)
    tools = [Tool(alice, "write") for _ in range(4)]
    start, answers = threading.Barrier(len(tools)), []

    def send(tool: Tool) -> None:
        try:
            start.wait()
            answers.append(tool.post(URL, DNS, **ONCE))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(tool,)) for tool in tools]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert SavedSearch.objects.count() == 1
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3


def test_the_longest_that_an_answer_is_kept_is_a_day():
    assert timedelta(hours=24) == repetition.KEPT
