"""The queue of reviews and the rules: what waits for whom, what blocks, and who may say so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from postmortems import authoring, reviews
from postmortems.models import Review, ReviewRule
from postmortems.reviews import queue
from tests.makers import make_document, make_user

PUBLISHABLE = ("cause.primary:network/dns", "severity:sev3", "kind:outage")


def ask(alice, title: str, *reviewers, terms=PUBLISHABLE, days: int = 0, **fields):
    """One that alice put before reviewers so many days ago."""
    made = authoring.create(make_document(title, terms=terms), by=alice, **fields)
    made = reviews.ask(made, by=alice, reviewers=reviewers)
    if days:
        Review.objects.update_or_create(
            postmortem=made, defaults={"asked_at": timezone.now() - timedelta(days=days)}
        )
    return made


def titles(found) -> list[str]:
    """The titles in their order."""
    return [item.title for item in found]


def test_what_waits_longest_stands_first(alice, bob):
    ask(alice, "Seal", days=1)
    ask(alice, "Walrus", days=5)
    ask(alice, "Otter", days=3)

    assert titles(queue.waiting_for(bob)) == ["Walrus", "Otter", "Seal"]


def test_it_waits_for_the_named_or_else_for_the_team(alice, bob, charlie, platform):
    lena = make_user("lena", team=platform, role="lead")
    ask(alice, "Walrus", charlie, days=2)
    ask(alice, "Otter", days=1)

    assert titles(queue.waiting_for(charlie)) == ["Walrus"]
    assert titles(queue.waiting_for(bob)) == titles(queue.waiting_for(lena)) == ["Otter"]
    assert titles(queue.waiting_for(alice)) == []


def test_it_waits_no_longer_once_decided_and_again_after_an_edit(alice, bob):
    made = ask(alice, "Walrus")
    reviews.approve(made, 1, by=bob)
    assert not queue.waiting_for(bob).exists()

    authoring.edit(made, make_document("Otter", PUBLISHABLE), by=alice, revision=1)

    assert titles(queue.waiting_for(bob)) == ["Otter"]


def test_what_came_back_stands_among_ones_own(alice, bob):
    made = ask(alice, "Walrus")
    reviews.request_changes(made, 1, by=bob, comment="No.")
    authoring.create(make_document("Never asked"), by=alice)

    assert titles(queue.own(alice)) == ["Walrus"]


def test_all_open_ones_are_those_one_takes_part_in(alice, bob, charlie, dana, platform):
    reader = make_user("rita", team=platform, role="reader")
    ask(alice, "Walrus")
    ask(alice, "Hidden", visibility="restricted")

    assert titles(queue.in_review(bob)) == ["Walrus"]
    assert set(titles(queue.in_review(dana))) == {"Walrus", "Hidden"}
    assert not queue.in_review(charlie).exists()
    assert not queue.in_review(reader).exists()


def test_the_page_says_who_asks_how_long_and_what_blocks(browse, alice, bob):
    terms = ("cause.primary:network/dns", "severity:sev2", "kind:outage")
    made = ask(alice, "Walrus", bob, terms=terms, days=3)
    reviews.comment(made, "Why?", by=bob)

    page = browse(bob).get("/reviews/").text

    assert "Alice asks Bob" in page
    assert "3 days" in page
    assert "SEV2" in page
    assert "Missing: Detected, Impact, Timeline, Actions" in page
    assert "0 of 1 approvals" in page
    assert "1 open comment" in page


def test_an_empty_queue_leads_on_to_all(browse, bob):
    page = browse(bob).get("/reviews/").text

    assert "Nothing waits for you." in page
    assert '<a href="/reviews/?tab=all">All open reviews</a>' in page


def test_an_unknown_tab_leads_to_the_queue(browse, bob):
    assert browse(bob).get("/reviews/?tab=walrus").url == "/reviews/"


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_as_many_statements_for_one_as_for_three(
    browse, alice, bob, count, django_assert_num_queries
):
    for number in range(count):
        reviews.comment(ask(alice, f"Walrus {number}", bob), "Why?", by=bob)
    client = browse(bob)
    client.get("/reviews/")

    with django_assert_num_queries(STATEMENTS):
        client.get("/reviews/")


STATEMENTS = 21


def test_the_queue_has_pages(browse, alice, bob):
    for number in range(21):
        ask(alice, f"Walrus {number}")

    assert "21–21 of 21" in browse(bob).get("/reviews/?page=2").text


# --- Rules --------------------------------------------------------------------------------------


def test_an_administrator_changes_a_rule_and_takes_it_back(browse, dana):
    client = browse(dana)
    form = {"key": "severity:sev3", "approvals": "2", "part": ["impact", "timeline"]}

    client.post("/settings/review/", form)
    assert "2 approvals; filled: Impact, Timeline" in client.get("/settings/review/").text
    client.post("/settings/review/", {"key": "severity:sev3", "do": "restore"})

    assert not ReviewRule.objects.exists()


@pytest.mark.parametrize(
    "form",
    [
        {"key": "severity:sev3", "approvals": "6"},
        {"key": "severity:sev3", "approvals": "walrus"},
        {"key": "nothing", "approvals": "1"},
        {"key": "severity:sev3", "approvals": "1", "part": ["walrus"]},
    ],
)
def test_a_rule_that_cannot_be_is_answered_and_not_kept(browse, dana, form):
    assert browse(dana).post("/settings/review/", form).status_code == 400
    assert not ReviewRule.objects.exists()


def test_a_key_that_no_database_can_hold_has_nothing_to_restore(browse, dana):
    sent = browse(dana).post("/settings/review/", {"key": "nul\0", "do": "restore"})

    assert sent.status_code == 302


def test_others_are_refused(browse, bob):
    assert browse(bob).post("/settings/review/", {"key": "", "approvals": "0"}).status_code == 403
    assert not ReviewRule.objects.exists()
