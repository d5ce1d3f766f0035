"""No word is lost: not by signing out, not offline, not by going on beside an offer, not in two tabs."""

import pytest
from playwright.sync_api import expect

from postmortems.models import Draft, Postmortem
from tests.browser.conftest import led_on, sign_in, take_back, wait_for_copy

pytestmark = pytest.mark.racing

IMPACT = "#sections-impact"


@pytest.fixture
def writer(signed_in):
    """A page of the editor in which a title stands."""
    page = signed_in("/p/new/")
    page.locator("#title").fill("Routes lost")
    page.once("dialog", lambda dialog: dialog.accept())
    return page


def kept(page) -> None:
    page.get_by_text("Draft kept").wait_for()


def offers(page):
    return page.locator("[data-offers] .notice")


@pytest.mark.complains("Failed to load resource")
def test_saving_after_the_session_ended_loses_nothing(writer):
    writer.context.clear_cookies(name="sessionid")
    writer.locator(IMPACT).fill("An hour of work")
    writer.get_by_text("You are signed out").wait_for()
    wait_for_copy(writer, "An hour of work")

    writer.locator(".save-bar button[value=save]").click()
    writer.get_by_text("Nothing is lost").first.wait_for()
    sign_in(writer, "writer")
    writer.goto("/p/new/")
    offers(writer).get_by_role("button", name="Use it").click()

    expect(writer.locator(IMPACT)).to_have_value("An hour of work")


@pytest.mark.complains("Failed to load resource")
def test_signing_in_again_in_another_tab_is_enough(writer):
    writer.context.clear_cookies(name="sessionid")
    writer.locator(IMPACT).fill("An hour of work")
    writer.get_by_text("You are signed out").wait_for()

    sign_in(writer.context.new_page(), "writer")
    writer.locator(IMPACT).press_sequentially("!")
    kept(writer)
    writer.locator(".save-bar button[value=save]").click()
    writer.get_by_text("Saved as revision 1").wait_for()

    assert Postmortem.objects.get(title="Routes lost").sections["impact"] == "An hour of work!"


@pytest.mark.complains("Failed to load resource")
def test_saving_offline_loses_nothing(writer):
    writer.context.set_offline(True)
    writer.locator(IMPACT).fill("Typed on a train")
    writer.get_by_text("Not on the server").wait_for()
    wait_for_copy(writer, "Typed on a train")

    writer.locator(".save-bar button[value=save]").click()
    writer.wait_for_url("chrome-error://**")
    writer.context.set_offline(False)
    writer.goto("/p/new/")
    take_back(writer)

    expect(writer.locator(IMPACT)).to_have_value("Typed on a train")


@pytest.mark.complains("Failed to load resource")
def test_after_recovery_it_is_kept_again(writer):
    kept(writer)
    writer.route("**/drafts/keep/", lambda route: route.abort())
    writer.locator(IMPACT).fill("Typed on a train")
    writer.get_by_text("Not on the server").wait_for()
    wait_for_copy(writer, "Typed on a train")
    writer.unroute("**/drafts/keep/")
    writer.goto("/p/new/")
    offers(writer).get_by_role("button", name="Use it").click()
    kept(writer)

    writer.locator(IMPACT).focus()
    writer.keyboard.press("Control+End")
    with writer.expect_response("**/drafts/keep/") as answer:
        writer.keyboard.insert_text(" and home")

    assert answer.value.status == 200
    texts = [draft.typed["sections.impact"] for draft in Draft.objects.all()]
    assert texts == ["Typed on a train and home"]


@pytest.mark.complains("Failed to load resource")
def test_typing_beside_an_offer_keeps_the_offer(writer):
    writer.route("**/drafts/keep/", lambda route: route.abort())
    writer.locator(IMPACT).fill("An hour of work")
    writer.get_by_text("Not on the server").wait_for()
    wait_for_copy(writer, "An hour of work")
    writer.goto("/p/new/")
    offers(writer).wait_for()

    writer.locator("#title").fill("x")
    writer.get_by_text("Not on the server").wait_for()
    wait_for_copy(writer, '"title","x"')
    writer.once("dialog", lambda dialog: dialog.accept())
    writer.goto("/p/new/")

    expect(offers(writer)).to_have_count(2)
    offers(writer).last.get_by_role("button", name="Use it").click()
    expect(writer.locator(IMPACT)).to_have_value("An hour of work")


@pytest.mark.complains("Failed to load resource")
def test_two_tabs_offline_are_both_offered(writer):
    other = writer.context.new_page()
    other.goto("/p/new/")
    other.once("dialog", lambda dialog: dialog.accept())
    for page, text in ((writer, "In the first"), (other, "In the second")):
        page.route("**/drafts/keep/", lambda route: route.abort())
        page.locator(IMPACT).fill(text)
        page.get_by_text("Not on the server").wait_for()
        wait_for_copy(page, text)

    other.goto("/p/new/")

    expect(offers(other)).to_have_count(2)


def test_what_is_kept_while_a_page_is_on_its_way_is_offered_there(signed_in):
    page = signed_in("/p/new/")
    other = page.context.new_page()

    def answer_late(route) -> None:
        answer = route.fetch()
        page.locator(IMPACT).fill("An hour of work")
        wait_for_copy(page, '"isKept":true')
        route.fulfill(response=answer)

    other.route("**/p/new/", answer_late)
    other.goto("/p/new/")

    expect(offers(other)).to_have_count(1)


REWRITTEN = """async () => {
  const { copiesOf, drop, put } = await import("/static/js/local-drafts.js");
  const copy = { page: "other", user: "nobody", ref: "", at: Date.now(), fields: [["title", "a"]] };
  await put(copy);
  const [found] = await copiesOf("nobody", "");
  await put({ ...copy, fields: [["title", "ab"]] });
  await drop(found);
  const left = await copiesOf("nobody", "");
  await drop(left[0]);
  return [left.map((item) => item.fields[0][1]), await copiesOf("nobody", "")];
}"""


def test_what_another_tab_wrote_meanwhile_is_not_dropped(writer):
    kept(writer)

    assert writer.evaluate(REWRITTEN) == [["ab"], []]


def test_what_was_saved_is_not_offered(writer):
    kept(writer)
    writer.locator(".save-bar button[value=save]").click()
    writer.get_by_text("Saved as revision 1").wait_for()

    writer.goto("/p/new/")
    writer.locator("#title").fill("Another")
    kept(writer)

    writer.locator("[data-editor][data-recovered]").wait_for()
    expect(offers(writer)).to_have_count(0)


def test_what_a_button_made_is_kept_without_a_keystroke(writer):
    writer.locator("#paste-lines > summary").click()
    writer.locator("#paste-text").fill("10:22 merged the PR\n10:24 rolled back")
    led_on(writer, writer.get_by_role("button", name="Add as entries"))
    writer.get_by_text("2 entries were added").first.wait_for()
    kept(writer)

    texts = [text for name, text in Draft.objects.get().fields if name.endswith(".text")]

    assert texts == ["merged the PR", "rolled back"]
    expect(offers(writer)).to_have_count(0)
