"""Completion shows each viewer what they may see and nothing else: not in options, counts or order."""

import pytest

from postmortems import authoring
from postmortems.document import Action, Hypothesis, Relation, Signal
from postmortems.durations import Duration
from postmortems.models import SavedSearch
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem, make_team
from tests.search.asking import VISITOR
from tests.search.completing import completions, counted, inserts, options

pytestmark = pytest.mark.django_db

EVERYWHERE = [
    *(
        "",
        "c",
        "ca",
        "can",
        "canary",
        "canary-",
        "de",
        "dep",
        "w",
        "wal",
        "net",
        "网",
        "refu",
        "open",
    ),
    *("cause:", "cause:n", "cause.primary:", "severity:", "component:", "trigger:", "kind:"),
    *("team:", "team:c", "status:", "visibility:", "language:", "hypothesis:", "action:"),
    *(
        "relation:",
        "has:",
        "no:",
        "started:",
        "started:2031-",
        "started:>",
        "detected:",
        "updated:",
    ),
    *("duration:", "duration:<", "year:", "in:", "match:", "walrus de", "status:archived wa"),
    *("walrus OR ca", "-(ca", "-walrus cause:", "dep* cause:", "match:most walrus deploy ca"),
]


@pytest.fixture
def seen(platform, alice):
    target = make_postmortem(make_document("Target"), team=platform)
    for number, title in enumerate(("Deployment of walrus", "Deployed canyon", "Depot")):
        document = make_document(
            title,
            terms=("cause.primary:network/dns", "severity:sev2"),
            started=Moment(f"202{number}-03"),
            duration=Duration(3_600 * (number + 1)),
            relations=(Relation("follow-up", target.ref),),
        )
        make_postmortem(document, team=platform)
    make_postmortem(make_document("Walrus of alice"), team=platform, visibility="team")


def make_hidden():
    """What could show: a canary in every part, in a team, a year, terms and states of its own."""
    canaries = make_team("canary-team")
    for status in ("published", "draft", "archived"):
        for number in range(4):
            document = make_document(
                f"Canary Canarylike Candescent depot walrus{number}",
                terms=("cause.primary:time", "component:kubernetes", "trigger:upgrade"),
                started=Moment("2031-07-01"),
                detected=Moment("2031-07"),
                duration=Duration(60),
                language="zh-hans",
                signals=(Signal("s1", "canary deploys depots 网络 canary-in-a-mine"),),
                hypotheses=(Hypothesis("h1", "Canary", verdict="refuted"),),
                actions=(Action("a1", "canary", status="open"),),
            )
            make_postmortem(document, team=canaries, visibility="restricted", status=status)


@pytest.fixture
def outsiders(alice, bob, charlie):
    return (VISITOR, alice, bob, charlie)


def test_nothing_changes_when_hidden_records_come_and_go(seen, outsiders, dana):
    before = [[completions(text, by) for text in EVERYWHERE] for by in outsiders]
    before_dana = counted("can", dana)

    make_hidden()

    assert counted("can", dana) != before_dana
    assert [[completions(text, by) for text in EVERYWHERE] for by in outsiders] == before


def test_a_relation_to_a_hidden_record_is_not_offered(seen, system, charlie):
    hidden = make_postmortem(make_document("Hidden"), visibility="restricted")
    document = make_document("Start", relations=(Relation("same-defect", hidden.ref),))
    make_postmortem(document)

    assert counted("relation:", charlie) == {"follow-up": 3}
    assert counted("has:rel", charlie) == {"relation": 3}


def test_a_team_counts_what_its_members_see(seen, alice, bob, charlie, dana):
    found = [counted("wal", by, trigger=[]) for by in (VISITOR, alice, bob, charlie, dana)]

    assert [item["walrus"] for item in found] == [1, 2, 2, 1, 2]


def test_the_only_word_that_begins_so_may_be_hidden(alice, charlie, platform):
    make_postmortem(make_document("Zyzzyva"), team=platform, visibility="team")

    assert inserts("zyz", alice) == ["zyzzyva"]
    assert inserts("zyz", charlie) == inserts("zyz") == []


def test_the_order_is_that_of_what_is_seen(charlie, platform):
    for title in ("Zebra", "Zebra", "Zephyr"):
        make_postmortem(make_document(title))
    for _number in range(5):
        make_postmortem(make_document("Zephyr"), team=platform, visibility="restricted")

    assert list(counted("ze", charlie).items()) == [("zebra", 2), ("zephyr", 1)]


def test_a_change_of_rights_shows_at_once(alice, charlie, system):
    postmortem = make_postmortem(make_document("Zyzzyva"))
    assert inserts("zyz", charlie) == ["zyzzyva"]

    authoring.change_envelope(postmortem, by=system, visibility="restricted")

    assert inserts("zyz", charlie) == []


def test_the_name_of_a_team_is_known_to_who_sees_something_of_it(charlie, dana):
    make_postmortem(team=make_team("secret-project"), visibility="team")

    assert inserts("team:sec", charlie) == []
    assert inserts("team:sec", dana) == ["secret-project"]


def test_saved_searches_are_offered_to_whose_they_are_while_nothing_is_asked(alice, charlie):
    SavedSearch.objects.create(owner=alice, name="Mine", query="q=dns")

    (option,) = options("", alice, kind="saved")

    assert (option.label, option.url) == ("Mine", "/?q=dns")
    assert options("", charlie, kind="saved") == options("", kind="saved") == []
    assert options("d", alice, kind="saved") == []
