"""The pages of imports and tokens in a real browser: nothing is wider than they, and a token is copied."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import led_on

LONG = "W" * 150
FILES = [
    {
        "name": "long.json",
        "mimeType": "application/json",
        "buffer": f'[{{"import_id": "a", "title": "{LONG}"}}, {{"import_id": "b"}}]'.encode(),
    }
]


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_a_long_title_fits_into_preview_report_and_question(signed_in, width, dark):
    page = signed_in("/import/", width=width, dark=dark)
    page.get_by_label("Files", exact=True).set_input_files(FILES)
    led_on(page, page.get_by_role("button", name="Preview"))

    expect(page.get_by_text(LONG)).to_be_visible()
    assert fits(page)
    assert Axe().run(page).response["violations"] == []
    led_on(page, page.get_by_role("button", name="Import these"))
    expect(page.get_by_role("link", name=LONG)).to_be_visible()
    assert fits(page)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("long.json")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_token_is_copied_from_where_it_is_shown_once(signed_in, width):
    page = signed_in("/settings/tokens/", width=width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("What is it for?").fill("W" * 100)
    led_on(page, page.get_by_role("button", name="Make the token"))

    page.get_by_role("button", name="Copy the token").click()

    expect(page.get_by_role("button", name="Token copied")).to_be_visible()
    secret = page.locator("[data-secret]").inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    assert fits(page)
