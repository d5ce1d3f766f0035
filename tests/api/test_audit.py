"""/api/v1/audit/: for administrators alone, narrowed as the page is, and counting nobody's acts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems import accounts, teams
from postmortems.models import AuditEntry
from tests.api.tool import Tool, pointers, reads, status

URL = "/api/v1/audit/"


@pytest.fixture
def tool(dana):
    return Tool(dana, "read")


@pytest.fixture
def edge(dana):
    """A team that was made and renamed."""
    made = accounts.create_team("edge", by=dana)
    return teams.rename(made, "Edge network", by=dana)


def acts(answer) -> list[str]:
    return [entry["action"] for entry in answer.json()["results"]]


def test_an_entry_tells_who_did_what_to_what(tool, edge):
    entry = tool.get(f"{URL}?kind=team").json()["results"][0]

    row = AuditEntry.objects.get(action="rename")
    assert entry == {
        "number": row.number,
        "at": row.at.isoformat(),
        "actor": "dana",
        "token": "",
        "address": "",
        "request_id": "",
        "action": "rename",
        "kind": "team",
        "object": str(edge.pk),
        "name": "Edge network",
        "before": {"name": "Edge"},
        "after": {"name": "Edge network"},
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=team", ["rename", "create"]),
        ("kind=team&action=create", ["create"]),
        ("kind=team&who=DANA", ["rename", "create"]),
        ("kind=team&who=alice", []),
        ("kind=team&since=2999-01-01", []),
        ("kind=team&until=1999-12-31", []),
        ("kind=team&until=9999-12-31", ["rename", "create"]),
        ("request_id=none", []),
        ("token=hs_none…", []),
    ],
)
def test_each_parameter_narrows_the_entries(tool, edge, query, expected):
    assert acts(tool.get(f"{URL}?{query}")) == expected


def test_the_object_and_the_token_narrow_them_too(dana, edge):
    admin = Tool(dana)
    admin.post("/api/v1/teams/", {"slug": "core"})
    prefix = admin.headers["Authorization"].removeprefix("Bearer ")[:8]

    assert acts(admin.get(f"{URL}?kind=team&object={edge.pk}")) == ["rename", "create"]
    assert acts(admin.get(f"{URL}?token={prefix}…")) == ["create"]


def test_pages_go_by_the_numbers_of_entries(tool, edge):
    first = tool.get(f"{URL}?kind=team&page_size=1")
    last = tool.get(first.json()["next"])

    assert (acts(first), acts(last)) == (["rename"], ["create"])
    assert (first.json()["previous"], last.json()["next"]) == (None, None)
    assert acts(tool.get(last.json()["previous"])) == ["rename"]


def test_nothing_is_counted(tool, edge):
    assert tool.get(f"{URL}?who=dana").json()["count"] is None


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=2024-13-01", "before=x", "page_size=0", "who=%00"]
)
def test_a_parameter_that_cannot_be_read_is_refused(tool, query):
    assert pointers(tool.get(f"{URL}?{query}")) == [f"/{query.split('=')[0]}"]


def test_only_administrators_read_it(alice, db):
    assert status(Tool(alice).get(URL)) == 403
    assert status(Tool().get(URL)) == 403


def test_more_entries_take_no_more_statements(tool, edge, dana):
    for name in ("One", "Two"):
        with CaptureQueriesContext(connection) as captured:
            tool.get(f"{URL}?kind=team")
        assert reads(captured) == 4
        teams.rename(edge, name, by=dana)
