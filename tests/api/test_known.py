"""GET postmortems/REF/known/ and what is said of two that look alike, through the API."""

import pytest

from postmortems import content
from postmortems.document import Action, Hypothesis, Relation, Signal, Workaround
from postmortems.models import Dismissal
from postmortems.moments import parse_moment
from tests.api.tool import Tool, status
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db


def make(title, *others, started="", **parts):
    """A postmortem that is the same defect as the others."""
    relations = tuple(Relation("same-defect", other.ref) for other in others)
    document = make_document(title, relations=relations, started=parse_moment(started), **parts)
    return make_postmortem(document)


@pytest.fixture
def pair(platform, payments):
    """One of each team."""
    return make_postmortem(team=platform), make_postmortem(team=payments)


def address(one, other, said):
    return f"/api/v1/postmortems/{one.ref}/similar/{other.ref}/{said}/"


def test_a_known_problem_has_what_its_occurrences_say(browse, db):
    first = make("First", started="2023-09", signals=(Signal("s1", "Slow"),))
    second = make(
        "Second",
        first,
        started="2024-03",
        signals=(Signal("s1", "Slow"),),
        workarounds=(Workaround("w1", "Wait", "unsafe"),),
        actions=(Action("a1", "Upgrade", status="done", tracker="K-1"),),
        hypotheses=(Hypothesis("h1", "DNS", verdict="refuted"),),
    )

    body = browse().get(f"/api/v1/postmortems/{first.ref}/known/").json()

    assert (body["title"], body["fix"], body["is_cut"]) == ("Second", "done", False)
    assert [item["ref"] for item in body["occurrences"]] == [first.ref, second.ref]
    assert [item["started"] for item in body["occurrences"]] == [
        {"date": "2023-09"},
        {"date": "2024-03"},
    ]
    since = body["occurrences"][1]["since"]
    assert (since["unit"], since["low"], since["high"]) == ("month", 5, 7)
    both = [first.ref, second.ref]
    assert body["signals"] == [{"text": "Slow", "kind": "symptom", "occurrences": both}]
    assert body["workarounds"] == [{"text": "Wait", "state": "unsafe", "occurrences": [second.ref]}]
    assert body["permanent_actions"][0]["tracker"] == "K-1"
    assert body["refuted"] == [{"claim": "DNS", "reason": "", "occurrences": [second.ref]}]


def test_a_hidden_one_is_absent(browse, alice, charlie):
    hidden = make_postmortem(visibility="restricted", authors=(alice,))
    path = f"/api/v1/postmortems/{hidden.ref}/known/"

    assert browse(charlie).get(path).status_code == 404
    assert browse(alice).get(path).status_code == 200


def test_two_are_linked_and_unlinked(alice, pair):
    mine, theirs = pair
    tool, url = Tool(alice, "write"), address(theirs, mine, "same-defect")

    linked = tool.put(url, {})

    assert linked.json() == {
        "ref": theirs.ref,
        "other": mine.ref,
        "same_defect": True,
        "dismissed": False,
        "for_all": False,
    }
    assert [row.target for row in content.read(mine).relations] == [theirs.ref]
    assert tool.put(url, {}).json() == linked.json()
    assert tool.delete(url).status_code == 204
    assert tool.delete(url).status_code == 204
    assert content.read(mine).relations == ()


@pytest.mark.parametrize("for_all", [True, False])
def test_two_are_dismissed_and_brought_back(alice, charlie, platform, for_all):
    one, other = make_postmortem(team=platform), make_postmortem(team=platform)
    tool = Tool(alice if for_all else charlie, "write")
    url = address(one, other, "dismissal")

    told = tool.put(url, {}).json()

    assert (told["dismissed"], told["for_all"]) == (True, for_all)
    assert Dismissal.objects.count() == 1
    assert tool.delete(url).status_code == 204
    assert not Dismissal.objects.exists()


def test_what_was_dismissed_is_not_similar(browse, charlie, platform):
    terms = ("cause.primary:network/cni-routing", "component:calico", "trigger:upgrade")
    one, other = (make_postmortem(make_document(terms=terms), team=platform) for _ in range(2))
    for number in range(8):
        make_postmortem(make_document(f"Else {number}", terms=("cause.primary:security",)))
    similar = f"/api/v1/postmortems/{one.ref}/similar/"
    tool = Tool(charlie, "write")

    tool.put(address(one, other, "dismissal"), {})

    assert tool.get(similar).json()["count"] == 0
    assert browse().get(similar).json()["count"] == 1


@pytest.mark.parametrize("said", ["same-defect", "dismissal"])
@pytest.mark.parametrize("method", ["put", "delete"])
def test_nothing_is_said_of_what_is_hidden_or_absent_or_itself(alice, charlie, said, method):
    seen = make_postmortem()
    hidden = make_postmortem(visibility="restricted", authors=(alice,))
    tool = Tool(charlie, "write")

    for one, other in ((seen, hidden), (hidden, seen), (seen, seen)):
        assert status(tool.ask(method, address(one, other, said))) == 404


def test_who_edits_neither_is_refused(charlie, platform):
    one, other = make_postmortem(team=platform), make_postmortem(team=platform)

    assert status(Tool(charlie, "write").put(address(one, other, "same-defect"), {})) == 403


def test_a_token_that_only_reads_says_nothing(alice, pair):
    tool = Tool(alice, "read")

    assert status(tool.put(address(*pair, "dismissal"), {})) == 403
    assert not Dismissal.objects.exists()
