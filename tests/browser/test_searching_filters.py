"""The filter column and the histogram as a person uses them, with and without JavaScript, wide and narrow."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("seeds")

STATES = {
    "trees": "/?cause=platform/orchestration&open=cause/network&open=cause/change",
    "excluded": "/?cause=-platform/host&trigger=-upgrade&severity=-sev1&q=kubernetes",
    "whole": "/?open=component&open=*",
    "range": "/?year=2021..2023&open=year/",
    "months": "/?year=2023",
    "nothing": "/?q=linkrd&year=2017..2018",
    "nearest": "/?q=linkerd+etcd+satellite+zebra",
    "pasted": "/?q=rpc+error:+code+%3D+Unavailable+desc+%3D+%22etcdserver:+request+timed+out%22+id%3D8f3a",
}


def found(page, words: str) -> None:
    """Wait until the page says that it found so many."""
    page.locator("#count", has_text=re.compile(f"^{words}$")).wait_for()


def facet(page, slug: str):
    """One facet group."""
    return page.locator(f"#facet-{slug}")


def names(page, slug: str) -> list[str]:
    """The values that one sees in a facet."""
    return page.locator(f"#facet-{slug} .name:visible").all_inner_texts()


def drag(page, low: str, high: str) -> None:
    """Draw the mouse from the middle of one bar to the middle of another."""
    ends = [page.locator(f'[data-brush] [data-value="{value}"]') for value in (low, high)]
    (x1, y), (x2, _y) = [
        (rectangle["x"] + rectangle["width"] / 2, rectangle["y"] + 50)
        for rectangle in (bar.bounding_box() for bar in ends)
    ]
    page.mouse.move(x1, y)
    page.mouse.down()
    page.mouse.move(x2, y, steps=6)
    page.mouse.up()


def test_a_branch_that_was_opened_stays_open_in_the_address_and_in_place(open_page):
    page = open_page("/")

    facet(page, "cause").locator("summary[aria-label='Parts of Network']").click()
    page.wait_for_url("**/?open=cause/network")
    facet(page, "cause").get_by_role("checkbox", name="DNS", exact=True).wait_for()
    facet(page, "severity").get_by_role("checkbox").first.check()
    found(page, "5 postmortems")

    assert "DNS" in names(page, "cause")
    assert "DNS" in names(open_page(page.url), "cause")


def test_a_facet_that_was_closed_stays_closed(open_page):
    page = open_page("/")

    page.locator("#facet-severity-summary").click()
    page.wait_for_url("**/?open=-severity")
    page.locator("#facet-detection-summary").click()
    page.wait_for_url("**open=detection/")
    page.reload()

    assert (names(page, "severity"), bool(names(page, "detection"))) == ([], True)


def test_a_facet_stays_open_under_the_hand_that_takes_its_last_value_back(open_page):
    page = open_page("/?detection=automated-alert")

    # Not `uncheck`, which looks for it again afterwards: by then none is checked.
    facet(page, "detection").get_by_role("checkbox", checked=True).click()
    found(page, "22 postmortems")

    assert names(page, "detection")


def test_the_rest_of_a_long_facet_comes_in_place(open_page):
    page = open_page("/")
    few = len(names(page, "component"))

    page.locator("#more-component").click()
    page.locator("#more-component").wait_for(state="detached")

    expect(page).to_have_url(re.compile(r"/\?open=component$"))
    assert len(names(page, "component")) > few + 10
    expect(page.locator("#find-component")).to_be_focused()


def test_values_are_found_in_a_long_facet_that_shows_only_some(open_page):
    page = open_page("/")

    page.locator("#find-component").press_sequentially("scop")
    page.locator("#more-component").wait_for(state="detached")
    assert names(page, "component") == ["Weave Scope"]
    page.locator("#find-component").press("Escape")

    assert len(names(page, "component")) > 20


def test_values_are_found_below_closed_branches(open_page):
    page = open_page("/")

    page.locator("#find-cause").fill("probe")
    assert names(page, "cause") == [
        "Platform",
        "Orchestration and controllers",
        "Health probe defect",
    ]
    facet(page, "cause").get_by_role("checkbox", name="Health probe defect").check()
    page.wait_for_url("**cause=platform/orchestration/health-probe**")
    expect(page.locator("#find-cause")).to_have_value("probe")
    page.locator("#find-cause").fill("nothing is called this")

    expect(facet(page, "cause").get_by_text("No value is called that.")).to_be_visible()


def test_zero_values_are_disabled_and_chosen_ones_stay(open_page):
    page = open_page("/?q=linkerd&severity=sev5")
    boxes = facet(page, "severity").get_by_role("checkbox")

    states = [(item.is_checked(), item.is_enabled()) for item in boxes.all()]

    assert states == [(False, True), *[(False, False)] * 3, (True, True)]


def test_dragging_over_bars_sets_a_range_of_years(open_page):
    page = open_page("/")

    drag(page, "2021", "2023")
    page.wait_for_url("**/?year=2021..2023")
    found(page, "4 postmortems")

    expect(page.locator(".chip.active")).to_have_text("Started: 2021 to 2023")
    expect(page.locator("#year-from")).to_have_value("2021")


def test_a_click_on_a_bar_shows_its_months_and_all_years_come_back(open_page):
    page = open_page("/")

    page.locator("#bar-2023").click()
    page.wait_for_url("**/?year=2023")
    expect(page.locator("[data-brush] > li")).to_have_count(12)
    drag(page, "2023-02", "2023-04")
    page.wait_for_url("**/?year=2023-02..2023-04")
    found(page, "2 postmortems")
    page.get_by_role("link", name="All years").click()

    found(page, "22 postmortems")


def test_the_keyboard_sets_a_range_of_years(open_page):
    page = open_page("/")

    page.locator("#bar-2021").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-status]")).to_contain_text("2021 to 2023")
    page.keyboard.press("Enter")

    page.wait_for_url("**/?year=2021..2023")


def test_a_pen_or_finger_sets_a_range_of_years(open_page):
    page = open_page("/", width=768)

    page.evaluate("""() => {
        const at = (value) => document.querySelector(`[data-brush] [data-value="${value}"]`);
        const send = (type, bar) => bar.dispatchEvent(new PointerEvent(type, {
            bubbles: true, cancelable: true, pointerId: 1, pointerType: "touch",
            clientX: bar.getBoundingClientRect().x + 5, clientY: bar.getBoundingClientRect().y + 50,
        }));
        document.querySelector("[data-brush]").setPointerCapture = () => {};
        send("pointerdown", at("2021"));
        send("pointermove", at("2023"));
        send("pointerup", at("2023"));
    }""")

    page.wait_for_url("**/?year=2021..2023")


def test_the_two_lists_set_the_same_range(open_page):
    page = open_page("/?open=year/")

    page.locator("#year-from").select_option("2021")
    page.wait_for_url("**year=2021..**")
    page.locator("#year-to").select_option("2023")
    page.wait_for_url("**year=2021..2023**")
    facet(page, "year").get_by_role("checkbox", name="unknown").check()
    found(page, "7 postmortems")

    expect(page.locator("#year-to")).to_have_value("2023")


def test_the_two_lists_work_without_javascript(open_page):
    page = open_page("/?trigger=-upgrade", script=False)

    page.locator("#facet-year-summary").click()
    page.locator("#year-from").select_option("2021")
    page.locator("#year-to").select_option("2023")
    page.get_by_role("button", name="Apply filters").click()

    chips = ["Trigger is not: Upgrade", "Started: 2021 to 2023"]
    expect(page.locator(".chip.active")).to_have_text(chips)


def test_an_exclusion_inside_a_tree_is_carried_and_taken_back_without_javascript(open_page):
    page = open_page("/?cause=-platform/host&relation=same-defect", script=False)

    page.locator("#q").fill("juju")
    with page.expect_navigation(url="**q=juju**"):
        page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".chip.active")).to_have_count(2)
    facet(page, "cause").get_by_role("checkbox", name="not Host and runtime").uncheck()
    page.get_by_role("button", name="Apply filters").click()

    expect(page.locator(".chip.active")).to_have_count(1)


def test_all_values_are_reached_without_javascript(open_page):
    page = open_page("/", script=False)

    page.locator("#more-component").click()
    facet(page, "component").get_by_text("Weave Scope", exact=True).wait_for()

    assert "Weave Scope" in names(page, "component")
    expect(page.locator("#find-component")).to_be_hidden()


def test_several_filters_are_chosen_in_the_drawer_of_a_phone(open_page):
    page = open_page("/", width=390)

    page.locator("#filters-open").click()
    facet(page, "cause").get_by_role("checkbox", name="Platform", exact=True).check()
    page.get_by_role("link", name="Show 7 postmortems").wait_for()
    facet(page, "severity").get_by_role("checkbox").first.check()
    page.wait_for_url("**severity=sev1**")
    page.keyboard.press("Escape")

    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("#filters-open")).to_be_focused()
    expect(page.locator("[inert]")).to_have_count(0)


def test_the_drawer_opens_by_its_link_without_javascript(open_page):
    page = open_page("/", width=390, script=False)

    page.locator("#filters-open").click()
    page.locator("#facet-year-summary").click()

    expect(page.locator("#year-from")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_state_of_the_search_scrolls_sideways(open_page, width):
    page = open_page("/", width=width)
    overflow = {}
    for name, address in STATES.items():
        page.goto(address)
        overflow[name] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert overflow == dict.fromkeys(STATES, 0)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_any_state(open_page, width, dark):
    page = open_page("/", width=width, dark=dark)
    found_by_axe = {}
    for name, address in STATES.items():
        page.goto(address)
        if width == 390 and name not in ("nothing", "nearest", "pasted"):
            page.locator("#filters-open").click()
        violations = Axe().run(page).response["violations"]
        found_by_axe[name] = [(item["id"], item["nodes"][0]["html"][:200]) for item in violations]

    assert found_by_axe == {name: [] for name in STATES}
