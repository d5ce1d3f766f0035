"""/api/v1/postmortems/REF/revisions/: the list, one with its content, two compared; for who sees the history."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postmortems import authoring, content
from postmortems.document import Relation, TimelineEntry
from tests.api.asking import of
from tests.api.tool import reads
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(alice, platform, payments):
    """Something public of alice's in two revisions, related to what she does not see."""
    hidden = make_postmortem(team=payments, visibility="team")
    first = make_document("Walrus", ("kind:stub",), relations=(Relation("follow-up", hidden.ref),))
    made = make_postmortem(first, team=platform, authors=(alice,))
    entry = TimelineEntry("t1", "detect", "The alert fired.")
    second = make_document("Walruses", ("kind:stub",), timeline=(entry,), summary="It broke.")
    return authoring.edit(made, second, by=alice, revision=1, comment="More")


def test_the_list_has_the_latest_first(browse, alice, written):
    body = browse(alice).get(of(written.ref, "revisions/")).json()

    lines = [(item["number"], item["author"], item["comment"]) for item in body["results"]]
    assert lines == [(2, "alice", "More"), (1, "system", "")]
    assert (body["count"], body["next"]) == (2, None)
    page = browse(alice).get(of(written.ref, "revisions/?page_size=1&page=2")).json()
    assert [item["number"] for item in page["results"]] == [1]


def test_one_has_its_whole_content_without_what_is_hidden(browse, alice, charlie, written):
    body = browse(alice).get(of(written.ref, "revisions/1/")).json()

    assert (body["number"], body["document"]["title"]) == (1, "Walrus")
    assert (body["document"]["relations"], body["document"]["timeline"]) == ([], [])


def test_the_newest_is_what_stands_there(browse, alice, written):
    client = browse(alice)

    document = client.get(of(written.ref, "revisions/2/")).json()["document"]

    now = client.get(of(written.ref)).json()
    assert {name: now[name] for name in document} == document


def test_two_are_compared_part_by_part(browse, alice, written):
    body = browse(alice).get(of(written.ref, "revisions/1..2/")).json()

    parts = {part["name"]: part for part in body["parts"]}
    assert list(parts) == ["title", "summary", "timeline", "classifications"]
    assert (parts["title"]["before"], parts["title"]["after"]) == ("Walrus", "Walruses")
    assert parts["summary"]["runs"] == [{"kind": "added", "text": "It broke."}]
    assert [item["kind"] for item in parts["timeline"]["items"]] == ["added"]
    assert body["words_added"] >= 6


ABSENT = ["revisions/9/", "revisions/0/", "revisions/x/", "revisions/1..9/", "revisions/1..x/"]


@pytest.mark.parametrize("rest", [*ABSENT, f"revisions/{10**30}/", "revisions/1../"])
def test_what_is_no_revision_is_not_there(browse, alice, written, rest):
    assert browse(alice).get(of(written.ref, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["revisions/", "revisions/1/", "revisions/1..2/"])
def test_who_reads_only_what_stands_there_sees_no_history(
    browse, charlie, bob, dana, written, rest
):
    refused = browse(charlie).get(of(written.ref, rest))

    assert refused.content == browse(charlie).get(of("absent00", rest)).content
    assert browse().get(of(written.ref, rest)).status_code == 404
    for who in (bob, dana):
        assert browse(who).get(of(written.ref, rest)).status_code == 200


def test_a_list_of_three_costs_what_a_list_of_one_costs(browse, alice, written, platform):
    client, single = browse(alice), make_postmortem(team=platform)
    for number in (2, 3):
        document = make_document(f"W{number}", ("kind:stub",))
        written = authoring.edit(written, document, by=alice, revision=number)
    assert len(client.get(of(written.ref, "revisions/")).json()["results"]) == 4

    counts = []
    for ref in (single.ref, written.ref):
        with CaptureQueriesContext(connection) as asked:
            client.get(of(ref, "revisions/"))
        counts.append(reads(asked))

    # Who asks (4), the postmortem, whether they see the history (2), the count, the rows.
    assert counts == [8, 8]
    assert content.read(written).title == "W3"
