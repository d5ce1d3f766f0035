"""/api/v1/postmortems/REF/reviews/: how it stands and what is said, for who takes part alone."""

import pytest

from postmortems import reviews
from postmortems.models import ReviewComment, Reviewer
from tests.api.asking import change, of, send
from tests.makers import make_document, make_postmortem, make_user

pytestmark = pytest.mark.django_db
PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
TALK = "reviews/comments/"


@pytest.fixture
def asked(alice, platform):
    """Alice's postmortem before its reviewers."""
    document = make_document("Walrus", PUBLISHABLE, sections={"impact": "Much"})
    made = make_postmortem(document, team=platform, authors=(alice,), status="draft")
    return reviews.ask(made, by=alice)


def test_it_says_what_was_decided_and_what_is_missing(browse, alice, bob, asked):
    reviews.approve(asked, 1, by=bob, comment="Good")
    reviews.comment(asked, "Why?", by=bob, anchor="impact")

    body = browse(alice).get(of(asked.ref, "reviews/")).json()

    assert (body["state"], body["asked_by"], body["revision"]) == ("asked", "alice", 1)
    assert (body["left"], body["is_met"], body["missing"]) == (0, True, [])
    said = [(item["reviewer"], item["decision"], item["counts"]) for item in body["decisions"]]
    assert said == [("bob", "approve", True)]
    assert [(item["anchor"], item["text"]) for item in body["comments"]] == [("impact", "Why?")]


def test_what_nobody_asked_for_has_no_state(browse, alice, platform):
    made = make_postmortem(team=platform, status="draft")

    body = browse(alice).get(of(made.ref, "reviews/")).json()

    assert (body["state"], body["decisions"], body["left"]) == (None, [], 1)


def test_reviewers_are_named_over_a_version(browse, alice, bob, asked):
    address, body = of(asked.ref, "reviews/"), {"reviewers": ["bob"]}

    without = send(browse(alice), "PUT", address, body)
    named = change(browse(alice), "PUT", asked.ref, body, "reviews/")

    assert (without.status_code, named.status_code) == (428, 200)
    assert named.json()["reviewers"] == ["bob"]
    assert Reviewer.objects.get().user == bob
    gone = change(browse(alice), "PUT", asked.ref, {"reviewers": []}, "reviews/")
    assert gone.json()["reviewers"] == []


def test_a_thread_from_its_beginning_to_its_end(browse, alice, bob, asked):
    writer, reviewer = browse(alice), browse(bob)

    made = send(reviewer, "POST", of(asked.ref, TALK), {"text": "Why?", "anchor": "impact"})
    thread = made["Location"]
    assert (made.status_code, thread) == (201, of(asked.ref, f"{TALK}{made.json()['id']}/"))

    answer = send(writer, "POST", f"{thread}replies/", {"text": "So."})
    assert answer.status_code == 201
    assert [item["text"] for item in reviewer.get(thread).json()["replies"]] == ["So."]

    settled = send(writer, "POST", f"{thread}settle/")
    assert (settled.status_code, settled.json()["settled_by"]) == (200, "alice")
    assert send(writer, "POST", f"{thread}reopen/").json()["settled_by"] is None

    edited = send(reviewer, "PATCH", thread, {"text": "Why then?"})
    assert edited.json()["text"] == "Why then?"
    assert edited.json()["edited_at"] is not None

    assert send(reviewer, "DELETE", thread).status_code == 204
    threads = writer.get(of(asked.ref, TALK)).json()["results"]
    assert [(item["text"], item["is_deleted"]) for item in threads] == [("", True)]
    assert reviewer.get(thread).status_code == 404


BAD = [
    ({}, 400, "/text"),
    ({"text": "  "}, 400, "/text"),
    ({"text": 1}, 400, "/text"),
    ({"text": "x", "walrus": 1}, 400, "/walrus"),
    ({"text": "x", "revision": 0}, 400, "/revision"),
    ({"text": "x", "revision": 9}, 409, "/revision"),
    ({"text": "x", "anchor": "gone"}, 409, "/anchor"),
]


@pytest.mark.parametrize(("body", "status", "pointer"), BAD)
def test_what_cannot_be_said_is_refused(browse, alice, asked, body, status, pointer):
    answer = send(browse(alice), "POST", of(asked.ref, TALK), body)

    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not ReviewComment.objects.exists()


def test_only_who_said_it_words_it_anew_or_takes_it_back(browse, alice, bob, dana, asked):
    said = reviews.comment(asked, "Why?", by=bob)
    address = of(asked.ref, f"{TALK}{said.pk}/")

    assert send(browse(alice), "PATCH", address, {"text": "x"}).status_code == 403
    assert send(browse(alice), "DELETE", address).status_code == 403
    assert send(browse(dana), "DELETE", address).status_code == 204


ASKED = [
    ("GET", "reviews/", None),
    ("PUT", "reviews/", {"reviewers": []}),
    ("GET", TALK, None),
    ("POST", TALK, {"text": "x"}),
    ("GET", f"{TALK}PK/", None),
    ("PATCH", f"{TALK}PK/", {"text": "x"}),
    ("DELETE", f"{TALK}PK/", None),
    ("POST", f"{TALK}PK/replies/", {"text": "x"}),
    ("POST", f"{TALK}PK/settle/", None),
    ("POST", f"{TALK}PK/reopen/", None),
]


@pytest.mark.parametrize(("method", "rest", "body"), ASKED)
def test_who_takes_no_part_is_not_told_that_it_is_there(
    browse, alice, charlie, platform, method, rest, body
):
    public = make_postmortem(team=platform, authors=(alice,))
    said = reviews.comment(public, "Why?", by=alice)
    reader = make_user("erin", team=platform, role="reader")
    rest = rest.replace("PK", str(said.pk))

    for who in (charlie, reader):
        told = send(browse(who), method, of(public.ref, rest), body)
        absent = send(browse(who), method, of("absent00", rest), body)
        assert (told.status_code, told.content) == (404, absent.content)
    assert browse(charlie).get(of(public.ref)).status_code == 200


def test_a_comment_of_another_postmortem_is_not_there(browse, alice, asked, platform):
    other = make_postmortem(team=platform, authors=(alice,))
    said = reviews.comment(other, "Why?", by=alice)

    for number in (said.pk, 10**30, "x"):
        assert browse(alice).get(of(asked.ref, f"{TALK}{number}/")).status_code == 404


def test_a_comment_with_a_key_is_said_once(browse, alice, asked):
    answers = [
        send(browse(alice), "POST", of(asked.ref, TALK), {"text": "Why?"}, idempotency_key="k")
        for _time in range(2)
    ]

    assert answers[0].content == answers[1].content
    assert ReviewComment.objects.count() == 1


def test_words_are_not_told_once_more_to_who_takes_part_no_longer(browse, alice, charlie, platform):
    public = make_postmortem(team=platform, authors=(alice,))
    Reviewer.objects.create(postmortem=public, user=charlie, named_by=alice)

    def say():
        where = of(public.ref, TALK)
        return send(browse(charlie), "POST", where, {"text": "Why?"}, idempotency_key="k")

    assert say().status_code == 201
    Reviewer.objects.all().delete()
    assert say().status_code == 404
