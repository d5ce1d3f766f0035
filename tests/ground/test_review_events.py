"""Who is told of what: every act of a review once, in its transaction, and nobody who may not see it."""

import pytest
from django.db import transaction

from postmortems import authoring, reviews
from postmortems.models import User
from postmortems.reviews import events
from tests.makers import make_document, make_user

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")


@pytest.fixture
def told():
    """What the listeners hear."""
    heard: list[events.Event] = []
    events.listeners.append(heard.append)
    yield heard
    events.listeners.remove(heard.append)


def draft(alice, **fields):
    """A draft of alice that lacks nothing."""
    return authoring.create(make_document("Walrus", terms=PUBLISHABLE), by=alice, **fields)


def names(event) -> set[str]:
    """Who is told, by name."""
    return {user.username for user in User.objects.filter(pk__in=event.to)}


def test_every_act_is_told_to_those_it_concerns(alice, bob, told):
    made = reviews.ask(draft(alice), by=alice, reviewers=[bob])
    first = reviews.comment(made, "Why?", by=bob)
    reviews.reply(first, "So.", by=alice)
    reviews.request_changes(made, 1, by=bob, comment="Say so.")
    reviews.ask(made, by=alice)
    reviews.withdraw(made, by=alice)
    reviews.ask(made, by=alice)
    authoring.edit(made, make_document("Otter", terms=PUBLISHABLE), by=alice, revision=1)
    reviews.approve_and_publish(made, 2, by=bob)

    assert [(event.kind, names(event)) for event in told] == [
        ("review-asked", {"bob"}),
        ("commented", {"alice"}),
        ("replied", {"bob"}),
        ("changes-asked", {"alice"}),
        ("review-asked", {"bob"}),
        ("withdrawn", {"bob"}),
        ("review-asked", {"bob"}),
        ("approved", {"alice"}),
        ("published", {"alice"}),
    ]
    assert told[1].comment == first.pk
    assert {event.kind for event in told} | {"reviewer-named"} == set(events.KINDS)


def test_with_nobody_named_all_reviewers_of_the_team_are_asked(alice, bob, platform, told):
    make_user("rita", team=platform, role="reader")
    make_user("lena", team=platform, role="lead")
    make_user("gone", team=platform, role="lead", is_active=False)

    reviews.ask(draft(alice), by=alice)

    assert names(told[0]) == {"bob", "lena"}


def test_only_who_is_new_among_the_reviewers_is_told(alice, bob, charlie, told):
    made = reviews.ask(draft(alice), by=alice, reviewers=[bob])

    reviews.name_reviewers(made, by=alice, reviewers=[bob, charlie])

    assert (told[-1].kind, names(told[-1])) == ("reviewer-named", {"charlie"})


def test_nobody_is_told_of_what_they_do_not_see(alice, bob, charlie, told):
    made = reviews.ask(draft(alice, visibility="restricted"), by=alice)
    assert names(told[0]) == set()

    reviews.name_reviewers(made, by=alice, reviewers=[charlie])
    reviews.approve_and_publish(made, 1, by=charlie)

    published = [event for event in told if event.kind == "published"]
    assert [names(event) for event in published] == [{"alice"}]


def test_a_listener_that_fails_takes_the_act_back(alice, bob, told):
    made = draft(alice)

    def refuse(event):
        raise RuntimeError(event.kind)

    events.listeners.append(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            reviews.ask(made, by=alice)
    finally:
        events.listeners.remove(refuse)

    made.refresh_from_db()
    assert made.status == "draft"
