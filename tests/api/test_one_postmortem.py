"""/api/v1/postmortems/: making one, and reading, replacing, patching and throwing away one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems import access, authoring, bin, content
from postmortems.document import Relation
from postmortems.models import AuditEntry, KeptAnswer, Membership, Postmortem
from tests.api.asking import LIST, MERGE_PATCH, change, of, send, tag_of
from tests.api.tool import reads
from tests.makers import make_document, make_postmortem, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(alice, platform):
    """Alice's draft."""
    return make_postmortem(
        make_document("Walrus", summary="Words"), team=platform, authors=(alice,), status="draft"
    )


# --- Making one ---------------------------------------------------------------------------------


def test_a_title_is_enough_to_make_one(browse, alice):
    answer = send(browse(alice), "POST", LIST, {"title": "Walrus"})

    made, body = Postmortem.objects.get(), answer.json()
    assert answer.status_code == 201
    assert answer["Location"] == of(made.ref)
    assert answer["ETag"] == tag_of(browse(alice), made.ref)
    assert body == browse(alice).get(of(made.ref)).json()
    assert (body["status"], body["visibility"], body["team"]) == ("draft", "team", "platform")
    assert (body["authors"], body["named_people"]) == (["alice"], [])
    assert (body["slug"], body["version"], body["revision"]) == ("walrus", 1, 1)


def test_the_envelope_can_be_given(browse, alice, bob):
    sent = {
        "title": "Walrus",
        "slug": "tusk",
        "visibility": "restricted",
        "team": "platform",
        "authors": ["alice", "bob"],
        "named_people": ["bob"],
    }

    body = send(browse(alice), "POST", LIST, sent).json()

    assert {name: body[name] for name in sent} == sent


def test_every_part_stands_in_an_answer_also_when_it_is_empty(browse, alice):
    body = send(browse(alice), "POST", LIST, {"title": "Walrus"}).json()

    assert (body["summary"], body["language"], body["schema"]) == ("", "en", 1)
    assert (body["started"], body["duration"], body["sections"]) == ({}, None, {})
    assert body["translations"] == {}
    assert [body[name] for name in ("timeline", "relations", "attachments")] == [[], [], []]


BAD = [
    ({}, "/title"),
    ({"title": ""}, "/title"),
    ({"title": 12}, "/title"),
    ({"title": "W", "walrus": 1}, "/walrus"),
    ({"title": "W", "timeline": [{"text": "x"}]}, "/timeline/0/id"),
    ({"title": "W", "started": {"date": "soon"}}, "/started"),
    ({"title": "W", "status": "published"}, "/status"),
    ({"title": "W", "visibility": "secret"}, "/visibility"),
    ({"title": "W", "visibility": ["team"]}, "/visibility"),
    ({"title": "W", "slug": "edit"}, "/slug"),
    ({"title": "W", "slug": 12}, "/slug"),
    ({"title": "W", "team": "payments"}, "/team"),
    ({"title": "W", "authors": []}, "/authors"),
    ({"title": "W", "authors": "alice"}, "/authors"),
    ({"title": "W", "authors": ["nobody"]}, "/people"),
    ({"title": "W", "visibility": "restricted", "authors": ["bob"]}, "/people"),
    ({"title": "W", "classifications": [{"vocabulary": "cause", "term": "x"}]}, "/classifications/0/term"),
    ([], ""),
    ("Walrus", ""),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "pointer"), BAD)
def test_what_cannot_be_kept_is_refused_with_its_place(browse, alice, bob, payments, sent, pointer):
    answer = send(browse(alice), "POST", LIST, sent)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not Postmortem.objects.exists()


def test_a_team_that_one_does_not_write_in_is_as_one_that_is_not_there(browse, alice, payments):
    client = browse(alice)

    there = send(client, "POST", LIST, {"title": "W", "team": "payments"})
    absent = send(client, "POST", LIST, {"title": "W", "team": "payment5"})

    assert there.content.replace(b"payments", b"payment5") == absent.content


def test_who_writes_nowhere_makes_none(browse, platform):
    reader = make_user("erin", team=platform, role="reader")

    assert send(browse(reader), "POST", LIST, {"title": "W"}).status_code == 403
    assert send(browse(), "POST", LIST, {"title": "W"}).status_code == 401
    assert not Postmortem.objects.exists()


def test_a_key_makes_one_however_often_it_is_sent(browse, alice):
    client = browse(alice)

    answers = [
        send(client, "POST", LIST, {"title": "Walrus"}, idempotency_key="k1") for _time in range(3)
    ]

    assert Postmortem.objects.count() == KeptAnswer.objects.count() == 1
    assert len({(item.content, item["ETag"], item["Location"]) for item in answers}) == 1
    assert send(client, "POST", LIST, {"title": "Otter"}, idempotency_key="k1").status_code == 422


# --- Reading ------------------------------------------------------------------------------------


