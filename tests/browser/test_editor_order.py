"""Moving the rows of a list by mouse, by finger and by key, and kinds by a letter, in real Chromium."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Locator, Page, expect

from postmortems.models import Draft

ENTRIES = ("First", "Second", "Third")


@pytest.fixture
def timeline(signed_in):
    """The editor with three entries in its timeline."""

    def opened(*, language: str = "en", **options) -> Page:
        page = signed_in("/", **options)
        page.set_extra_http_headers({"Accept-Language": language})
        page.goto("/p/new/")
        with page.expect_response(lambda answer: ENTRIES[-1] in (answer.request.post_data or "")):
            for number, text in enumerate(ENTRIES):
                page.locator(f"#timeline-{number}-text").fill(text)
        # What the server says of them moves what stands below.
        expect(page.locator("[data-kept]")).not_to_be_empty()
        page.locator("#part-timeline").scroll_into_view_if_needed()
        return page

    return opened


def handle(page: Page, number: int) -> Locator:
    return page.locator("[data-rows=timeline] [data-drag]").nth(number)


def texts(page: Page) -> list[str]:
    values = "fields => fields.map(field => field.value)"
    return page.locator("[data-rows=timeline] textarea").evaluate_all(values)


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def grab(page: Page, number: int, onto: int) -> None:
    """Hold the handle of a row over the lower part of another one."""
    handle(page, number).hover()
    page.mouse.down()
    x, y = middle(page.locator("[data-rows=timeline] > [data-row]").nth(onto))
    page.mouse.move(x, y + 4, steps=5)
    expect(page.locator(".drop-before, .drop-after")).to_have_count(1)


def finger(session: CDPSession, kind: str, place: tuple[float, float] | None) -> None:
    points = [{"x": place[0], "y": place[1]}] if place else []
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_row_is_dragged_to_where_the_line_is(timeline):
    page = timeline()

    grab(page, 0, 1)
    expect(page.locator(".drop-before textarea")).to_have_value("Third")
    page.mouse.up()

    expect(page.locator("[data-status]")).to_have_text("Moved to place 2 of 3.")
    assert texts(page) == ["Second", "First", "Third"]
    expect(page.locator(".dragged, .drop-before, .drop-after")).to_have_count(0)


def test_a_row_is_dragged_upwards_by_a_finger(timeline):
    page = timeline(width=390)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    handle(page, 1).scroll_into_view_if_needed()
    row = page.locator("[data-rows=timeline] > [data-row]").nth(1)
    above = page.locator("[data-rows=timeline] > [data-row]").first
    start, end = middle(handle(page, 1)), middle(above)

    finger(session, "touchStart", start)
    finger(session, "touchMove", (start[0], start[1] - 10))
    expect(row).to_have_class(re.compile("dragged"))
    finger(session, "touchMove", (start[0], end[1] - 20))
    expect(page.locator(".drop-before textarea")).to_have_value("First")
    finger(session, "touchEnd", None)

    expect(page.locator("[data-status]")).to_have_text("Moved to place 1 of 3.")
    assert texts(page) == ["Second", "First", "Third"]


def test_escape_leaves_the_row_where_it_was(timeline):
    page = timeline()

    grab(page, 0, 2)
    page.keyboard.press("Escape")
    page.mouse.up()

    expect(page.locator(".dragged, .drop-before, .drop-after")).to_have_count(0)
    assert texts(page) == list(ENTRIES)


def test_a_row_dropped_where_it_was_is_not_moved(timeline):
    page = timeline()

    grab(page, 1, 1)
    page.mouse.up()

    expect(page.locator(".dragged")).to_have_count(0)
    assert texts(page) == list(ENTRIES)
    expect(page.locator("[data-status]")).to_have_text("")


def test_the_handle_moves_by_its_arrows_and_keeps_the_focus(timeline):
    page = timeline()

    handle(page, 0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert texts(page) == ["Second", "Third", "First"]
    expect(handle(page, 2)).to_be_focused()
    expect(page.locator("[data-status]")).to_have_text("Moved to place 3 of 3.")


def test_alt_and_an_arrow_move_and_keep_the_text_and_the_focus(timeline):
    page = timeline()

    page.locator("#timeline-2-text").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.type("!")

    assert texts(page) == ["First", "Third!", "Second"]


def test_a_draft_keeps_the_rows_as_they_were_moved(timeline):
    page = timeline()
    page.get_by_label("Title", exact=True).first.fill("Moved about")
    moved = re.compile("timeline.0.text=First.*timeline.2.text=Third.*timeline.1.text=Second")

    page.locator("#timeline-2-text").focus()
    with page.expect_response(lambda answer: moved.search(answer.request.post_data or "")):
        page.keyboard.press("Alt+ArrowUp")
    page.goto(f"/p/new/?draft={Draft.objects.get().key}")

    assert texts(page)[:3] == ["First", "Third", "Second"]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_letter_chooses_the_kind_in_every_language(timeline, language):
    page = timeline(language=language)
    kind = page.locator("#timeline-0-kind")
    kind.focus()

    seen = []
    for key in "tdeafmrlc":
        page.keyboard.press(key)
        seen.append(kind.input_value()[0])

    assert "".join(seen) == "tdeafmrlc"
    assert kind.locator("option:checked").inner_text().endswith(" · c")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_while_a_row_is_dragged(timeline, width, dark):
    page = timeline(width=width, dark=dark)

    grab(page, 0, 1)
    # What is dragged is faint on purpose, and only while it is held.
    found = Axe().run(page, context={"exclude": [[".dragged"]]})
    page.mouse.up()

    violations = found.response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []
