"""Facts, marks, keys and pasted entries in the editor, in real Chromium, with and without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from postmortems.models import Draft, Postmortem
from tests.browser.conftest import led_on

NEW = "/p/new/"
CHAT = "10:22 merged the change\n10:31 sites are down"
FACTS = "[data-facts] .fact-row:visible input[name$='.text']"


@pytest.fixture
def write(signed_in):
    """The editor of a new postmortem."""

    def opened(**options) -> Page:
        page = signed_in(NEW, **options)
        page.once("dialog", lambda dialog: dialog.accept())
        return page

    return opened


def title(page: Page) -> Locator:
    return page.locator("#title")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def violations(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in found]


# --- Rows ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
def test_a_hypothesis_takes_a_second_fact(write, script):
    page = write(script=script)

    title(page).fill("Two facts")
    page.locator("#hypotheses-0-claim").fill("The label")
    page.locator(FACTS).first.fill("It is in the selector")
    button(page, "Add a fact").first.click()
    expect(page.locator(FACTS).nth(1)).to_be_focused()
    page.locator(FACTS).nth(1).fill("It was renamed")
    page.locator(".save-bar [value=save]").click()
    page.get_by_text("Saved as revision 1").wait_for()

    (hypothesis,) = Postmortem.objects.get(title="Two facts").hypothesis_rows.all()
    assert [fact["text"] for fact in hypothesis.evidence] == [
        "It is in the selector",
        "It was renamed",
    ]


def test_another_hypothesis_begins_with_one_blank_fact_of_its_own(write):
    page = write()

    page.locator("#hypotheses-0-claim").fill("The label")
    page.locator(FACTS).first.fill("It is in the selector")
    button(page, "Add a fact").click()
    button(page, "Add a hypothesis").click()

    other = page.locator("[data-rows=hypotheses] > [data-row]").nth(1)
    names = "fields => fields.map(field => field.name)"
    assert (
        other.locator(".fact-row input").evaluate_all(names)[0].startswith("hypotheses.1.evidence.")
    )
    expect(other.locator(".fact-row")).to_have_count(1)
    expect(other.locator("[data-add-fact]")).to_have_attribute(
        "value", "rows:hypotheses.1.evidence"
    )


def test_without_scripts_a_vocabulary_takes_more_terms_in_one_go(write):
    page = write(script=False)

    button(page, "Add another: Root cause").click()

    chosen = page.locator("[data-vocabulary=cause] select[name$='.term']")
    expect(chosen).to_have_count(4)
    expect(chosen.first).to_be_focused()


# --- Keys ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("field", ["started", "duration", "actions-0-owner"])
def test_enter_in_a_line_neither_saves_nor_leaves(write, field, script):
    page = write(script=script)

    title(page).fill("Not yet")
    page.locator(f"#{field}").press("Enter")
    expect(page.locator(f"#{field}:focus")).to_have_count(0)

    expect(title(page)).to_have_value("Not yet")
    assert not Postmortem.objects.filter(title="Not yet").exists()


@pytest.mark.parametrize(("field", "following"), [("title", "summary"), ("started", "detected")])
def test_enter_goes_on_to_the_next_field(write, field, following):
    page = write()

    page.locator(f"#{field}").press("Enter")

    expect(page.locator(f"#{following}")).to_be_focused()
    expect(page.locator(f"#{field}")).to_have_value("")


def test_a_long_title_is_seen_whole_and_stays_one_line(write):
    page = write()
    low = title(page).evaluate("box => box.clientHeight")

    title(page).fill("Routes are lost\nafter an upgrade " * 8)

    expect(title(page)).to_have_value("Routes are lost after an upgrade " * 8)
    assert title(page).evaluate("box => box.clientHeight === box.scrollHeight")
    assert title(page).evaluate("box => box.clientHeight") > low


def test_control_s_keeps_and_control_enter_saves(write):
    page = write()

    title(page).fill("By key")
    page.keyboard.press("Control+s")
    page.get_by_text("Draft kept").wait_for()
    assert Draft.objects.get().typed["title"] == "By key"
    page.keyboard.press("Control+Enter")
    page.get_by_text("Saved as revision 1").wait_for()

    assert Postmortem.objects.filter(title="By key").exists()


def test_the_bar_of_marks_is_one_stop_and_arrows_go_through_it(write):
    page = write()

    title(page).press("Tab")
    expect(page.locator("#part-title [data-mark=bold]")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#part-title [data-preview]")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#part-title [data-mark=italic]")).to_be_focused()
    page.keyboard.press("Tab")

    expect(page.locator("#summary")).to_be_focused()


@pytest.mark.parametrize(
    ("key", "marked"), [("b", "**lost**"), ("i", "*lost*"), ("k", "[lost](https://)")]
)
def test_a_key_marks_what_is_chosen_and_can_be_undone(write, key, marked):
    page = write()

    page.locator("#summary").fill("lost")
    page.keyboard.press("Control+a")
    page.keyboard.press(f"Control+{key}")
    expect(page.locator("#summary")).to_have_value(marked)
    page.keyboard.press("Control+z")

    expect(page.locator("#summary")).to_have_value("lost")


@pytest.mark.parametrize(
    ("name", "marked"),
    [("List", "- one\n- two"), ("Quote", "> one\n> two"), ("Code block", "```\none\ntwo\n```")],
)
def test_a_button_marks_whole_lines(write, name, marked):
    page = write()

    page.locator("#summary").fill("one\ntwo")
    page.keyboard.press("Control+a")
    page.locator("#part-title").get_by_role("button", name=name, exact=True).click()

    expect(page.locator("#summary")).to_have_value(marked)


# --- What was typed and is no term, word help -----------------------------------------------------


def test_half_a_term_is_told_before_anything_is_saved(write):
    page = write()

    title(page).fill("Half a term")
    page.locator("[data-vocabulary=cause] .term-field").fill("Expired cert")
    page.locator(".save-bar [value=save]").click()

    expect(page.locator("[data-vocabulary=cause] .error")).to_contain_text("“Expired cert” is no")
    expect(page.locator("[data-vocabulary=cause] .term-field")).to_be_focused()
    assert not Postmortem.objects.filter(title="Half a term").exists()


def test_word_help_can_be_switched_off_and_on_again(write):
    page = write()
    switch = page.get_by_label("Point out words that judge a person")

    page.locator("#summary").fill("他太粗心了")
    expect(page.locator("[data-phrases] li")).to_have_count(1)
    switch.uncheck()
    expect(page.locator("[data-phrases] li")).to_have_count(0)
    switch.check()

    expect(page.locator("[data-phrases] li")).to_have_count(1)


def test_the_hint_of_the_severity_follows_the_kind(write):
    page = write()

    page.locator("[data-vocabulary=kind] .term-field").fill("Near miss")

    hint = page.locator("[data-understood=hint-severity]")
    expect(hint).to_have_text("Near miss: choose what it could have been.")


# --- Pasting -------------------------------------------------------------------------------------


def pasted(page: Page, lines: str = CHAT, day: str = "") -> None:
    page.locator("#paste-lines > summary").click()
    page.locator("#paste-text").fill(lines)
    page.locator("#paste-day").fill(day)
    led_on(page, button(page, "Add as entries"))


@pytest.mark.parametrize("script", [True, False])
def test_one_goes_on_at_the_first_pasted_entry(write, script):
    page = write(script=script)

    page.locator("#timeline-0-text").fill("What was there before")
    pasted(page)

    first = page.locator("[data-rows=timeline] > [data-row]").nth(1).locator("[name$='.when']")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(page.locator("#said")).to_contain_text("2 entries were added.")
    expect(page.locator("#said")).to_be_in_viewport()
    if script:
        expect(page.locator("[data-status]")).to_contain_text("2 entries were added.")


@pytest.mark.parametrize(
    ("lines", "day", "field"), [("", "", "paste-text"), (CHAT, "31/02/2023", "paste-day")]
)
def test_what_cannot_be_pasted_is_told_where_it_stands(write, lines, day, field):
    page = write()

    pasted(page, lines, day)

    expect(page.locator(f"#{field}-error")).to_be_visible()
    expect(page.locator(f"#{field}")).to_be_focused()
    expect(page.locator("#paste-text")).to_have_value(lines)


# --- Barriers and room ---------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_the_states_of_the_editor(write, width, dark):
    page = write(width=width, dark=dark)
    found = {"fresh": violations(page)}

    pasted(page)
    expect(page.locator("#said")).to_be_visible()
    found["pasted"] = violations(page)
    button(page, "Add a fact").first.click()
    page.locator("[data-vocabulary=cause] .term-field").fill("Expired cert")
    page.locator(".save-bar [value=save]").click()
    expect(page.locator("[data-vocabulary=cause] .error")).to_be_visible()
    found["half a term"] = violations(page)
    page.locator("[data-vocabulary=cause] .term-field").fill("")
    led_on(page, page.locator(".save-bar [value=save]"))
    page.get_by_text("Not saved yet").wait_for()
    found["errors"] = violations(page)

    assert found == {state: [] for state in found}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_tablet_the_bar_says_who_sees_it(write):
    page = write(width=768)

    expect(page.locator("#visibility")).to_be_visible()
    expect(page.locator("#comment")).to_be_visible()


def test_on_a_phone_the_bar_is_one_row_and_holds_the_rest_in_a_fold(write):
    page = write(width=390)

    expect(page.locator("#comment")).to_be_hidden()
    assert page.locator(".save-bar").bounding_box()["height"] <= 64
    page.get_by_role("button", name="Who sees it, what changed").click()
    page.locator("#comment").fill("First try")
    title(page).fill("From a phone")
    page.locator(".save-bar [value=save]").click()
    page.get_by_text("Saved as revision 1").wait_for()

    revision = Postmortem.objects.get(title="From a phone").revisions.get()
    assert revision.comment == "First try"
