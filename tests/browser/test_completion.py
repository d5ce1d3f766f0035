"""The search box completes: by keyboard alone, by mouse, with an input method, on every page and width."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.usefixtures("seeds")

BOX = "#q"


def options(page: Page) -> Locator:
    return page.locator(".completion [role=option]")


def active(page: Page, box: str = BOX) -> str:
    """The option that the box names as active; empty when there is none."""
    name = page.locator(box).get_attribute("aria-activedescendant")
    return page.locator(f"#{name} .text").inner_text() if name else ""


@pytest.fixture
def typed(open_page):
    """A page with some text typed into its search box and the list open."""

    def opened(text: str, path: str = "/", box: str = BOX, **options_of_page) -> Page:
        page = open_page(path, **options_of_page)
        page.locator(box).focus()
        # In one piece: letters that come slowly are asked about one by one, and each answer is a new list.
        page.keyboard.insert_text(text)
        expect(page.locator(box)).to_have_attribute("aria-expanded", "true")
        return page

    return opened


def test_a_query_is_put_together_by_keyboard_alone(open_page):
    page = open_page("/")

    page.keyboard.press("/")
    page.keyboard.insert_text("cau")
    expect(options(page).first).to_contain_text("cause:")
    page.keyboard.press("ArrowDown")
    assert active(page) == "cause:"
    page.keyboard.press("Enter")
    expect(page.locator(BOX)).to_have_value("cause:")
    expect(options(page).first).to_contain_text("Change and configuration")
    page.keyboard.insert_text("cni")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(BOX)).to_have_value("cause:network/cni-routing ")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "q=cause" in url)

    expect(page.get_by_role("heading", level=1)).to_have_text("2 postmortems")
    expect(page.locator(BOX)).to_have_value("cause:network/cni-routing")


def test_the_arrows_go_round_through_the_text(typed):
    page = typed("k8s")

    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(active(page))

    assert seen == ["Kubernetes", "", "Kubernetes", ""]


def test_enter_searches_when_no_option_is_active(typed):
    page = typed("linkerd")

    page.keyboard.press("Enter")
    page.wait_for_url("**q=linkerd**")

    expect(page.locator("ol.results")).to_contain_text("Monzo")


def test_escape_closes_and_then_clears(typed):
    page = typed("upg")

    page.keyboard.press("Escape")
    expect(options(page).first).to_be_hidden()
    assert page.locator(BOX).input_value() == "upg"
    page.keyboard.press("Escape")

    assert page.locator(BOX).input_value() == ""
    assert page.locator(BOX).get_attribute("aria-expanded") == "false"


def test_tab_keeps_the_text_and_closes(typed):
    page = typed("upg")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    assert page.locator(BOX).input_value() == "upg"
    expect(options(page).first).to_be_hidden()


def test_the_arrow_opens_what_a_search_can_begin_with(open_page):
    page = open_page("/")

    page.locator(BOX).focus()
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_contain_text("cause:")

    assert active(page) == "cause:"


def test_an_option_is_taken_by_mouse_in_the_middle_of_a_query(open_page):
    page = open_page("/?q=upgrade+ne+etcd")
    page.locator(BOX).focus()
    page.locator(BOX).evaluate("box => box.setSelectionRange(10, 10)")

    page.keyboard.type("t")
    options(page).filter(has_text="Network").first.click()

    expect(page.locator(BOX)).to_have_value("upgrade cause:network etcd")
    assert page.evaluate("document.activeElement.id") == "q"


def test_what_was_taken_can_be_undone(typed):
    page = typed("k8s")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(BOX)).to_have_value("component:kubernetes ")
    page.keyboard.press("Control+z")

    expect(page.locator(BOX)).to_have_value("k8s")


def test_nothing_is_offered_while_an_input_method_composes(open_page):
    page = open_page("/")
    with page.expect_response("**/suggest/**"):
        page.locator(BOX).focus()
    asked = []
    page.on(
        "request", lambda request: asked.append(request.url) if "/suggest/" in request.url else 0
    )
    keyboard = page.context.new_cdp_session(page)

    for text in ("w", "wang", "网络"):
        keyboard.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": 2, "selectionEnd": 2}
        )
        page.wait_for_timeout(200)
    expect(page.locator(BOX)).to_have_value("网络")
    assert asked == []
    keyboard.send("Input.insertText", {"text": "网络"})

    expect(options(page).first).to_contain_text("Network")
    assert len(asked) == 1


def test_keys_of_an_input_method_do_nothing(typed):
    page = typed("k8s")
    page.keyboard.press("ArrowDown")

    for key in ("Enter", "Escape", "ArrowDown"):
        page.locator(BOX).evaluate(
            "(box, key) => box.dispatchEvent(new KeyboardEvent('keydown',"
            " {key, keyCode: 229, isComposing: true, bubbles: true, cancelable: true}))",
            key,
        )

    assert (active(page), page.locator(BOX).input_value()) == ("Kubernetes", "k8s")


def test_the_last_question_is_answered(open_page):
    page = open_page("/")
    late = []

    def hold(route):
        late.append(route) if "q=upg&" in route.request.url else route.continue_()

    page.route("**/suggest/**", hold)
    page.locator(BOX).focus()
    with page.expect_request(lambda request: "q=upg&" in request.url):
        page.keyboard.insert_text("upg")
    page.locator(BOX).fill("k8s")
    expect(options(page).first).to_contain_text("Kubernetes")
    for route in late:
        route.continue_()
    page.wait_for_timeout(200)

    assert len(late) == 1
    expect(options(page)).to_have_count(1)


@pytest.mark.complains("Failed to load resource")
def test_a_server_that_fails_leaves_a_plain_box(open_page):
    page = open_page("/")
    page.route("**/suggest/**", lambda route: route.abort())

    page.locator(BOX).focus()
    page.keyboard.type("linkerd")
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=linkerd**")

    expect(page.locator("ol.results > li")).to_have_count(1)


def test_counts_follow_the_filters_of_the_page(typed):
    page = typed("cause:net", path="/?trigger=upgrade")

    assert options(page).first.locator(".count").inner_text() == "1"


def test_what_was_typed_is_marked_where_a_word_begins(typed):
    page = typed("upg")

    assert options(page).filter(has_text="Version upgrade").locator("b").inner_text() == "upg"


def test_the_number_of_suggestions_is_said(typed):
    page = typed("k8s")

    expect(page.locator("[data-status]")).to_have_text("1 suggestion")
    page.locator(BOX).fill("cause:")
    expect(page.locator("[data-status]")).to_have_text("10 suggestions")


def test_the_list_is_named_and_grouped(typed):
    page = typed("up")

    assert page.get_by_role("listbox", name="Suggestions").is_visible()
    names = [page.get_by_role("group", name=name) for name in ("Fields", "Values", "Words")]
    assert [group.count() for group in names] == [1, 1, 1]
    box = page.get_by_role("combobox", name="Search postmortems")
    assert box.get_attribute("aria-controls") == "q-options"


def test_recent_searches_stay_in_the_browser_and_can_be_forgotten(open_page):
    page = open_page("/")
    for text in ("linkerd", "systemd", "linkerd"):
        page.locator(BOX).fill(text)
        page.locator(BOX).press("Enter")
        page.wait_for_url(f"**q={text}**")

    page.locator(BOX).fill("")
    expect(options(page)).to_have_text(["linkerd", "systemd"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=systemd**")
    page.locator(BOX).fill("")
    page.locator(BOX).click()
    page.get_by_role("button", name="Forget recent searches").click()

    expect(options(page).first).to_be_hidden()
    assert page.evaluate("localStorage.getItem('hindsight-recent-searches')") == "[]"


def test_pasted_lines_stay_apart(open_page):
    page = open_page("/?q=start")
    page.locator(BOX).focus()
    page.keyboard.press("End")

    page.locator(BOX).evaluate(
        """box => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", " one\\r\\n  two\\nthree\\n");
          box.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }"""
    )

    assert page.locator(BOX).input_value() == "startone two three"


def test_the_top_bar_of_other_pages_completes_too(typed):
    page = typed("k8s", path="/taxonomy/", box="#top-q")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=component**")

    expect(page.get_by_role("heading", level=1)).to_have_text("8 postmortems")


def test_it_works_after_the_page_was_changed_in_place(open_page):
    page = open_page("/")
    page.get_by_role("checkbox", name="Platform", exact=True).check()
    page.wait_for_url("**cause=platform**")

    page.locator(BOX).focus()
    page.keyboard.type("k8s")

    expect(options(page).first.locator(".count")).to_have_text("4")


def test_without_script_the_box_is_a_plain_field(open_page):
    page = open_page("/", script=False)

    assert page.locator(BOX).get_attribute("role") is None
    page.locator(BOX).fill("linkerd")
    page.locator(BOX).press("Enter")
    page.wait_for_url("**q=linkerd**")


@pytest.mark.parametrize("width", [320, 390])
def test_the_list_fits_a_phone(typed, width):
    page = typed("up", width=width)

    box = page.locator(".completion").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_with_the_list_open(typed, width, dark):
    page = typed("up", width=width, dark=dark)
    page.keyboard.press("ArrowDown")

    violations = Axe().run(page).response["violations"]

    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []
