"""Searching as a person does it: typing, choosing, excluding, going back, by mouse and by keyboard, in place."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("seeds")

REDDIT = "Kubernetes 1.24 upgrade takes Reddit down on Pi Day"


def count(page) -> str:
    """The number over the list."""
    return page.locator("#count").inner_text()


def titles(page) -> list[str]:
    """The results in their order."""
    return page.locator("[data-result]").all_inner_texts()


def found(page, words: str) -> None:
    """Wait until the page says that it found so many."""
    page.locator("#count", has_text=re.compile(f"^{words}$")).wait_for()


def box(page, name: str):
    """The check box of a value, by its whole name, in whichever facet comes first."""
    return page.locator(".facet").get_by_role("checkbox", name=name, exact=True).first


def history_length(page) -> int:
    """How many steps Back and Forward know."""
    return page.evaluate("history.length")


def test_typing_and_enter_search_in_place(open_page):
    page = open_page("/")
    page.evaluate("window.isSamePage = true")

    page.locator("#q").fill("linkerd")
    page.locator("#q").press("Enter")
    found(page, "1 postmortem")

    assert page.evaluate("[window.isSamePage, location.search]") == [True, "?q=linkerd"]
    expect(page.locator("#q")).to_be_focused()
    expect(page).to_have_title("linkerd · Hindsight")


def test_a_value_keeps_focus_and_place_when_it_is_chosen(open_page):
    page = open_page("/")
    value = box(page, "Network")
    page.evaluate("scrollTo(0, 120)")

    value.focus()
    before = value.bounding_box()["y"]
    page.keyboard.press("Space")
    page.wait_for_url("**/?cause=network")

    expect(box(page, "Network")).to_be_focused()
    expect(box(page, "Network")).to_be_checked()
    assert abs(box(page, "Network").bounding_box()["y"] - before) < 2


def test_the_new_count_is_announced_and_named_in_the_title(open_page):
    page = open_page("/")

    box(page, "Platform").check()
    found(page, "7 postmortems")

    expect(page.locator("[data-status]")).to_have_text("7 postmortems found")
    expect(page).to_have_title("Root cause: Platform · Hindsight")


def test_what_is_chosen_while_an_answer_is_on_its_way_is_not_lost(open_page):
    page = open_page("/")

    page.evaluate("""() => {
        for (const value of ["platform", "network"]) {
            document.querySelector(`[name=cause][value=${value}]`).click();
        }
    }""")
    page.wait_for_url("**/?cause=platform&cause=network")

    expect(page.locator(".chip.active")).to_have_count(2)


def test_words_not_yet_asked_go_along_with_a_filter(open_page):
    page = open_page("/")

    page.locator("#q").fill("upgrade")
    # Else the list of suggestions may open over the box, sooner or later.
    page.locator("#q").blur()
    box(page, "Platform").check()
    page.wait_for_url("**/?**cause=platform**")

    assert "q=upgrade" in page.url
    assert page.locator("#q").input_value() == "upgrade"


def test_back_and_forward_show_what_the_address_says(open_page):
    page = open_page("/?q=upgrade")
    before, steps = count(page), history_length(page)
    box(page, "Network").check()
    page.wait_for_url("**cause=network")
    narrowed = count(page)

    page.go_back()
    found(page, before)
    expect(box(page, "Network")).not_to_be_checked()
    page.go_forward()
    found(page, narrowed)

    expect(box(page, "Network")).to_be_checked()
    assert (before == narrowed, history_length(page)) == (False, steps + 1)


def test_back_from_a_result_shows_the_same_search(open_page):
    page = open_page("/?q=upgrade")
    box(page, "Platform").check()
    page.wait_for_url("**cause=platform")
    asked = titles(page)

    page.locator("[data-result]").first.click()
    page.wait_for_url("**/p/**")
    page.go_back()
    page.wait_for_url("**cause=platform")

    assert titles(page) == asked
    expect(box(page, "Platform")).to_be_checked()


def test_a_shared_link_gives_the_same_list(open_page):
    page = open_page("/?q=upgrade")
    box(page, "Platform").check()
    page.wait_for_url("**cause=platform")
    page.locator("#sort").select_option("severity")
    page.wait_for_url("**sort=severity**")

    other = open_page(page.url)

    assert titles(other) == titles(page)
    assert other.locator("#sort").input_value() == "severity"


def test_excluding_is_seen_in_the_list_and_taken_back(open_page):
    page = open_page("/")
    value = page.locator(".facet-trigger .value-row", has_text="Upgrade").first
    value.hover()

    value.get_by_label("Exclude Trigger: Upgrade").click()
    page.wait_for_url("**trigger=-upgrade")
    excluded = page.locator(".facet-trigger .value.excluded")
    expect(excluded.get_by_role("checkbox", name="not Upgrade")).to_be_checked()
    expect(page.locator(".chip.active")).to_have_text("Trigger is not: Upgrade")
    # Not `uncheck`, which looks for it again afterwards: by then nothing is excluded.
    excluded.get_by_role("checkbox").click()
    page.wait_for_url(lambda url: "trigger" not in url)

    found(page, "22 postmortems")


def test_the_words_of_a_chip_turn_is_into_is_not(open_page):
    page = open_page("/?trigger=upgrade", width=390)

    page.locator(".chip.active a").first.click()
    page.wait_for_url("**trigger=-upgrade")

    expect(page.locator("#chip-1")).to_be_focused()
    expect(page.locator(".chip.active")).to_contain_text("is not")


def test_after_removing_a_chip_the_next_one_has_the_focus(open_page):
    page = open_page("/?cause=platform&trigger=upgrade")

    page.locator("#unchip-1").press("Enter")
    page.wait_for_url("**/?trigger=upgrade")
    expect(page.locator("#unchip-1")).to_be_focused()
    page.keyboard.press("Enter")
    found(page, "22 postmortems")

    expect(page.locator("#count")).to_be_focused()


@pytest.mark.complains("Failed to load resource", "htmx:", "undefined")
def test_a_request_that_fails_leaves_the_page_and_can_be_tried_again(open_page):
    page = open_page("/")
    page.route("**/?cause=platform", lambda route: route.abort())

    box(page, "Platform").click()
    page.get_by_role("alert").wait_for()
    expect(box(page, "Platform")).not_to_be_checked()
    assert (count(page), urlsplit(page.url).query) == ("22 postmortems", "")
    page.unroute("**/?cause=platform")
    page.get_by_role("link", name="Try again").click()
    page.wait_for_url("**/?cause=platform")

    found(page, "7 postmortems")


def test_the_keyboard_alone_leads_from_slash_to_a_result(open_page):
    page = open_page("/")

    page.keyboard.press("/")
    page.keyboard.type("argo cd duplicate")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=argo**")
    page.keyboard.press("Tab")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/**")

    assert "Argo CD" in page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/?q=linkrd", "Did you mean"),
        ("/?q=linkerd+etcd+satellite+zebra", "These have most of them"),
        ("/?q=upgrade&cause=platform", "Same search without “Platform”"),
    ],
)
def test_what_to_ask_instead_is_a_link_that_works_in_place(open_page, path, words):
    page = open_page(path)
    page.evaluate("window.isSamePage = true")
    before = page.url

    assert words in page.locator("#main").inner_text()
    page.locator("#meant-1, #nearest-all, #without").first.click()
    page.wait_for_url(lambda url: url != before)

    expect(page.locator("[data-result]").first).to_be_visible()
    assert page.evaluate("window.isSamePage")
