"""GET /api/v1/lessons/: what was learned, by postmortem."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems.document import Lesson, Reference
from postmortems.moments import Moment
from tests.api.tool import reads
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
URL = "/api/v1/lessons/"


def made(title, *texts, cause="network/dns", **fields):
    """A postmortem with these lessons, of March 2021."""
    learned = tuple(Lesson(f"l{n}", text, "O-1") for n, text in enumerate(texts, start=1))
    document = make_document(
        title,
        (f"cause:{cause}",),
        started=Moment(date="2021-03"),
        lessons=learned,
        references=(Reference("r1", "The page", label="O-1", kind="primary"),),
    )
    return make_postmortem(document, **fields)


def test_a_postmortem_says_what_it_taught(client):
    postmortem = made("Otter", "Rehearse rollbacks", "Alert on lag")

    body = client.get(f"{URL}?q=rollback").json()

    url = postmortem.get_absolute_url()
    assert body == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "ref": postmortem.ref,
                "title": "Otter",
                "url": url,
                "started": {"date": "2021-03"},
                "causes": ["network/dns"],
                "lessons": [
                    {
                        "id": "l1",
                        "text": "Rehearse rollbacks",
                        "html": "Rehearse <mark>rollbacks</mark>",
                        "url": f"{url}#l1",
                        "source": "O-1",
                        "source_kinds": ["primary"],
                    }
                ],
            }
        ],
    }


def titles(client, query=""):
    """The titles that are found, sorted."""
    return sorted(item["title"] for item in client.get(URL + query).json()["results"])


def test_the_list_can_be_narrowed(client, platform, payments):
    made("Otter", "Rehearse", team=platform)
    made("Walrus", "Rehearse", team=payments, cause="time")
    make_postmortem(make_document("Without"))

    assert titles(client) == ["Otter", "Walrus"]
    assert titles(client, "?cause=network") == ["Otter"]
    assert titles(client, "?team=payments") == ["Walrus"]
    assert titles(client, "?q=rehearsal") == ["Otter", "Walrus"]
    assert len(titles(client, "?page_size=1&page=2")) == 1


def test_what_one_does_not_see_is_not_there(browse, alice, charlie, platform):
    made("Seal", "Secret", team=platform, visibility="restricted", authors=(alice,))

    assert titles(browse(alice)) == ["Seal"]
    assert titles(browse(charlie)) == titles(browse()) == []
    assert browse(charlie).get(f"{URL}?q=secret").json()["count"] == 0


BAD = ["page=0", "page_size=101", "walrus=1", "sort=x"]


@pytest.mark.parametrize("query", BAD)
def test_what_cannot_be_asked_for_is_refused(client, db, query):
    answer = client.get(f"{URL}?{query}")

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        f"/{query.partition('=')[0]}"
    ]


def test_three_cost_what_one_costs(client):
    counts = []
    for number in (1, 2, 3):
        made(f"Otter {number}", "Rehearse")
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(URL)
        counts.append(reads(asked))

    assert counts == [5, 5, 5]
