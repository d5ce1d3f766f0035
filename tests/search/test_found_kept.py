"""Sets that are kept while the index moves on: always what asking anew finds."""

import random

import pytest

from postmortems.document import Action
from postmortems.insights import keeping, meetings, returning, same_defects, together, told
from postmortems.insights.asking import all_listed, all_visible, selected
from postmortems.insights.chains import chains_of
from postmortems.insights.debt import debt_of
from postmortems.insights.times import times_of
from postmortems.models import Postmortem
from postmortems.moments import parse_moment
from postmortems.search import counting, finding, members, states
from tests.makers import make_document, make_postmortem
from tests.search.asking import VISITOR
from tests.search.changes import a_change
from tests.search.mixed import mixed_collection

KEEPING = (counting, finding, keeping, meetings, members, returning, same_defects)
QUESTIONS = (
    ("", {}),
    ("walrus", {}),
    ("", {"cause": ["network"]}),
    ("-seal", {"status": ["archived", "published"]}),
)


@pytest.fixture
def dice() -> random.Random:
    return random.Random(11)


@pytest.fixture
def collection(dice, platform, payments, alice, bob, charlie):
    mixed = mixed_collection(dice, 30, (platform, payments), (alice, bob, charlie))
    return [*mixed, *(waiting(year) for year in range(2015, 2023))]


def waiting(year: int) -> Postmortem:
    """A postmortem of a cause that comes back, whose permanent action waits."""
    cause = ("network/dns", "change/config/typo")[year % 2]
    action = Action("a1", "Replace it", kind="permanent", status="open")
    document = make_document(
        terms=("kind:outage", "severity:sev2", f"cause.primary:{cause}"),
        started=parse_moment(str(year)),
        actions=(action,),
    )
    return make_postmortem(document)


def answer_to(text: str, params: dict[str, list[str]], by) -> list[object]:
    """What a question finds, how many of that have both of two terms, and what is told of it."""
    one = selected(text, params, by)
    met, _tested = together.associations_of(one)
    return [
        *(sorted(found) for found in (one.found, all_visible(one), all_listed(one))),
        [(item.given.id, item.found.id, item.table) for item in met],
        *(told_of(one) for told_of in (debt_of, chains_of, times_of)),
    ]


def answers(by) -> list[object]:
    """What all questions find."""
    return [answer_to(text, params, by) for text, params in QUESTIONS]


def anew(by) -> list[object]:
    """The same with nothing kept, of another question neither."""
    found = []
    for text, params in QUESTIONS:
        for kept in KEEPING:
            kept.forget()
        found.append(answer_to(text, params, by))
    return found


def test_what_was_carried_along_is_what_is_found_anew(
    collection, dice, system, alice, charlie, monkeypatch
):
    monkeypatch.setattr(meetings, "MANY", 0)
    for number in range(20):
        # What is left out is named one by one, or by the search.
        monkeypatch.setattr(told, "FEW", 500 * (number % 2))
        for by in (VISITOR, alice, charlie):
            answers(by)
        for _change in range(dice.randint(1, 3)):
            a_change(dice, collection, system)
        by = (VISITOR, alice, charlie)[number % 3]

        assert answers(by) == anew(by)


def test_after_too_many_changes_all_is_found_anew(collection, dice, system, monkeypatch):
    monkeypatch.setattr(meetings, "MANY", 0)
    monkeypatch.setattr(states, "MOST_CHANGED", 0)
    answers(VISITOR)

    a_change(dice, collection, system)

    assert answers(VISITOR) == anew(VISITOR)


def test_a_question_asked_again_finds_the_same_set(collection):
    first = selected("walrus", {}, VISITOR).found

    assert selected("walrus", {}, VISITOR).found is first


def test_only_so_many_sets_are_kept(collection):
    for number in range(finding.KEPT + 5):
        selected(f"walrus{number}", {}, VISITOR)

    assert len(finding._kept) == finding.KEPT
