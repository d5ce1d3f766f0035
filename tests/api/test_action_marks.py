"""POST /api/v1/actions/status/ and …/confirm/: many actions at once, and a report of each."""

import pytest

from postmortems import content
from postmortems.document import Action
from postmortems.models import AuditEntry, Postmortem
from tests.api.tool import Tool
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
URL = "/api/v1/actions/"
STATUS, CONFIRM = f"{URL}status/", f"{URL}confirm/"


@pytest.fixture
def ours(platform, alice):
    """Two open actions."""
    actions = (Action("a1", "Mend", status="open"), Action("a2", "Test", status="open"))
    return make_postmortem(make_document("Otter", actions=actions), team=platform)


def statuses(postmortem):
    """As they are stored."""
    document = content.read(Postmortem.objects.get(pk=postmortem.pk))
    return [action.status for action in document.actions]


def report(**counts):
    """A whole report; what is not named is none."""
    return dict.fromkeys(("changed", "same", "not_yours", "moved_on", "refused"), 0) | counts


def test_a_status_is_set_and_told(ours, alice):
    chosen = [
        {"ref": ours.ref, "id": "a1", "was": "open"},
        {"ref": ours.ref.upper(), "id": "a2", "was": "done"},
        {"ref": "00000000", "id": "a1"},
    ]

    answer = Tool(alice, "write").post(STATUS, {"status": "done", "actions": chosen})

    assert (answer.status_code, answer.json()) == (200, report(changed=1, moved_on=2))
    assert statuses(ours) == ["done", "open"]


def test_confirming_tells_since_when_it_holds(ours, alice):
    tool = Tool(alice, "write")

    answer = tool.post(CONFIRM, {"actions": [{"ref": ours.ref, "id": "a1"}]})

    assert answer.json() == report(changed=1)
    lines = {item["id"]: item for item in tool.get(URL).json()["results"]}
    assert lines["a1"]["confirmed_at"] is not None
    assert (lines["a1"]["is_unconfirmed"], lines["a2"]["is_unconfirmed"]) == (False, True)


@pytest.mark.parametrize("address", [STATUS, CONFIRM])
def test_who_may_not_changes_nothing(ours, alice, charlie, address):
    body = {"actions": [{"ref": ours.ref, "id": "a1"}]}
    body |= {"status": "done"} if address == STATUS else {}

    assert Tool().post(address, body).status_code == 401
    assert Tool(alice, "read").post(address, body).status_code == 403
    assert Tool(charlie, "write").post(address, body).json() == report(not_yours=1)
    assert statuses(ours) == ["open", "open"]


def test_what_is_hidden_is_told_like_what_is_absent(charlie, alice, platform):
    document = make_document("Seal", actions=(Action("a1", "Mend", status="open"),))
    hidden = make_postmortem(document, team=platform, visibility="restricted", authors=(alice,))

    answers = [
        Tool(charlie, "write").post(
            STATUS, {"status": "done", "actions": [{"ref": ref, "id": "a1"}]}
        )
        for ref in (hidden.ref, "00000000")
    ]

    assert [answer.json() for answer in answers] == [report(moved_on=1)] * 2


WRONG = [
    ({"status": "done"}, ["/actions"]),
    ({"status": "done", "actions": []}, ["/actions"]),
    ({"status": "finished", "actions": [{"ref": "x", "id": "a1"}]}, ["/status"]),
    ({"actions": [{"ref": "x", "id": "a1"}]}, ["/status"]),
    ({"status": "done", "actions": [{"ref": "x"}]}, ["/actions/0/id"]),
    ({"status": "done", "actions": [{"ref": 7, "id": "a1"}]}, ["/actions/0/ref"]),
    ({"status": "done", "actions": [{"ref": "x", "id": "a1", "owner": "me"}]}, ["/actions/0/owner"]),
    ({"status": "done", "actions": [{"ref": "x", "id": "a1", "was": "x"}]}, ["/actions/0/was"]),
    ({"status": "done", "actions": "a1"}, ["/actions"]),
    ({"status": "done", "actions": [{"ref": "x", "id": "a1"}] * 101}, ["/actions"]),
    ({"status": "done", "actions": [{"ref": "x\0", "id": "a1"}]}, ["/actions/0/ref"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "pointers"), WRONG)
def test_what_makes_no_sense_is_refused(ours, alice, body, pointers):
    answer = Tool(alice, "write").post(STATUS, body)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers


def test_what_is_sent_twice_under_a_key_happens_once(ours, alice):
    tool = Tool(alice, "write")
    body = {"actions": [{"ref": ours.ref, "id": "a1"}]}

    answers = [tool.post(CONFIRM, body, Idempotency_Key="walrus").json() for _ in range(2)]

    assert answers == [report(changed=1)] * 2
    assert AuditEntry.objects.filter(action="confirm-actions").count() == 1
