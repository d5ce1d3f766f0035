"""Which actions a viewer sees, and what is known of them: overdue, come back since, not confirmed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from postmortems import shelving
from postmortems.actions import listing
from postmortems.document import Action, Relation
from postmortems.models import Confirmation, User
from postmortems.moments import Moment
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def made(text, date="", cause="cause.primary:network/dns", due="", status="open", **fields):
    """A postmortem with one action, of that text."""
    moment = fields.pop("started", Moment(date=date))
    relations = fields.pop("relations", ())
    document = make_document(
        text,
        (cause,),
        started=moment,
        actions=(Action("a1", text, status=status, due=due),),
        relations=relations,
    )
    return make_postmortem(document, **fields)


def back(viewer=VISITOR):
    """The actions that have come back since."""
    rows = listing.seen_by(viewer).filter(came_back=True)
    return sorted(rows.values_list("text", flat=True))


def in_days(number):
    """The day so many days from today."""
    return str(timezone.localdate() + timedelta(days=number))


CAUSE_PAIRS = [
    ("2021-03-14", "2022-03-14", True),
    ("2021-03-14", "2021-03-15", True),
    ("2021-03-14", "2021-03-14", False),
    ("2021", "2021-12-31", False),
    ("2021", "2022-01", True),
    ("2021-03", "2021", False),
    ("", "2021", False),
    ("2021", "", False),
]


@pytest.mark.parametrize(("first", "second", "is_back"), CAUSE_PAIRS)
def test_the_same_narrow_cause_on_a_later_day_brings_it_back(first, second, is_back):
    made("Mend", first)
    made("Another", second)

    assert ("Mend" in back()) == is_back


BOUNDS = [
    (Moment(date="2021", bound="not-after"), Moment(date="2022"), True),
    (Moment(date="2021", bound="not-before"), Moment(date="2022"), False),
    (Moment(date="2021"), Moment(date="2022", bound="not-before"), True),
    (Moment(date="2021"), Moment(date="2022", bound="not-after"), False),
]


@pytest.mark.parametrize(("first", "second", "is_back"), BOUNDS)
def test_what_is_open_at_an_end_is_no_proof(first, second, is_back):
    made("Mend", started=first)
    made("Another", started=second)

    assert ("Mend" in back()) == is_back


def test_a_wide_cause_and_one_that_contributed_bring_nothing_back():
    made("Wide", "2021", "cause:network")
    made("Beside", "2021", "cause.contributing:network/dns")
    made("Other", "2021", "cause.primary:time/clock-and-calendar")
    made("Later", "2022")

    assert back() == []


def test_the_same_defect_brings_it_back_from_either_end():
    first = made("First", "2021", "cause:time")
    made("Second", "2022", "cause:network", relations=(Relation("same-defect", first.ref),))
    third = made("Third", "2023", "cause:time")
    made("Before", "2020", "cause:network", relations=(Relation("same-defect", third.ref),))

    assert back() == ["Before", "First"]


def test_only_what_one_sees_brings_it_back(platform, alice, charlie):
    first = made("First", "2021")
    hidden = {"team": platform, "visibility": "restricted", "authors": (alice,)}
    made("Hidden", "2022", relations=(Relation("same-defect", first.ref),), **hidden)

    assert back(alice) == ["First"]
    assert back(charlie) == back() == []


def test_what_needs_looking_at_comes_first():
    made("Unknown", status="unknown")
    made("Open")
    made("Soon", due=in_days(14))
    made("Far", due=in_days(15))
    made("Overdue", due=in_days(-1))
    made("Long overdue", due=in_days(-9), status="proposed")
    made("Done", due=in_days(-9), status="done")
    made("Back", "2021", "cause.primary:time/clock-and-calendar")
    made("Latest", "2022", "cause.primary:time/clock-and-calendar", status="done")

    found = listing.listing_of(listing.seen_by(VISITOR))

    assert [action.text for action in found.page(0, 9)] == [
        *("Back", "Long overdue", "Overdue", "Soon", "Far", "Open", "Unknown"),
        *("Done", "Latest"),
    ]
    assert [action.text for action in found.page(2, 3)] == ["Overdue", "Soon", "Far"]
    assert len(list(found.all())) == 9


def test_of_very_many_those_with_a_day_come_first(monkeypatch):
    monkeypatch.setattr(listing, "MOST", 2)
    for text, due in (("B", ""), ("C", "2030-01-02"), ("A", ""), ("D", "2030-01-01")):
        made(text, due=due)

    found = listing.listing_of(listing.seen_by(VISITOR))

    assert (found.count, found.is_more) == (2, True)
    assert [[a.text for a in found.page(start, 2)] for start in (0, 1, 2, 3)] == [
        ["D", "C"],
        ["C", "B"],
        ["B", "A"],
        ["A"],
    ]
    assert [action.text for action in found.all()] == ["D", "C", "B", "A"]


def test_a_status_that_nobody_confirmed_for_long_is_unconfirmed():
    now = timezone.now()
    ages = {"Fresh": 89, "Old": 91, "Done": 91}
    for text, days in ages.items():
        postmortem = made(text, status="done" if text == "Done" else "open")
        Confirmation.objects.create(
            postmortem=postmortem,
            key="a1",
            status="done" if text == "Done" else "open",
            confirmed_at=now - timedelta(days=days),
        )
    made("Never", status="proposed")
    made("Unknown", status="unknown")
    rows = listing.seen_by(VISITOR)

    asked = set(rows.filter(listing.unconfirmed(now)).values_list("text", flat=True))

    assert asked == {"Old", "Never"}
    assert {row.text for row in rows if listing.is_unconfirmed(row, now)} == asked


def test_what_is_archived_brings_nothing_back():
    first = made("First", "2021")
    relation = Relation("same-defect", first.ref)
    later = made("Later", "2022", relations=(relation,))
    assert back() == ["First"]

    shelving.archive(later, by=User.objects.system())

    assert back() == []
