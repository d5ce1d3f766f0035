"""/api/v1/postmortems/REF/timeline/ and …/actions/: single entries of a content's lists."""

import pytest

from postmortems import content
from postmortems.document import Action, TimelineEntry
from postmortems.models import Postmortem
from postmortems.moments import Moment
from tests.api.asking import MERGE_PATCH, change, of, send, tag_of
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db

ENTRY = {"kind": "detect", "text": "The alert fired.", "when": {"date": "2023-03-14"}}
ACTION = {"text": "Test the restore.", "kind": "process", "status": "open", "due": "2023-04-01"}
KINDS = [("timeline", ENTRY), ("actions", ACTION)]


@pytest.fixture
def draft(alice, platform):
    """Alice's draft with an entry and an action."""
    document = make_document(
        "Walrus",
        timeline=(TimelineEntry("t1", "trigger", "It broke."),),
        actions=(Action("a1", "Mend it."),),
    )
    return make_postmortem(document, team=platform, authors=(alice,), status="draft")


def items(postmortem, part):
    """The ids of a list as they are stored."""
    return [
        item.id for item in getattr(content.read(Postmortem.objects.get(pk=postmortem.pk)), part)
    ]


@pytest.mark.parametrize(("part", "item"), KINDS)
def test_one_is_added_changed_and_taken_away(browse, alice, draft, part, item):
    client = browse(alice)

    added = change(client, "POST", draft.ref, item, f"{part}/")
    address = added["Location"]
    assert (added.status_code, {**added.json(), **item}) == (201, added.json())
    assert added["ETag"].startswith('"2-')
    assert client.get(address).json() == added.json()

    rest = address.removeprefix(of(draft.ref))
    patched = change(client, "PATCH", draft.ref, {"text": "Otherwise"}, rest, kind=MERGE_PATCH)
    assert patched.json() == {**added.json(), "text": "Otherwise"}

    assert change(client, "DELETE", draft.ref, None, rest).status_code == 204
    assert client.get(address).status_code == 404
    draft.refresh_from_db()
    assert (draft.version, draft.revision, len(items(draft, part))) == (4, 4, 1)


@pytest.mark.parametrize("part", ["timeline", "actions"])
def test_the_list_says_all_in_their_order(browse, alice, draft, part):
    client = browse(alice)
    change(client, "POST", draft.ref, dict(KINDS)[part], f"{part}/")

    answer = client.get(of(draft.ref, f"{part}/"))

    assert [item["id"] for item in answer.json()["results"]] == items(draft, part)
    assert answer.json()["count"] == 2
    # Whoever has read the list has read a version, and may change over it.
    assert send(client, "DELETE", of(draft.ref), if_match=answer["ETag"]).status_code == 204


BAD = [
    ("timeline", {"kind": "walrus", "text": "x"}, "/kind"),
    ("timeline", {"kind": "detect"}, "/text"),
    ("timeline", {"kind": "detect", "text": "x", "when": {"after": "t9"}}, "/when/after"),
    ("timeline", {"kind": "detect", "text": "x", "id": "t1"}, "/id"),
    ("actions", {"text": "x", "due": "Friday"}, "/due"),
    ("actions", {"text": "x", "walrus": 1}, "/walrus"),
    ("actions", [], ""),
]


@pytest.mark.parametrize(("part", "item", "pointer"), BAD)
def test_what_is_wrong_is_said_by_its_place_in_what_was_sent(
    browse, alice, draft, part, item, pointer
):
    answer = change(browse(alice), "POST", draft.ref, item, f"{part}/")

    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_an_id_stays(browse, alice, draft):
    answer = change(browse(alice), "PATCH", draft.ref, {"id": "t7"}, "timeline/t1/")

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/id"]


def test_an_entry_that_a_moment_is_told_by_stays(browse, alice, draft):
    client = browse(alice)
    change(client, "PATCH", draft.ref, {"resolved": {"after": "t1", "minutes": 5}})

    answer = change(client, "DELETE", draft.ref, None, "timeline/t1/")

    assert answer.status_code == 409
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/resolved/after"]
    assert content.read(Postmortem.objects.get()).resolved == Moment(after="t1", minutes=5)


CHANGES = [
    ("POST", "timeline/", ENTRY),
    ("PATCH", "timeline/t1/", {}),
    ("DELETE", "actions/a1/", None),
]


@pytest.mark.parametrize(("method", "rest", "body"), CHANGES)
def test_each_change_names_the_version_of_the_postmortem(browse, alice, draft, method, rest, body):
    client, address = browse(alice), of(draft.ref, rest)

    without = send(client, method, address, body)
    former = send(client, method, address, body, if_match='"7-0123456789abcdef"')

    assert (without.status_code, former.status_code) == (428, 412)
    assert former["ETag"] == tag_of(client, draft.ref)


@pytest.mark.parametrize(("method", "rest", "body"), CHANGES)
def test_only_the_team_changes_them(browse, alice, charlie, draft, method, rest, body):
    hidden = send(
        browse(charlie), method, of(draft.ref, rest), body, if_match='"1-0123456789abcdef"'
    )
    absent = send(
        browse(charlie), method, of("absent00", rest), body, if_match='"1-0123456789abcdef"'
    )
    seen = make_postmortem(content.read(draft))
    refused = change(browse(charlie), method, seen.ref, body, rest)

    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert refused.status_code == 403


def test_an_entry_with_a_key_is_added_once(browse, alice, draft):
    client = browse(alice)
    tag = tag_of(client, draft.ref)

    answers = [
        send(client, "POST", of(draft.ref, "timeline/"), ENTRY, if_match=tag, idempotency_key="k")
        for _time in range(2)
    ]

    assert answers[0].content == answers[1].content
    assert len(items(draft, "timeline")) == 2
