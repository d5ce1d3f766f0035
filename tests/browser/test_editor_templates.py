"""Templates in real Chromium: chosen by a button with and without script, kept by an administrator."""

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import led_on
from tests.makers import load_shipped_templates, make_team, make_user


@pytest.fixture
def signed_in(open_as):
    """A page of somebody who writes and keeps templates: `signed_in("/p/new/")`."""
    make_user("keeper", team=make_team("platform"), is_curator=True)
    load_shipped_templates()

    return partial(open_as, "keeper")


def grave(page) -> list[str]:
    """What axe finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [item["id"] for item in found if item["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("script", [True, False])
def test_a_template_is_chosen_and_what_was_typed_stays(signed_in, script):
    page = signed_in("/p/new/", script=script)
    page.get_by_label("Title", exact=True).first.fill("A close call")
    page.get_by_label("Went well", exact=True).fill("The guard held")

    led_on(page, page.get_by_role("button", name="Near miss", exact=True))

    chosen = page.get_by_role("button", name="Near miss", exact=True)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("What stopped it", exact=True)).to_be_visible()
    expect(page.locator("#title")).to_have_value("A close call")
    expect(page.get_by_label("Went well", exact=True)).to_have_value("The guard held")
    expect(page.get_by_label("Open questions", exact=True)).to_be_hidden()
    page.locator("summary", has_text="Open questions").click()
    expect(page.get_by_label("Open questions", exact=True)).to_be_visible()
    if script:
        assert grave(page) == []


def test_a_missing_part_that_is_folded_is_led_to(signed_in):
    page = signed_in("/p/new/?template=near-miss")
    impact = page.locator("#sections-impact")
    expect(impact).to_be_hidden()

    page.get_by_label("Title", exact=True).first.fill("A close call")
    # With it the list of what is missing is written anew, under the hand that clicks.
    page.get_by_text("Draft kept").wait_for()
    page.get_by_role("link", name="Impact not described").click()

    expect(impact).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_section_is_moved_and_saved(signed_in, script):
    page = signed_in("/settings/templates/outage/", script=script)

    led_on(page, page.get_by_role("button", name="Move “What happened” up"))
    moved = page.locator(".section-row summary").nth(1)
    expect(moved).to_contain_text("What happened")
    led_on(page, page.get_by_role("button", name="Save changes"))

    page.get_by_text("Changed “Outage”.").wait_for()
    expect(page.get_by_text("edited here")).to_be_visible()
    if script:
        assert grave(page) == []
        page.goto("/settings/templates/outage/")
        assert grave(page) == []