def test_hidden_is_as_absent_byte_for_byte(browse, alice, charlie, draft):
    asked = [("GET", None), ("PUT", {"title": "W"}), ("PATCH", {}), ("DELETE", None)]

    for method, body in asked:
        hidden = send(browse(charlie), method, of(draft.ref), body, if_match='"1-0123456789abcdef"')
        absent = send(
            browse(charlie), method, of("absent00"), body, if_match='"1-0123456789abcdef"'
        )
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert browse(alice).get(of(draft.ref)).status_code == 200


def test_a_visitor_reads_what_is_public_without_the_names_of_its_people(client, alice, platform):
    made = make_postmortem(team=platform, authors=(alice,), named=(alice,))

    body = client.get(of(made.ref.upper())).json()

    assert (body["ref"], body["authors"], body["named_people"]) == (made.ref, None, None)


def test_what_the_client_has_is_not_sent_again(browse, alice, draft):
    client = browse(alice)

    answer = client.get(of(draft.ref), headers={"if-none-match": tag_of(client, draft.ref)})

    assert (answer.status_code, answer.content) == (304, b"")


def test_relations_to_what_is_hidden_are_not_shown(browse, alice, charlie, payments):
    hidden = make_postmortem(team=payments, visibility="team")
    seen = make_postmortem()
    document = make_document(relations=tuple(Relation("follow-up", x.ref) for x in (hidden, seen)))
    made = make_postmortem(document)

    refs = [item["target"] for item in browse(alice).get(of(made.ref)).json()["relations"]]

    assert refs == [seen.ref]
    assert len(browse(charlie).get(of(made.ref)).json()["relations"]) == 2


def test_reading_costs_the_same_statements_whatever_it_holds(client, alice, platform):
    small = make_postmortem(authors=(alice,), team=platform)
    relations = tuple(Relation("follow-up", make_postmortem().ref) for _number in range(3))
    large = make_postmortem(make_document(relations=relations), team=platform)
    client.get(of(small.ref))

    with CaptureQueriesContext(connection) as few:
        client.get(of(small.ref))
    with CaptureQueriesContext(connection) as many:
        client.get(of(large.ref))

    # One more where there are relations: which of the related ones the reader sees.
    assert (reads(few), reads(many)) == (10, 11)


# --- Replacing and patching -----------------------------------------------------------------------


def test_put_replaces_the_content_and_keeps_the_envelope(browse, alice, draft):
    body = change(browse(alice), "PUT", draft.ref, {"title": "Otter"}).json()

    assert (body["title"], body["summary"]) == ("Otter", "")
    assert (body["slug"], body["visibility"], body["authors"]) == (draft.slug, "public", ["alice"])
    assert (body["version"], body["revision"]) == (2, 2)


def test_what_was_read_can_be_sent_back_and_changes_nothing(browse, alice, draft):
    client = browse(alice)
    read = client.get(of(draft.ref))

    for method in ("PUT", "PATCH"):
        answer = change(client, method, draft.ref, read.json())
        assert (answer.status_code, answer.json(), answer["ETag"]) == (
            200,
            read.json(),
            read["ETag"],
        )


@pytest.mark.parametrize("kind", ["application/json", MERGE_PATCH])
def test_patch_changes_what_is_sent_and_nothing_else(browse, alice, draft, kind):
    sent = {"sections": {"impact": "Much"}, "started": {"date": "2023-03-14"}, "visibility": "team"}

    body = change(browse(alice), "PATCH", draft.ref, sent, kind=kind).json()

    assert (body["title"], body["summary"]) == ("Walrus", "Words")
    assert {name: body[name] for name in sent} == sent


def test_null_takes_away(browse, alice, draft):
    client = browse(alice)
    change(client, "PATCH", draft.ref, {"sections": {"impact": "a", "resolution": "b"}})

    body = change(
        client, "PATCH", draft.ref, {"sections": {"impact": None}, "summary": None}
    ).json()

    assert (body["sections"], body["summary"]) == ({"resolution": "b"}, "")


def test_content_and_envelope_change_together_or_not_at_all(browse, alice, draft):
    refused = change(browse(alice), "PATCH", draft.ref, {"title": "Otter", "authors": ["nobody"]})

    draft.refresh_from_db()
    assert refused.status_code == 400
    assert (draft.title, draft.version) == ("Walrus", 1)


def test_a_status_is_changed_by_its_verb_alone(browse, alice, draft):
    client = browse(alice)

    assert change(client, "PATCH", draft.ref, {"status": "published"}).status_code == 400
    assert (
        change(client, "PATCH", draft.ref, {"status": "draft", "title": "Otter"}).status_code == 200
    )


def test_a_relation_to_what_is_hidden_survives_who_cannot_see_it(browse, alice, platform, payments):
    hidden = make_postmortem(team=payments, visibility="team")
    seen = make_postmortem()
    relations = (Relation("follow-up", hidden.ref, "Why"), Relation("same-defect", seen.ref))
    made = make_postmortem(make_document(relations=relations), team=platform, authors=(alice,))

    change(
        browse(alice),
        "PUT",
        made.ref,
        {"title": "Otter", "classifications": [{"vocabulary": "kind", "term": "stub"}]},
    )
    made.refresh_from_db()
    assert content.read(made).relations == relations[:1]

    taken = {"kind": "follow-up", "target": hidden.ref}
    change(browse(alice), "PATCH", made.ref, {"relations": [taken]})
    made.refresh_from_db()
    assert content.read(made).relations == relations[:1]


