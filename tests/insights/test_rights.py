"""Numbers about terms in two worlds that differ in nothing but what their reader may not see."""

import random

import pytest

from postmortems.insights.asking import selected
from tests.insights.counted import QUESTIONS
from tests.makers import make_team, make_user
from tests.search.asking import VISITOR
from tests.search.mixed import mixed_collection
from tests.search.test_twin_worlds import make_hidden

pytestmark = pytest.mark.django_db

ASKED = (
    ("", {}),
    ("walrus", {}),
    ("", {"cause": ["network"]}),
    ("otter", {"year": ["2021..2022"], "status": ["published"]}),
    ("canarium", {}),
    ("", {"component": ["helm"]}),
)


def answers(by) -> list[object]:
    """Every answer to every search."""
    found = [selected(text, params, by) for text, params in ASKED]
    return [(one.total, one.notices, *(ask(one) for ask in QUESTIONS)) for one in found]


def test_what_is_hidden_changes_no_number_of_an_outsider(platform, payments, alice, bob, charlie):
    dice = random.Random(3)
    visible = mixed_collection(dice, 30, (platform, payments), (alice, bob))
    before = {str(by): answers(by) for by in (VISITOR, charlie, alice)}

    canary, insider = make_team("canary"), make_user("insider")
    for _number in range(12):
        make_hidden(dice, visible, canary, insider)

    assert {str(by): answers(by) for by in (VISITOR, charlie, alice)} == before
    assert selected("", {}, insider).total > 0
