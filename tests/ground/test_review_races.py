"""Deciding and writing at the same moment: each act sees the other whole, or not at all."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from postmortems import authoring, reviews
from postmortems.models import Approval, AuditEntry, Postmortem
from postmortems.reviews import rules, state
from taxonomy import lookup
from tests.makers import make_document, make_team, make_user

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")
# Only so that a test that hangs ends; nothing is measured.
LONGEST = 60


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned or raised, all begun together."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(LONGEST)
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    return results


@pytest.fixture
def cast(transactional_db):
    """alice, who wrote it, and two who review it."""
    if connection.vendor != "postgresql":
        pytest.skip(
            "SQLite's database of tests lies in memory, where threads cannot wait for another"
        )
    team = make_team("platform")
    roles = {"alice": "author", "bob": "reviewer", "lena": "lead"}
    return {name: make_user(name, team=team, role=role) for name, role in roles.items()}


@pytest.fixture
def asked(cast) -> Postmortem:
    """What alice put before her reviewers."""
    made = authoring.create(make_document("Walrus", terms=PUBLISHABLE), by=cast["alice"])
    return reviews.ask(made, by=cast["alice"])


def edit(postmortem: Postmortem, by) -> Postmortem:
    """A second revision."""
    return authoring.edit(postmortem, make_document("Otter", PUBLISHABLE), by=by, revision=1)


def acts_of(postmortem: Postmortem) -> list[str]:
    """What was done to it, in order."""
    rows = AuditEntry.objects.filter(object_id=postmortem.ref).order_by("number")
    return list(rows.values_list("action", flat=True))


def test_two_approvals_at_once_both_count(cast, asked):
    administrator = make_user("dana", is_administrator=True)
    rules.change_rule(
        "severity:sev3", by=administrator, terms=lookup.current(), approvals=2, parts=[]
    )

    at_once(
        lambda: reviews.approve(asked, 1, by=cast["bob"]),
        lambda: reviews.approve(asked, 1, by=cast["lena"]),
    )

    now = state.state_of(Postmortem.objects.get(), lookup.current())
    assert (len(now.counted), now.is_met) == (2, True)


def test_one_person_who_approves_twice_at_once_counts_once(cast, asked):
    at_once(*[lambda: reviews.approve(asked, 1, by=cast["bob"])] * 2)

    assert Approval.objects.count() == 1


def test_two_who_publish_at_once_publish_it_once(cast, asked):
    results = at_once(
        lambda: reviews.approve_and_publish(asked, 1, by=cast["bob"]),
        lambda: reviews.approve_and_publish(asked, 1, by=cast["lena"]),
    )

    assert acts_of(asked).count("publish") == 1
    assert sum(isinstance(result, Postmortem) for result in results) == 1


def test_an_edit_between_reading_and_approving_is_noticed(cast, asked):
    results = at_once(
        lambda: edit(asked, cast["alice"]),
        lambda: reviews.approve_and_publish(asked, 1, by=cast["bob"]),
    )

    acts = acts_of(asked)
    assert isinstance(results[0], Postmortem)
    # Either it was published as bob read it and changed afterwards, or it was not published.
    if "publish" in acts:
        assert acts.index("publish") < acts.index("edit")
    else:
        assert isinstance(results[1], authoring.Conflict)
        assert not Approval.objects.exists()


def test_taking_back_and_approving_at_once_leaves_one_of_the_two(cast, asked):
    at_once(
        lambda: reviews.withdraw(asked, by=cast["alice"]),
        lambda: reviews.approve_and_publish(asked, 1, by=cast["bob"]),
    )

    acts = acts_of(asked)
    assert ("publish" in acts) != ("withdraw-review" in acts)
