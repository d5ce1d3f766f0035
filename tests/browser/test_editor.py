"""Writing in real Chromium: a first postmortem, drafts that survive, keyboard and no script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from postmortems.models import Draft, Postmortem
from tests.browser.conftest import led_on, wait_for_copy
from tests.makers import load_shipped_templates

CHAT = "\n".join(f"10:{minute:02} alice: step {minute} of the outage" for minute in range(10, 20))
CAUSES = ("CNI and pod routing", "Version incompatibility", "DNS")


class Counted:
    """Fills and clicks as a person does, and counts what it takes."""

    def __init__(self, page) -> None:
        self.page, self.clicks, self.keys = page, 0, 0

    def click(self, locator) -> None:
        locator.click()
        self.clicks += 1

    def go(self, locator) -> None:
        led_on(self.page, locator)
        self.clicks += 1

    def type(self, locator, text: str) -> None:
        locator.click()
        locator.press_sequentially(text) if len(text) < 60 else locator.fill(text)
        self.clicks += 1
        self.keys += 2 if len(text) >= 60 else len(text)


def kept(page) -> None:
    """Wait until the bar says that the draft is on the server."""
    page.get_by_text("Draft kept").wait_for()


@pytest.mark.racing
def test_a_first_postmortem_is_written_and_sent_to_review(signed_in, capsys):
    load_shipped_templates()
    page = signed_in("/p/new/")
    person = Counted(page)

    person.go(page.get_by_role("button", name="Outage"))
    person.type(page.get_by_label("Title", exact=True).first, "Calico loses its routes")
    person.type(page.get_by_label("Started", exact=True), "2023-03-14 10:10 UTC")
    for number, cause in enumerate(CAUSES):
        person.type(page.locator("[data-vocabulary=cause] .term-field").nth(number), cause)
        if number + 1 < len(CAUSES):
            person.click(page.locator("[data-vocabulary=cause] [data-add-term]"))
    person.type(page.locator("[data-vocabulary=severity] .term-field"), "SEV2")
    person.type(page.locator("[data-vocabulary=trigger] .term-field"), "Upgrade")
    person.click(page.locator("#paste-lines > summary"))
    person.type(page.locator("#paste-text"), CHAT)
    person.type(page.get_by_label("Day", exact=True), "2023-03-14")
    person.go(page.get_by_role("button", name="Add as entries"))
    page.get_by_text("10 entries were added.").first.wait_for()
    for number, action in enumerate(("Pin the label", "Rehearse restores")):
        if number:
            person.click(page.get_by_role("button", name="Add an action"))
        person.type(page.locator("#part-actions textarea").nth(number), action)
    person.click(page.get_by_role("button", name="Ask for review"))
    page.get_by_text("Asked for review").wait_for()

    postmortem = Postmortem.objects.get(title="Calico loses its routes")
    assert postmortem.status == "in_review"
    assert postmortem.timelineentry_rows.count() == 10
    assert postmortem.classifications.filter(term__vocabulary__slug="cause").count() == 3
    assert postmortem.action_rows.count() == 2
    with capsys.disabled():
        print(f"\nA first postmortem: {person.clicks} clicks, {person.keys} keys.")
    assert person.clicks < 60


@pytest.mark.parametrize(
    ("button", "field", "usual"),
    [
        ("Add an action", "actions.{}.kind", "permanent"),
        ("Add an action", "actions.{}.status", "open"),
        ("Add a work-around", "workarounds.{}.state", "unverified"),
        ("Add a signal", "signals.{}.kind", "symptom"),
    ],
)
def test_an_added_row_begins_as_the_blank_ones_do(signed_in, button, field, usual):
    page = signed_in("/p/new/")

    page.get_by_role("button", name=button).click()

    for number in (0, 1):
        expect(page.locator(f"[name='{field.format(number)}']")).to_have_value(usual)


@pytest.mark.racing
def test_what_is_typed_is_on_the_server_within_a_second(signed_in):
    page = signed_in("/help/search/")
    page.clock.install(time=0)
    page.goto("/p/new/")
    page.clock.pause_at(60_000)

    page.get_by_label("Title", exact=True).first.fill("Half a title")
    with page.expect_response("**/drafts/keep/"):
        page.clock.run_for(1_000)

    assert Draft.objects.get().typed["title"] == "Half a title"


@pytest.mark.complains("Failed to load resource")
def test_offline_the_text_stays_in_the_browser_and_is_offered_again(signed_in):
    page = signed_in("/p/new/")

    page.route("**/drafts/keep/", lambda route: route.abort())
    page.get_by_label("Title", exact=True).first.fill("Typed on a train")
    page.get_by_text("Not on the server").wait_for()
    wait_for_copy(page, "Typed on a train")
    page.unroute("**/drafts/keep/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/p/new/")
    page.get_by_role("button", name="Use it").click()

    expect(page.get_by_label("Title", exact=True).first).to_have_value("Typed on a train")


def test_rows_are_added_moved_and_taken_back_by_the_keyboard(signed_in):
    page = signed_in("/p/new/")
    rows = page.locator("[data-rows=lessons] > [data-row]:visible textarea")

    rows.first.fill("First")
    page.keyboard.press("Enter")
    page.keyboard.type("Second")
    page.keyboard.press("Alt+ArrowUp")
    texts = [rows.nth(number).input_value() for number in range(2)]
    page.locator("[data-rows=lessons] [data-remove]:visible").first.click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Removed. Undo").click()

    assert texts == ["Second", "First"]
    expect(rows).to_have_count(2)


def test_the_same_can_be_written_without_javascript(signed_in):
    page = signed_in("/p/new/", script=False)

    page.get_by_label("Title", exact=True).first.fill("Without a script")
    page.locator("#timeline-0-text").fill("First")
    page.locator("#timeline-1-text").fill("Second")
    page.get_by_role("button", name="Add an entry").click()
    expect(page.locator("[data-rows=timeline] textarea")).to_have_count(8)
    page.locator("[data-rows=timeline] textarea").nth(2).fill("Third")
    page.get_by_label("Severity", exact=True).first.select_option("sev2")
    page.get_by_role("button", name="Save revision 1").click()
    page.get_by_text("Saved as revision 1").wait_for()

    postmortem = Postmortem.objects.get(title="Without a script")
    assert postmortem.timelineentry_rows.count() == 3
    assert postmortem.classifications.count() == 1


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("dark", [False, True])
def test_the_editor_has_no_barrier_and_does_not_scroll_sideways(signed_in, width, dark):
    page = signed_in("/p/new/", width=width, dark=dark)

    found = Axe().run(page).response["violations"]

    assert [(item["id"], item["nodes"][0]["target"]) for item in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
