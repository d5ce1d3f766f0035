"""Choosing terms by typing, moving rows, kinds by key, and terms found in the text, in real Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from postmortems.models import TermSuggestion
from taxonomy.models import Vocabulary

NEW = "/p/new/"
NAMES = "Kubernetes lost DNS"


@pytest.fixture
def write(signed_in):
    """The editor of someone who writes: `write(width=390)`."""

    def opened(path: str = NEW, **options) -> Page:
        return signed_in(path, **options)

    return opened


def field(page: Page, vocabulary: str = "cause", row: int = 0) -> Locator:
    return page.locator(f"[data-vocabulary={vocabulary}] .term-field").nth(row)


def chosen(page: Page, vocabulary: str = "cause", row: int = 0) -> Locator:
    return page.locator(f"[data-vocabulary={vocabulary}] select[name$='.term']").nth(row)


def options(page: Page) -> Locator:
    return page.locator(".combo [role=option]:visible")


def active(page: Page) -> Locator:
    return page.locator(".combo [role=option][aria-selected=true]")


def opened_up(page: Page) -> None:
    """Unfold the vocabularies that are not asked for first."""
    page.locator("#more-terms > summary").click()


def violations(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"][:200]) for item in found]


# --- Finding -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vocabulary", "typed", "shown"),
    [
        ("cause", "CNI", "CNI and pod routing Network"),
        ("cause", "network/cni", "CNI and pod routing Network"),
        ("cause", "容器网络", "CNI and pod routing · 容器网络路由 Network"),
        ("cause", "容器網路", "CNI and pod routing · 容器網路路由 Network"),
        ("component", "K8S", "Kubernetes · k8s"),
        ("component", "argocd", "Argo CD · ArgoCD"),
        ("component", "叢集", "Cluster autoscaler · 叢集自動擴縮器"),
        ("component", "丛集", "Cluster autoscaler · 叢集自動擴縮器"),
        ("cause", "slip typo", "Typo or syntax slip Change and configuration › Configuration"),
    ],
)
def test_a_term_is_found_by_all_it_is_called(write, vocabulary, typed, shown):
    page = write()
    opened_up(page)

    field(page, vocabulary).focus()
    page.keyboard.type(typed)

    parts = active(page).locator("span").all_inner_texts()
    assert " ".join(part.strip() for part in parts) == shown


def test_nothing_typed_shows_the_tree(write):
    page = write()

    field(page).click()

    depths = "rows => rows.slice(0, 3).map(row => row.style.getPropertyValue('--depth'))"
    assert options(page).evaluate_all(depths) == ["", "1", "2"]
    assert options(page).count() == chosen(page).locator("option").count() - 1


@pytest.mark.parametrize("key", ["Enter", "Tab"])
def test_a_key_takes_what_is_active(write, key):
    page = write()

    field(page).focus()
    page.keyboard.type("cni")
    page.keyboard.press(key)

    expect(field(page)).to_have_value("CNI and pod routing")
    expect(chosen(page)).to_have_value("network/cni-routing")
    expect(options(page)).to_have_count(0)
    assert field(page).evaluate("box => box === document.activeElement") is (key == "Enter")


def test_arrows_home_and_end_move_and_escape_leaves_what_was_chosen(write):
    page = write()
    field(page, "severity").focus()

    seen = []
    for key in ("ArrowDown", "End", "ArrowUp", "Home"):
        page.keyboard.press(key)
        seen.append(active(page).inner_text())
    page.keyboard.press("Enter")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    assert seen == ["SEV1", "SEV5", "SEV4", "SEV1"]
    expect(chosen(page, "severity")).to_have_value("")
    expect(field(page, "severity")).to_have_value("")


def test_a_mouse_takes_and_an_emptied_field_lets_go(write):
    page = write()

    field(page, "severity").click()
    options(page).filter(has_text="SEV2").click()
    expect(chosen(page, "severity")).to_have_value("sev2")
    field(page, "severity").fill("")

    expect(chosen(page, "severity")).to_have_value("")


def test_what_is_no_term_is_marked_and_never_sent(write):
    page = write()

    field(page).fill("xyzzy")
    page.keyboard.press("Tab")

    expect(field(page)).to_have_attribute("aria-invalid", "true")
    expect(chosen(page)).to_have_value("")
    assert page.url.endswith(NEW)


def test_nothing_happens_while_an_input_method_composes(write):
    page = write()
    field(page).focus()
    keyboard = page.context.new_cdp_session(page)

    for text in ("w", "wang", "网络"):
        place = {"selectionStart": 1, "selectionEnd": 1}
        keyboard.send("Input.imeSetComposition", {"text": text, **place})
        expect(field(page)).to_have_value(text)
        assert options(page).count() == 0
    keyboard.send("Input.insertText", {"text": "网络"})

    expect(active(page)).to_contain_text("Network")


def test_a_missing_term_is_suggested_in_a_new_tab(write):
    page = write()

    field(page).fill("Solar flare")
    with page.expect_popup() as popup:
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    popup.value.get_by_label("Why it is needed").fill("It was one")
    popup.value.get_by_role("button", name="Suggest it").click()
    popup.value.get_by_text("A curator decides").wait_for()

    suggestion = TermSuggestion.objects.get()
    assert suggestion.vocabulary == Vocabulary.objects.get(slug="cause")
    assert suggestion.names["en"] == "Solar flare"
    expect(field(page)).to_have_value("Solar flare")


def test_another_row_chooses_on_its_own(write):
    page = write()
    field(page).fill("dns")
    page.keyboard.press("Enter")

    page.locator("[data-vocabulary=cause] [data-add-term]").click()
    page.keyboard.type("cni")
    page.keyboard.press("Enter")

    expect(chosen(page, row=0)).to_have_value("network/dns")
    expect(chosen(page, row=1)).to_have_value("network/cni-routing")
    names = "fields => fields.map(field => field.name)"
    sent = page.locator("[data-vocabulary=cause] select[name$='.term']").evaluate_all(names)
    assert sent == ["classifications.cause.0.term", "classifications.cause.1.term"]


def test_without_scripts_the_list_is_the_field(write):
    page = write(script=False)

    chosen(page).select_option("network/cni-routing")

    suggest = page.locator("[data-vocabulary=cause]").get_by_role("link", name="Suggest a term")
    expect(suggest).to_be_visible()
    expect(page.locator(".term-field")).to_have_count(0)


# --- Terms found in the text ---------------------------------------------------------------------


@pytest.mark.parametrize(("width", "place"), [(1440, ".found-beside"), (390, ".found-terms")])
def test_a_found_term_is_taken_without_leaving_the_text(write, width, place):
    page = write(width=width)
    page.get_by_label("Title", exact=True).first.fill(NAMES)
    summary = page.locator("#summary")
    summary.focus()
    page.keyboard.type("Half a sen")
    chip = page.locator(f"{place} button").filter(has_text="Root cause: DNS")

    chip.click()
    page.keyboard.type("tence")

    expect(summary).to_have_value("Half a sentence")
    expect(chosen(page)).to_have_value("network/dns")
    expect(field(page)).to_have_value("DNS")
    expect(page.locator("[data-found] button").filter(has_text="Root cause: DNS")).to_have_count(0)


def test_found_terms_go_to_rows_of_their_own(write):
    page = write()
    field(page).fill("cni")
    page.keyboard.press("Enter")
    page.get_by_label("Title", exact=True).first.fill(NAMES)

    chip = page.locator(".found-beside button").filter(has_text="Root cause: DNS")
    chip.focus()
    page.keyboard.press("Enter")

    expect(chosen(page, row=0)).to_have_value("network/cni-routing")
    expect(chosen(page, row=1)).to_have_value("network/dns")
    expect(page.locator("[data-status]")).to_contain_text("DNS")


# --- Barriers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_in_the_states_of_a_choice(write, width, dark):
    page = write(width=width, dark=dark)
    found = {}

    field(page).click()
    found["tree"] = violations(page)
    for text in ("网络", "xyzzy"):
        field(page).fill(text)
        found[text] = violations(page)
    page.get_by_label("Title", exact=True).first.fill(NAMES)
    page.locator("[data-found] button:visible").first.wait_for()
    found["invalid and found"] = violations(page)

    assert found == {state: [] for state in found}
    assert page.evaluate("document.documentElement.scrollWidth") <= width
