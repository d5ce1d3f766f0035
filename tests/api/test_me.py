"""/api/v1/me/: who asks, and what they change of themselves."""

import pytest

from postmortems.models import AuditEntry, User
from tests.api.tool import Tool, pointers, status

URL = "/api/v1/me/"


def test_one_is_told_who_one_is(alice):
    assert Tool(alice, "read").get(URL).json() == {
        "username": "alice",
        "name": "Alice",
        "email": "",
        "language": "",
        "time_zone": "",
        "theme": "",
        "is_curator": False,
        "is_administrator": False,
        "teams": [{"slug": "platform", "name": "Platform", "role": "author"}],
        "scope": "read",
    }


def test_a_session_has_no_scope_and_site_roles_are_told(browse, dana):
    body = browse(dana).get(URL).json()

    assert (body["username"], body["scope"], body["teams"]) == ("dana", None, [])
    assert (body["is_curator"], body["is_administrator"]) == (True, True)


def test_a_visitor_is_nobody(db):
    body = Tool().get(URL).json()

    assert (body["username"], body["teams"], body["scope"]) == (None, [], None)


def test_what_is_given_is_changed_and_the_rest_stays(alice):
    tool = Tool(alice, "write")

    tool.patch(URL, {"language": "zh-hant", "time_zone": "Asia/Taipei"})
    body = tool.patch(URL, {"name": "Al", "theme": "dark"}).json()

    shown = [body[name] for name in ("name", "language", "time_zone", "theme")]
    assert shown == ["Al", "zh-hant", "Asia/Taipei", "dark"]
    assert tool.get(URL).json() == body


def test_what_is_read_can_be_sent_back(alice):
    tool = Tool(alice)
    body = tool.get(URL).json()

    answer = tool.patch(URL, body)

    assert (answer.status_code, answer.json()) == (200, body)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": "x" * 121}, "/name"),
        ({"name": None}, "/name"),
        ({"language": "fr"}, "/language"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": "../etc/passwd"}, "/time_zone"),
        ({"theme": 7}, "/theme"),
        ({"password": "x"}, "/password"),
    ],
)
def test_what_cannot_be_chosen_is_refused_at_its_field(alice, change, pointer):
    assert pointers(Tool(alice).patch(URL, change)) == [pointer]


def test_of_a_change_that_is_refused_nothing_is_kept(alice):
    Tool(alice).patch(URL, {"name": "Al", "time_zone": "Mars/Olympus"})

    assert User.objects.get(pk=alice.pk).name == "Alice"
    assert not AuditEntry.objects.filter(action="set-name").exists()


def test_nobody_changes_without_the_right_credential(alice):
    assert status(Tool().patch(URL, {"name": "x"})) == 401
    assert status(Tool(alice, "read").patch(URL, {"name": "x"})) == 403
