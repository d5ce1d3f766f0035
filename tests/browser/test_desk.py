"""My desk, notifications and the choice of mail, as a person meets them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from postmortems import drafts, outbox, reviews, saved_searches
from postmortems.document import Action
from postmortems.models import User
from postmortems.notifications import notify, preferences
from tests.browser.conftest import be_signed_in
from tests.browser.test_lesser_pages import barriers
from tests.makers import make_document, make_postmortem, make_team, make_user


@pytest.fixture
def writer(site) -> User:
    """Who has something in every part of the desk, and was told something of every kind."""
    team = make_team("platform")
    bob = make_user("bob", team=team, role="lead")
    writer = make_user("writer", team=team, role="lead", email="writer@example.org")
    stub = ("kind:stub",)
    asked = make_document("Expired certificate stops the webhooks of two clusters", stub)
    reviews.ask(make_postmortem(asked, status="draft", team=team, authors=(bob,)), by=bob)
    own = make_document("Node pool drained by a label that was gone", stub)
    draft = make_postmortem(own, status="draft", team=team, authors=(writer,))
    day = str(timezone.now().date() - timedelta(days=12))
    action = Action(
        "a1", "Alert on certificates that end within 14 days", "permanent", "open", due=day
    )
    late = make_document("DNS of the old cluster answered for the new one", actions=(action,))
    published = make_postmortem(late, team=team, authors=(writer,))
    drafts.keep("walrusdraft", {"title": "etcd defragmentation at noon"}, by=writer)
    saved_searches.create("Upgrades that broke the network", "q=upgrade", by=writer)
    with outbox.writing():
        notify("changes-asked", draft, to=[writer.pk], by=bob)
        for kind in ("approved", "commented", "replied", "published", "action-overdue"):
            notify(kind, published, to=[writer.pk], by=bob, revision=3)
        notify("commented", published, to=[writer.pk], by=bob)
    return writer


def addresses(user: User) -> dict[str, str]:
    """The pages of this part, by name."""
    return {
        "desk": "/desk/",
        "notifications": "/notifications/",
        "all": "/notifications/?tab=all",
        "settings": "/settings/notifications/",
        "stop": f"/unsubscribe/{preferences.stop_key(user)}/",
        "home": "/",
        "help": "/help/notifications/",
    }


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_stands_in_the_way(open_page, site, writer, width, dark):
    page = open_page("/sign-in/", width=width, dark=dark)
    be_signed_in(page, writer, site)

    found = {}
    for name, address in addresses(writer).items():
        answer = page.goto(address)
        found[name] = [answer.status, *barriers(page)]

    assert found == {name: [200] for name in found}


@pytest.mark.parametrize("script", [True, False])
def test_reading_a_notification_takes_it_off_the_bell(open_page, site, writer, script):
    page = open_page("/sign-in/", script=script)
    be_signed_in(page, writer, site)
    page.goto("/notifications/")
    expect(page.locator("[data-unread]")).to_contain_text("7")

    with page.expect_navigation():
        page.get_by_role("button", name="Mark as read").first.click()
    expect(page.locator("[data-unread]")).to_contain_text("6")
    with page.expect_navigation():
        page.get_by_role("button", name="Mark all as read").click()

    expect(page.get_by_text("Nothing is unread.")).to_be_visible()
    expect(page.locator("[data-unread]")).to_have_count(0)


def test_the_link_of_a_mail_stops_it_without_signing_in(open_page, writer):
    page = open_page(f"/unsubscribe/{preferences.stop_key(writer)}/")

    with page.expect_navigation():
        page.get_by_role("button", name="No more mail").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "You get no more mail about what is new"
    )
