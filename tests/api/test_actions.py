"""GET /api/v1/actions/: what is to be done across all postmortems that one sees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems.document import Action
from postmortems.moments import Moment
from tests.api.tool import reads
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
URL = "/api/v1/actions/"


@pytest.fixture
def made(alice, platform, payments):
    """Actions of two teams, and one that only payments sees."""
    ours = make_document(
        "Walrus",
        ("cause.primary:network/dns",),
        actions=(
            Action("a1", "Mend", status="open", owner="Network", due="2001-04-01"),
            Action("a2", "Note", kind="process", status="done", due="2001-03-01"),
            Action("a3", "Later", status="open", due="9999-12-31"),
            Action("a4", "Some day", kind="temporary", status="proposed"),
        ),
    )
    theirs = make_document(
        "Otter",
        ("cause:network/dns",),
        actions=(Action("b1", "Test", status="open", due="2001-05-01"),),
    )
    hidden = make_document("Seal", actions=(Action("c1", "Secret", status="open"),))
    make_postmortem(hidden, team=payments, visibility="team")
    make_postmortem(theirs, team=payments)
    return make_postmortem(ours, team=platform, authors=(alice,))


def ids(client, query=""):
    """The ids of the actions in the list, in their order."""
    return [item["id"] for item in client.get(URL + query).json()["results"]]


QUERIES = [
    ("", ["a2", "a1", "b1", "a3", "a4"]),
    ("?sort=-due", ["a3", "b1", "a1", "a2", "a4"]),
    ("?status=open", ["a1", "b1", "a3"]),
    ("?status=done&status=proposed", ["a2", "a4"]),
    ("?kind=process", ["a2"]),
    ("?team=platform", ["a2", "a1", "a3", "a4"]),
    ("?team=absent", []),
    ("?due=overdue", ["a1", "b1"]),
    ("?due=none", ["a4"]),
    ("?cause=network/dns", ["a2", "a1", "b1", "a3", "a4"]),
    ("?cause=time", []),
    ("?came_back=false&kind=process", ["a2"]),
    ("?came_back=true", []),
    ("?unconfirmed=true", ["a1", "b1", "a3", "a4"]),
    ("?unconfirmed=false", ["a2"]),
    ("?sort=attention", ["a1", "b1", "a3", "a4", "a2"]),
    ("?overdue=true", ["a1", "b1"]),
    ("?overdue=false", ["a2", "a3", "a4"]),
    ("?due_before=2001-04-01", ["a2"]),
    ("?due_after=2001-04-01", ["b1", "a3"]),
    ("?page_size=2&page=2", ["b1", "a3"]),
    ("?team=platform&overdue=true&sort=-due", ["a1"]),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_what_is_asked_for_comes_in_its_order(client, made, query, expected):
    assert ids(client, query) == expected


def test_a_line_says_where_it_stands(client, made):
    line = client.get(f"{URL}?overdue=true&team=platform").json()["results"][0]

    assert line == {
        "id": "a1",
        "text": "Mend",
        "kind": "permanent",
        "status": "open",
        "owner": "Network",
        "due": "2001-04-01",
        "tracker": "",
        "is_overdue": True,
        "came_back": False,
        "confirmed_at": None,
        "is_unconfirmed": True,
        "postmortem": {
            "ref": made.ref,
            "title": "Walrus",
            "url": made.get_absolute_url(),
            "status": "published",
            "team": "platform",
        },
    }


def test_what_one_does_not_see_is_not_counted(browse, made, charlie):
    assert "c1" in ids(browse(charlie))
    assert browse(charlie).get(URL).json()["count"] == 6
    assert browse().get(URL).json()["count"] == 5


BAD = ["status=walrus", "kind=x", "overdue=perhaps", "due_before=soon", "sort=title", "page=0", "walrus=1",
       "postmortem__team__slug=x", "team=%00", "page_size=101", "due_after=99999-01-01",
       "due_before=", "status=", "came_back=1", "unconfirmed=x", "due=late", "owner=Network"]  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_what_cannot_be_asked_for_is_refused(client, made, query):
    answer = client.get(f"{URL}?{query}")

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        f"/{query.partition('=')[0]}"
    ]


def test_one_action_costs_what_five_cost(client, made):
    counts = []
    client.get(URL)
    for query in ("?kind=process", ""):
        with CaptureQueriesContext(connection) as asked:
            client.get(URL + query)
        counts.append(reads(asked))

    assert counts == [4, 4]


def test_what_happened_again_is_told(client):
    for title, year, status in (("First", "2021", "open"), ("Second", "2022", "done")):
        document = make_document(
            title,
            ("cause.primary:network/dns",),
            started=Moment(date=year),
            actions=(Action("a1", title, status=status),),
        )
        make_postmortem(document)

    found = {item["text"]: item["came_back"] for item in client.get(URL).json()["results"]}

    assert found == {"First": True, "Second": False}
    assert client.get(f"{URL}?came_back=true").json()["count"] == 1
