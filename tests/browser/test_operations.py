"""/api/docs/ in a real browser: drawn under the site's own policy, and what is tried there is done."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from postmortems.models import SavedSearch
from tests.browser.conftest import PATIENCE_MS

WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""


def operation(page, name: str):
    return page.locator(f'[id$="-{name}"]')


@pytest.mark.parametrize("dark", [False, True])
def test_every_operation_is_shown_and_the_policy_holds(open_page, dark):
    page = open_page(None, dark=dark)
    page.add_init_script(WATCH)

    page.goto("/api/docs/")

    expect(operation(page, "search_postmortems")).to_be_visible()
    operation(page, "create_saved_search").locator(".opblock-summary-control").click()
    expect(
        operation(page, "create_saved_search").get_by_role("button", name="Try it out")
    ).to_be_visible()
    assert page.evaluate("window.violations") == []
    assert page.title() == "Try the API · Hindsight"


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_but_what_the_viewer_nests(open_page, dark):
    page = open_page("/api/docs/", dark=dark)
    expect(operation(page, "search_postmortems")).to_be_visible()

    found = {rule["id"] for rule in Axe().run(page).response["violations"]}

    # Each of the viewer's rows is a button with a link in it.
    assert found <= {"nested-interactive"}


def test_only_a_token_is_asked_for(signed_in):
    page = signed_in("/api/docs/")

    page.get_by_role("button", name="Authorize", exact=True).click()

    dialog = page.locator(".dialog-ux")
    expect(dialog.get_by_role("heading", level=4)).to_have_text(["token\xa0 (http, Bearer)"])
    expect(dialog.get_by_role("button", name="Close").first).to_be_visible()


def test_an_operation_can_be_tried_out_with_the_session(signed_in):
    page = signed_in("/api/docs/")
    block = operation(page, "create_saved_search")

    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.locator("textarea.body-param__text").fill('{"name": "DNS", "query": "q=dns"}')
    block.get_by_role("button", name="Execute").click()

    expect(block.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "201", timeout=PATIENCE_MS
    )
    assert SavedSearch.objects.get().owner.username == "writer"


def test_on_a_phone_nothing_is_wider_than_the_page(open_page):
    page = open_page("/api/docs/", width=360)

    expect(operation(page, "search_postmortems")).to_be_visible()
    operation(page, "search_postmortems").locator(".opblock-summary-control").click()

    expect(operation(page, "search_postmortems").locator(".opblock-body")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_footer_leads_there(open_page):
    page = open_page("/help/")

    page.get_by_role("contentinfo").get_by_role("link", name="Try the API").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Try the API")
