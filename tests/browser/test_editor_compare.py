"""A draft that was found is compared with what is saved before it is taken, in real Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from postmortems import content, drafts
from postmortems.models import Draft, Postmortem
from postmortems.web import editor_fields
from tests.browser.conftest import led_on, wait_for_copy
from tests.makers import make_document, make_postmortem, make_team, make_user


@pytest.fixture
def written(site) -> Postmortem:
    """A postmortem of the writer, and a draft with another title."""
    team = make_team("platform")
    writer = make_user("writer", team=team)
    document = make_document("Routes lost", sections={"impact": "All sites were down"})
    made = make_postmortem(document, team=team, authors=(writer,), visibility="team")
    fields = editor_fields.fields_of(content.read(made)) | {"title": "Routes found"}
    drafts.keep("k" * 16, fields, by=writer, postmortem=made, revision=made.revision)
    return made


@pytest.fixture
def edit(open_as, written):
    """The editor of that postmortem, as its writer."""

    def opened(**options) -> Page:
        return open_as("writer", f"/p/{written.ref}/edit/", **options)

    return opened


@pytest.mark.parametrize("script", [True, False])
def test_a_draft_is_compared_and_then_used(edit, script):
    page = edit(script=script)

    page.locator("[data-draft-waiting]").get_by_role("link", name="Compare").click()
    expect(page.locator("ins")).to_have_text("found")
    expect(page.locator("del")).to_have_text("lost")
    page.get_by_role("link", name="Use the draft").click()

    expect(page.get_by_label("Title", exact=True).first).to_have_value("Routes found")


def test_a_draft_is_compared_and_then_discarded(edit):
    page = edit()

    page.locator("[data-draft-waiting]").get_by_role("link", name="Compare").click()
    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_label("Title", exact=True).first).to_have_value("Routes lost")
    expect(page.locator("[data-draft-waiting]")).to_have_count(0)


@pytest.mark.complains("Failed to load resource")
def test_a_text_that_only_the_browser_has_is_compared_and_then_used(edit):
    page = edit()
    led_on(page, page.get_by_role("button", name="Discard"))
    expect(page.locator("[data-draft-waiting]")).to_have_count(0)
    title = page.get_by_label("Title", exact=True).first

    page.route("**/drafts/keep/", lambda route: route.abort())
    title.fill("Routes astray")
    page.get_by_text("Not on the server").wait_for()
    wait_for_copy(page, "Routes astray")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("ins")).to_have_text("astray")
    page.get_by_role("button", name="Use it").click()

    expect(title).to_have_value("Routes astray")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_where_a_draft_waits_and_is_compared(edit, width, dark):
    page = edit(width=width, dark=dark)

    found = Axe().run(page).response["violations"]
    led_on(page, page.locator("[data-draft-waiting]").get_by_role("link", name="Compare"))
    page.locator("ins").wait_for()
    found += Axe().run(page).response["violations"]

    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.racing
def test_the_answer_to_a_button_is_kept_and_offers_nothing(edit):
    page = edit()
    led_on(page, page.get_by_role("button", name="Discard"))
    expect(page.locator("[data-draft-waiting]")).to_have_count(0)

    page.locator("#paste-lines > summary").click()
    page.locator("#paste-text").fill("10:22 merged the PR")
    led_on(page, page.get_by_role("button", name="Add as entries"))
    page.get_by_text("1 entry was added.").first.wait_for()
    page.get_by_text("Draft kept").wait_for()

    expect(page.get_by_text("This browser has a text of yours")).to_have_count(0)
    assert "merged the PR" in str(Draft.objects.get().fields)


@pytest.mark.racing
@pytest.mark.complains("Failed to load resource")
def test_a_save_that_never_arrived_is_offered(edit):
    page = edit()
    address = page.url
    led_on(page, page.get_by_role("button", name="Discard"))
    expect(page.locator("[data-draft-waiting]")).to_have_count(0)

    page.get_by_label("Title", exact=True).first.fill("Routes in a tunnel")
    page.get_by_text("Draft kept").wait_for()
    page.route("**/edit/", lambda route: route.abort())
    page.get_by_role("button", name="Save revision").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/edit/")
    page.goto(address)
    # By the browser, or by the server where the page ended before the browser had written it down.
    page.locator("[data-use], [data-draft-waiting] a[href*='draft=use']").first.click()

    expect(page.get_by_label("Title", exact=True).first).to_have_value("Routes in a tunnel")
