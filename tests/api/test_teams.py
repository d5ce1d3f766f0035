"""/api/v1/teams/: seen by who is in them, changed by leads and administrators."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems.models import Membership, Team, User
from tests import makers
from tests.api.tool import Tool, pointers, reads, status

URL = "/api/v1/teams/"
PLATFORM, MEMBERS = f"{URL}platform/", f"{URL}platform/members/"


@pytest.fixture
def lead(platform):
    return Tool(makers.make_user("lena", team=platform, role="lead"))


def role_of(username: str) -> str | None:
    found = Membership.objects.filter(team__slug="platform", user__username=username).first()
    return found.role if found else None


def test_one_sees_the_teams_one_is_in_and_administrators_all(alice, charlie, dana):
    def slugs(tool):
        return [item["slug"] for item in tool.get(URL).json()["results"]]

    assert slugs(Tool(alice)) == ["platform"]
    assert slugs(Tool(charlie)) == ["payments"]
    assert slugs(Tool(dana)) == ["payments", "platform"]
    assert slugs(Tool()) == []


def test_a_team_is_told_with_ones_own_role(alice, dana):
    team = {"slug": "platform", "name": "Platform", "url": "/people/teams/platform/"}

    assert Tool(alice).get(PLATFORM).json() == team | {"role": "author"}
    assert Tool(dana).get(PLATFORM).json() == team | {"role": None}


def test_a_team_one_is_not_in_is_as_absent_as_one_that_never_was(alice, charlie):
    tool = Tool(charlie)

    for rest in ("", "members/", "members/alice/"):
        hidden, absent = tool.get(f"{URL}platform/{rest}"), tool.get(f"{URL}nothing/{rest}")
        assert (status(hidden), hidden.content) == (404, absent.content)
    assert status(tool.patch(PLATFORM, {"name": "Mine"})) == 404
    assert status(tool.put(f"{MEMBERS}charlie/", {"role": "lead"})) == 404


def test_members_are_listed_by_name(alice, bob):
    body = Tool(alice, "read").get(MEMBERS).json()

    assert body["results"] == [
        {"username": "alice", "name": "Alice", "role": "author"},
        {"username": "bob", "name": "Bob", "role": "reviewer"},
    ]


def test_a_list_of_members_costs_the_same_however_many_there_are(alice, platform):
    tool = Tool(alice)

    for username in ("m1", "m2"):
        with CaptureQueriesContext(connection) as captured:
            tool.get(MEMBERS)
        assert reads(captured) == 4
        makers.make_user(username, team=platform)


def test_an_administrator_makes_a_team(dana):
    answer = Tool(dana).post(URL, {"slug": "edge", "name": "Edge network"})

    assert (answer.status_code, answer["Location"]) == (201, f"{URL}edge/")
    assert Team.objects.get(slug="edge").name == "Edge network"


def test_a_lead_renames_the_team(lead, alice):
    answer = lead.patch(PLATFORM, {"slug": "platform", "name": "Base"})

    assert (answer.status_code, answer.json()["name"]) == (200, "Base")
    assert status(Tool(alice).patch(PLATFORM, {"name": "Mine"})) == 403


def test_a_lead_takes_people_in_gives_roles_and_takes_them_out(lead, charlie):
    one = f"{MEMBERS}charlie/"

    taken_in, changed = lead.put(one, {"role": "reader"}), lead.put(one, {"role": "author"})
    assert (taken_in.status_code, changed.status_code) == (201, 200)
    assert changed.json() == {"username": "charlie", "name": "Charlie", "role": "author"}
    assert lead.get(one).json() == changed.json()

    assert lead.delete(one).status_code == 204
    assert (status(lead.get(one)), status(lead.delete(one))) == (404, 404)


def test_who_leads_nothing_changes_nobody_and_is_told_of_nobody(alice, bob):
    tool = Tool(alice)

    assert status(tool.put(f"{MEMBERS}alice/", {"role": "lead"})) == 403
    assert status(tool.delete(f"{MEMBERS}bob/")) == 403
    assert status(tool.delete(f"{MEMBERS}n0body/")) == 403
    assert (role_of("alice"), role_of("bob")) == ("author", "reviewer")


def test_everybody_may_leave(alice):
    assert Tool(alice).delete(f"{MEMBERS}alice/").status_code == 204
    assert role_of("alice") is None


@pytest.mark.parametrize("username", ["n0body", "system", "%00", "x" * 300])
def test_nobody_takes_in_who_is_not_there(lead, system, username):
    assert status(lead.put(f"{MEMBERS}{username}/", {"role": "reader"})) == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"slug": "Edge"}, "/slug"),
        ({"slug": "platform"}, "/slug"),
        ({"slug": 7}, "/slug"),
        ({"slug": "edge", "name": "x" * 121}, "/name"),
        ({"slug": "edge", "lead": "alice"}, "/lead"),
        ({}, "/slug"),
    ],
)
def test_a_team_that_cannot_be_is_refused_at_its_field(dana, platform, body, pointer):
    assert pointers(Tool(dana).post(URL, body)) == [pointer]


@pytest.mark.parametrize("body", [{"role": "owner"}, {"role": None}, {"role": True}, {}])
def test_a_role_that_there_is_not_is_refused(lead, alice, body):
    assert pointers(lead.put(f"{MEMBERS}alice/", body)) == ["/role"]


def test_a_token_needs_the_scope_admin_to_change_teams(dana, alice):
    tool = Tool(dana, "write")

    assert status(tool.post(URL, {"slug": "edge"})) == 403
    assert status(tool.put(f"{MEMBERS}alice/", {"role": "lead"})) == 403
    assert status(Tool().post(URL, {"slug": "edge"})) == 401
    assert role_of("alice") == "author"


def test_a_team_that_one_sees_no_longer_is_not_told_once_more(dana):
    tool, new = Tool(dana), {"slug": "otters", "name": "Otters"}
    assert tool.post(URL, new, Idempotency_Key="once").status_code == 201

    User.objects.filter(pk=dana.pk).update(is_administrator=False)

    assert status(tool.post(URL, new, Idempotency_Key="once")) == 404
