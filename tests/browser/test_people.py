"""Accounts, teams and sharing as a person meets them in a real browser, and as axe sees the pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from postmortems.models import Membership, Postmortem, Team, User
from tests import makers
from tests.browser.conftest import led_on

pytestmark = pytest.mark.usefixtures("seeds")


@pytest.fixture
def people(site) -> dict[str, User]:
    """Who is needed, beside the seeds."""
    platform = Team.objects.get(slug="platform")
    return {
        "alice": makers.make_user("alice", team=platform),
        "bob": makers.make_user("bob", team=platform, role="reviewer"),
        "lena": makers.make_user("lena", team=platform, role="lead"),
        "dana": makers.make_user("dana", is_administrator=True),
    }


def findings(page):
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_every_page_of_an_administrator_is_accessible(open_as, people):
    page = open_as("dana", "/settings/")
    ref = Postmortem.objects.order_by("pk").first().ref
    addresses = [
        *("/settings/", "/settings/password/", "/settings/sessions/", "/settings/second-step/"),
        *("/people/", "/people/person/alice/", "/people/teams/", "/people/teams/platform/"),
        *("/people/teams/new/", "/people/invite/", "/people/redact/"),
        *(f"/p/{ref}/sharing/", f"/p/{ref}/pseudonyms/"),
    ]

    found = {}
    for address in addresses:
        page.goto(address)
        found[address] = findings(page)

    assert {address: ids for address, ids in found.items() if ids} == {}


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(open_as, people, width):
    page = open_as("dana", "/settings/", width=width)
    ref = Postmortem.objects.order_by("pk").first().ref

    for address in (
        "/settings/sessions/",
        "/people/teams/platform/",
        "/people/",
        f"/p/{ref}/sharing/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_lead_changes_a_role_without_scripts(open_as, people):
    page = open_as("lena", "/people/teams/platform/", script=False)

    page.get_by_label("Role of Alice").select_option("reviewer")
    page.get_by_role("button", name="Save Alice").click()

    expect(page.get_by_text("The role of Alice was set.")).to_be_visible()
    assert Membership.objects.get(user=people["alice"]).role == "reviewer"


def test_a_postmortem_is_restricted_to_somebody_found_by_name(open_as, people):
    postmortem = Postmortem.objects.order_by("pk").first()
    postmortem.authors.add(people["alice"])
    page = open_as("alice", f"/p/{postmortem.ref}/sharing/")

    page.get_by_label("Look for somebody to add").fill("bob")
    page.get_by_role("button", name="Look").click()
    page.get_by_label("Bob may read it").check()
    page.get_by_label("Restricted").check()
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Saved. It holds from now on")).to_be_visible()
    postmortem.refresh_from_db()
    assert postmortem.visibility == "restricted"
    assert list(postmortem.named_people.all()) == [people["bob"]]


def test_the_second_steps_picture_is_drawn_under_the_policy(open_as, people):
    page = open_as("alice", "/settings/second-step/", dark=True)

    led_on(page, page.get_by_role("button", name="Set it up"))

    expect(page.get_by_label("The key as a picture")).to_be_visible()
    assert page.locator(".code-picture svg").bounding_box()["width"] > 100
    assert findings(page) == []