def test_unseen_relations_keep_their_places(browse, alice, platform, payments):
    hidden = [make_postmortem(team=payments, visibility="team") for _number in range(2)]
    seen = make_postmortem()
    targets = (hidden[0], seen, hidden[1])
    relations = tuple(Relation("follow-up", item.ref) for item in targets)
    made = make_postmortem(make_document(relations=relations), team=platform, authors=(alice,))
    client = browse(alice)

    answer = change(client, "PUT", made.ref, client.get(of(made.ref)).json())

    assert (answer.status_code, answer.json()["version"]) == (200, 1)


# --- Versions -----------------------------------------------------------------------------------

BODIES = [("PUT", {"title": "Otter"}), ("PATCH", {"title": "Otter"}), ("DELETE", None)]


@pytest.mark.parametrize(("method", "body"), BODIES)
def test_a_change_names_the_version_that_was_read(browse, alice, draft, method, body):
    client = browse(alice)

    without = send(client, method, of(draft.ref), body)
    anything = send(client, method, of(draft.ref), body, if_match="*")
    weak = send(client, method, of(draft.ref), body, if_match=f"W/{tag_of(client, draft.ref)}")
    broken = send(client, method, of(draft.ref), body, if_match="walrus")

    codes = [item.status_code for item in (without, anything, weak, broken)]
    assert codes == [428, 428, 412, 400]
    assert Postmortem.objects.get(title="Walrus").version == 1


@pytest.mark.parametrize(("method", "body"), BODIES)
def test_an_older_version_is_refused_with_the_present_tag(browse, alice, draft, method, body):
    client = browse(alice)
    former = tag_of(client, draft.ref)
    change(client, "PATCH", draft.ref, {"title": "Seal"})

    answer = send(client, method, of(draft.ref), body, if_match=former)

    assert answer.status_code == 412
    assert answer["ETag"] == tag_of(client, draft.ref)
    assert answer["Content-Type"] == "application/problem+json"
    assert Postmortem.objects.get().title == "Seal"


def test_one_of_several_tags_is_enough(browse, alice, draft):
    tags = f'"7-0123456789abcdef", {tag_of(browse(alice), draft.ref)}'

    assert send(browse(alice), "DELETE", of(draft.ref), if_match=tags).status_code == 204


def test_two_readers_hold_tags_of_one_version(browse, alice, bob, dana, draft):
    answer = send(
        browse(bob),
        "PATCH",
        of(draft.ref),
        {"title": "W"},
        if_match=tag_of(browse(dana), draft.ref),
    )

    assert answer.status_code == 200


# --- Rights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "body"), BODIES)
def test_who_only_reads_changes_nothing(browse, charlie, draft, method, body):
    made = make_postmortem(make_document("Walrus"))

    refused = change(browse(charlie), method, made.ref, body)
    nobody = change(browse(), method, made.ref, body)

    made.refresh_from_db()
    assert (refused.status_code, nobody.status_code) == (403, 401)
    assert (made.title, made.version, made.deleted_at) == ("Walrus", 1, None)


@pytest.mark.parametrize("who", ["bob", "dana"])
@pytest.mark.parametrize(("method", "body"), BODIES)
def test_the_team_and_administrators_change_it(request, browse, draft, who, method, body):
    by = request.getfixturevalue(who)

    assert change(browse(by), method, draft.ref, body).status_code in (200, 204)


def test_what_is_deleted_lies_in_the_bin(browse, alice, draft):
    answer = change(browse(alice), "DELETE", draft.ref)

    assert (answer.status_code, answer.content) == (204, b"")
    assert browse(alice).get(of(draft.ref)).status_code == 404
    assert bin.binned_for(alice).get().ref == draft.ref


def test_giving_it_away_needs_to_write_there(browse, alice, draft, payments):
    client = browse(alice)
    assert change(client, "PATCH", draft.ref, {"team": "payments"}).status_code == 400

    Membership.objects.create(user=alice, team=payments, role="author")

    assert change(client, "PATCH", draft.ref, {"team": "payments"}).json()["team"] == "payments"


def test_the_audit_log_says_what_an_administrator_opened(browse, alice, dana, platform):
    made = make_postmortem(team=platform, authors=(alice,), visibility="restricted")

    browse(dana).get(of(made.ref))

    assert access.sees_only_as_administrator(dana, made)
    assert AuditEntry.objects.about(made.ref).filter(actor=dana).count() == 1


def test_nobody_edits_what_went_to_another_meanwhile(browse, alice, draft, dana):
    tag = tag_of(browse(alice), draft.ref)
    authoring.change_envelope(draft, by=dana, team=make_team("secret"), authors=[dana])

    assert send(browse(alice), "DELETE", of(draft.ref), if_match=tag).status_code == 404
