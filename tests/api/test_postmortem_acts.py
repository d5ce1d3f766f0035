"""POST /api/v1/postmortems/REF/…/: every verb, who may, what it needs, and that sending it twice does it once."""

import pytest

from postmortems import bin, reviews, shelving
from postmortems.models import Approval, Postmortem
from tests.api.asking import change, of, send, tag_of
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")


@pytest.fixture
def draft(alice, platform):
    """Alice's draft, fit to be published."""
    document = make_document("Walrus", terms=PUBLISHABLE)
    return make_postmortem(document, team=platform, authors=(alice,), status="draft")


@pytest.fixture
def asked(alice, draft):
    """The same before its reviewers."""
    return reviews.ask(draft, by=alice)


@pytest.fixture
def published(alice, platform):
    """Something of alice's that everybody reads."""
    return make_postmortem(make_document("Walrus"), team=platform, authors=(alice,))


def act(client, verb, ref, body=None, **more):
    """The verb over the version that the client reads first."""
    return change(client, "POST", ref, body, f"{verb}/", **more)


def test_a_postmortem_goes_from_draft_to_the_shelf_and_back(browse, alice, bob, draft):
    writer, reviewer = browse(alice), browse(bob)
    steps = [
        (writer, "submit", {"reviewers": ["bob"]}, "in_review"),
        (writer, "withdraw", None, "draft"),
        (writer, "submit", None, "in_review"),
        (reviewer, "request-changes", {"comment": "Why?"}, "draft"),
        (writer, "submit", {}, "in_review"),
        (reviewer, "approve", {"comment": "Good"}, "in_review"),
        (reviewer, "publish", None, "published"),
        (writer, "archive", None, "archived"),
        (writer, "unarchive", None, "published"),
    ]

    for client, verb, body, status in steps:
        answer = act(client, verb, draft.ref, body)
        assert (answer.status_code, answer.json().get("status")) == (200, status), verb
        assert answer["ETag"] == tag_of(client, draft.ref)


def test_an_approval_can_publish_at_once(browse, bob, asked):
    body = act(browse(bob), "approve", asked.ref, {"publish": True, "comment": "Yes"}).json()

    assert body["status"] == "published"
    assert Approval.objects.get().comment == "Yes"


def test_what_publishing_needs_is_said_by_field(browse, bob, asked):
    answer = act(browse(bob), "publish", asked.ref)

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/approvals"]


def test_what_does_not_fit_the_state_is_a_conflict(browse, alice, bob, draft, published):
    assert act(browse(bob), "approve", draft.ref).status_code == 409
    assert act(browse(alice), "archive", draft.ref).status_code == 409
    assert act(browse(alice), "withdraw", published.ref).status_code == 409
    assert act(browse(alice), "submit", published.ref).status_code == 409


BAD = [
    ("submit", {"reviewers": ["nobody"]}, "/reviewers"),
    ("submit", {"reviewers": "bob"}, "/reviewers"),
    ("submit", {"walrus": 1}, "/walrus"),
    ("approve", {"publish": "perhaps"}, "/publish"),
    ("request-changes", {}, "/comment"),
    ("request-changes", {"comment": " "}, "/comment"),
    ("publish", {"walrus": 1}, "/walrus"),
    ("publish", [1], ""),
    ("restore-revision", {}, "/revision"),
    ("restore-revision", {"revision": 0}, "/revision"),
    ("restore-revision", {"revision": 10**12}, "/revision"),
    ("duplicate", {"team": "payments"}, "/team"),
]


@pytest.mark.parametrize(("verb", "body", "pointer"), BAD)
def test_what_a_verb_does_not_take_is_refused(browse, alice, draft, verb, body, pointer):
    answer = act(browse(alice), verb, draft.ref, body)

    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


OVER_A_VERSION = [
    *("submit", "approve", "request-changes", "publish", "withdraw", "archive", "unarchive"),
    "restore-revision",
]
BODIES = {"request-changes": {"comment": "Why?"}, "restore-revision": {"revision": 1}}


