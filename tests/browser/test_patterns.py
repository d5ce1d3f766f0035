"""The patterns page in a browser: nothing stands in the way, by keyboard, and choices change it in place."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_lesser_pages import barriers

URL = "/patterns/"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_stands_in_the_way(open_page, site, seeds, width, dark):
    page = open_page(URL, width=width, dark=dark)

    assert barriers(page) == []
    page.goto(f"{URL}?narrow=1&trigger=-upgrade")
    assert barriers(page) == []
    page.goto(f"{URL}?trigger=upgrade")
    assert barriers(page) == []


def test_a_cell_opens_its_list_by_keyboard(open_page, site, seeds):
    page = open_page(URL)
    cell = page.get_by_role("link", name="Change and configuration and Kubernetes: 5 postmortems")

    page.locator(".heat-box").focus()
    page.keyboard.press("Tab")
    expect(cell).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("5 postmortems")


def test_a_choice_changes_the_page_in_place(open_page, site, seeds):
    page = open_page(URL)
    page.evaluate("window.isSame = true")

    page.get_by_role("combobox", name="Rows").focus()
    page.get_by_role("combobox", name="Rows").select_option("trigger")

    expect(page.get_by_role("heading", name=re.compile("Trigger by component"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"/patterns/\?rows=trigger$"))
    assert page.evaluate("window.isSame")
    expect(page.get_by_role("combobox", name="Rows")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", name=re.compile("Root cause by component"))).to_be_visible()


def test_a_choice_works_without_scripts(open_page, site, seeds):
    page = open_page(URL, script=False)

    page.get_by_role("combobox", name="Rows").select_option("trigger")
    with page.expect_navigation():
        page.locator("#matrix").get_by_role("button", name="Show").click()

    expect(page.get_by_role("heading", name=re.compile("Trigger by component"))).to_be_visible()


def test_narrowing_stays_on_the_page(open_page, site, seeds):
    page = open_page(URL)

    page.get_by_role("link", name="Narrow it").click()
    page.get_by_label("SEV1 Whole service down").check()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Patterns in the 5 postmortems with Severity: SEV1"
    )
    expect(page).to_have_url(re.compile("severity=sev1"))


def test_the_page_fits_on_four_sheets(open_page, site, seeds, tmp_path):
    page = open_page(URL)

    sheets = page.pdf(prefer_css_page_size=True, print_background=True)

    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) <= 4
