"""A review in real Chromium: from asking to publishing, the meeting by keys, and no barrier on any of its pages."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from postmortems import authoring, content, reviews
from postmortems.models import Postmortem, ReviewComment, User
from tests.makers import make_team, make_user

pytestmark = pytest.mark.usefixtures("seeds")

PEOPLE = {"alice": "author", "bob": "reviewer"}


@pytest.fixture
def people(site) -> dict[str, User]:
    """alice writes and bob reviews in one team."""
    team = make_team("platform")
    return {name: make_user(name, team=team, role=role) for name, role in PEOPLE.items()}


@pytest.fixture
def draft(people) -> Postmortem:
    """What alice made of a seed that lacks nothing."""
    seed = Postmortem.objects.get(import_id="reddit-pi-day-2023")
    return authoring.create(content.read(seed), by=people["alice"], visibility="internal")


@pytest.fixture
def talked(draft, people) -> Postmortem:
    """One in review with open threads, an answer, and one that is settled."""
    alice, bob = people["alice"], people["bob"]
    entry = content.read(draft).timeline[2].id
    made = reviews.ask(draft, by=alice, reviewers=[bob])
    asked = reviews.comment(
        made, "Who saw it first: the alert, or a **reader**?", by=bob, anchor=entry
    )
    reviews.reply(asked, "A reader, on the status page.", by=alice)
    reviews.comment(made, "Say how many users that was.", by=bob, anchor="impact")
    reviews.settle(reviews.comment(made, "Is this still so?", by=bob, anchor="actions"), by=bob)
    reviews.comment(made, "Reads well on the whole.", by=bob)
    return made


@pytest.fixture
def as_somebody(open_page, site):
    """Opens an address with somebody's session: `as_somebody(bob, "/reviews/", width=390)`."""

    def opened(user: User, path: str, **options) -> Page:
        client = Client()
        client.force_login(user)
        page = open_page("/help/", **options)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": site}])
        page.goto(path)
        return page

    return opened


def press(page: Page, name: str) -> None:
    """Click a button that leads to a new page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def test_from_asking_to_publishing(as_somebody, people, draft):
    alice = as_somebody(people["alice"], draft.get_absolute_url())
    with alice.expect_navigation():
        alice.get_by_role("link", name="Ask for review").first.click()
    alice.get_by_role("checkbox", name="Bob").check()
    press(alice, "Ask for review")
    expect(alice.get_by_text("Alice asks Bob, today").first).to_be_visible()
    expect(
        alice.get_by_text("You wrote this; Bob or another reviewer of Platform decides.")
    ).to_be_visible()

    bob = as_somebody(people["bob"], "/reviews/")
    with bob.expect_navigation():
        bob.locator(".review-title").first.click()
    beside = bob.locator("#side-impact")
    beside.locator(".talk-form > summary").last.click()
    beside.get_by_role("textbox", name="Comment").fill("How many users was that?")
    beside.get_by_role("button", name="Comment", exact=True).click()
    expect(beside.get_by_text("How many users was that?")).to_be_visible()
    expect(bob.locator("[data-counts]")).to_have_text("1 open, 0 settled")

    alice.goto(f"/p/{draft.ref}/review/")
    beside = alice.locator("#side-impact")
    beside.locator("summary", has_text="Reply").click()
    beside.get_by_role("textbox", name="Answer").fill("About two million.")
    beside.get_by_role("button", name="Reply", exact=True).click()
    expect(beside.get_by_text("About two million.")).to_be_visible()
    beside.get_by_role("button", name="Settle").click()
    expect(alice.locator("[data-counts]")).to_have_text("0 open, 1 settled")

    bob.reload()
    bob.locator("summary", has_text="Ask for changes").click()
    bob.get_by_label("What has to change").fill("Put the number into the impact.")
    press(bob, "Ask for changes")
    expect(bob.get_by_text("It is a draft again").first).to_be_visible()

    alice.goto(f"/p/{draft.ref}/edit/")
    alice.locator("#sections-impact").fill("Two million users saw an error.")
    with alice.expect_navigation():
        alice.get_by_role("button", name="Ask for review").click()
    bob.goto(f"/p/{draft.ref}/review/")
    press(bob, "Approve and publish")

    expect(bob.get_by_text("Published.").first).to_be_visible()
    draft.refresh_from_db()
    assert draft.status == "published"
    assert ReviewComment.objects.filter(postmortem=draft).count() == 2


def test_the_meeting_goes_by_keys_and_takes_down_an_action(as_somebody, people, talked):
    page = as_somebody(people["alice"], f"/p/{talked.ref}/review/?view=meeting")
    entries = content.read(talked).timeline

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"[id='{entries[1].id}'] [data-step]")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"[id='{entries[0].id}'] [data-step]")).to_be_focused()
    expect(page.locator("[data-meeting-at]")).to_contain_text("1 / ")
    page.get_by_label("What is to be done").fill("Rehearse restores")
    press(page, "Add the action")

    expect(page.get_by_text("Saved as revision 2.").first).to_be_visible()
    expect(page.locator("[data-step]", has_text="Rehearse restores")).to_be_visible()


def test_comments_fold_under_their_section_on_a_phone(as_somebody, people, talked):
    page = as_somebody(people["bob"], f"/p/{talked.ref}/review/", width=390)
    said = page.locator("#side-impact").get_by_text("Say how many users that was.")

    expect(said).to_be_hidden()
    page.locator("#side-impact > details > summary").click()

    expect(said).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_of_a_review_has_a_barrier(as_somebody, people, talked, width, dark):
    people["bob"].is_administrator = True
    people["bob"].save()
    own = f"/p/{talked.ref}/review/"
    page = as_somebody(people["bob"], own, width=width, dark=dark)
    found, wide = {}, []

    for name, path in {
        "review": own,
        "meeting": f"{own}?view=meeting",
        "ask": f"{own}ask/",
        "queue": "/reviews/?tab=all",
        "nothing": "/reviews/?tab=mine",
        "rules": "/settings/review/",
    }.items():
        page.goto(path)
        if folder := os.environ.get("SHOTS"):
            page.screenshot(
                path=f"{folder}/{name}-{width}-{'dark' if dark else 'light'}.png", full_page=True
            )
        violations = Axe().run(page).response["violations"]
        found |= {
            f"{name}: {item['id']} {item['nodes'][0]['html'][:200]}": item["impact"]
            for item in violations
        }
        if page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ):
            wide.append(name)

    assert found == {}
    assert wide == []