@pytest.mark.parametrize("verb", OVER_A_VERSION)
def test_a_verb_names_the_version_that_was_read(browse, dana, asked, verb):
    client, address, body = browse(dana), of(asked.ref, f"{verb}/"), BODIES.get(verb)

    without = send(client, "POST", address, body)
    former = send(client, "POST", address, body, if_match='"1-0123456789abcdef"')

    assert (without.status_code, former.status_code) == (428, 412)
    assert former["ETag"] == tag_of(client, asked.ref)
    asked.refresh_from_db()
    assert (asked.version, asked.status) == (2, "in_review")


@pytest.mark.parametrize("verb", [*OVER_A_VERSION, "duplicate", "restore"])
def test_hidden_is_as_absent_to_every_verb(browse, charlie, draft, verb):
    body = BODIES.get(verb)
    hidden, absent = (
        send(browse(charlie), "POST", of(ref, f"{verb}/"), body, if_match='"1-0123456789abcdef"')
        for ref in (draft.ref, "absent00")
    )

    assert (hidden.status_code, hidden.content) == (404, absent.content)


@pytest.mark.parametrize("verb", [*OVER_A_VERSION, "restore"])
def test_who_only_reads_does_none_of_them(browse, charlie, published, verb):
    refused = act(browse(charlie), verb, published.ref, BODIES.get(verb))
    nobody = act(browse(), verb, published.ref, BODIES.get(verb))

    published.refresh_from_db()
    assert (refused.status_code, nobody.status_code) == (404 if verb == "restore" else 403, 401)
    assert (published.version, published.status) == (1, "published")


@pytest.mark.parametrize("verb", ["approve", "request-changes", "publish"])
def test_who_wrote_it_does_not_decide(browse, alice, asked, verb):
    assert act(browse(alice), verb, asked.ref, BODIES.get(verb)).status_code == 403


def test_a_verb_with_a_key_happens_once(browse, alice, published):
    client = browse(alice)
    tag = tag_of(client, published.ref)

    first, second = (
        send(client, "POST", of(published.ref, "archive/"), if_match=tag, idempotency_key="k")
        for _time in range(2)
    )

    assert (first.status_code, first.content, first["ETag"]) == (
        200,
        second.content,
        second["ETag"],
    )
    assert second["Idempotency-Replayed"] == "true"
    assert Postmortem.objects.get().version == 2


def test_an_old_revision_is_saved_as_a_new_one(browse, alice, draft):
    client = browse(alice)
    change(client, "PATCH", draft.ref, {"title": "Otter", "visibility": "team"})

    body = act(client, "restore-revision", draft.ref, {"revision": 1, "comment": "Better"}).json()

    assert (body["title"], body["revision"], body["visibility"]) == ("Walrus", 3, "team")
    assert act(client, "restore-revision", draft.ref, {"revision": 9}).status_code == 409


def test_a_copy_is_a_draft_of_who_makes_it(browse, alice, charlie, published, payments):
    answer = send(browse(charlie), "POST", of(published.ref, "duplicate/"), {"team": "payments"})

    body = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, of(body["ref"]))
    assert (body["status"], body["team"], body["authors"]) == ("draft", "payments", ["charlie"])
    assert body["title"] == "Copy of Walrus"


def test_what_lies_in_the_bin_comes_out_again(browse, alice, charlie, published):
    bin.throw_away(published, by=alice)
    address = of(published.ref, "restore/")

    refused = send(browse(charlie), "POST", address)
    answers = [send(browse(alice), "POST", address, idempotency_key="k") for _time in range(2)]

    assert refused.content == send(browse(charlie), "POST", of("absent00", "restore/")).content
    assert [item.status_code for item in answers] == [200, 200]
    assert answers[0].json() == browse(alice).get(of(published.ref)).json()
    assert send(browse(alice), "POST", address).status_code == 404


def test_archived_stays_readable(browse, alice, published):
    shelving.archive(published, by=alice)

    assert browse().get(of(published.ref)).json()["status"] == "archived"
