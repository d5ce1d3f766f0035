"""Files in real Chromium: pasted into a text, and added without script."""

import pytest
from playwright.sync_api import expect

from postmortems import content
from postmortems.models import Postmortem, StoredFile
from tests import pictures
from tests.browser.conftest import led_on

PASTE = """(field) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 30;
    return new Promise((done) => canvas.toBlob((blob) => {
        const data = new DataTransfer();
        data.items.add(new File([blob], "graph.png", { type: "image/png" }));
        field.focus();
        field.setSelectionRange(4, 4);
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        done();
    }));
}"""
DROP = """(field) => {
    const data = new DataTransfer();
    data.items.add(new File(["one line"], "log [1].txt", { type: "text/plain" }));
    field.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def writing(signed_in):
    """The page for a new postmortem before someone who writes."""

    def opened(**options):
        page = signed_in("/p/new/", **options)
        page.get_by_label("Title", exact=True).first.fill("Calico loses its routes")
        return page

    return opened


@pytest.mark.racing
def test_a_pasted_picture_stands_in_the_text_and_on_the_page(writing):
    page = writing()
    summary = page.get_by_label("Summary", exact=True)
    summary.fill("See  above")

    summary.evaluate(PASTE)
    expect(page.locator("[data-file]")).to_have_count(1)
    file = StoredFile.objects.get()
    expect(summary).to_have_value(f"See ![graph.png](file:{file.pk}) above")
    summary.evaluate(DROP)
    expect(page.locator("[data-file]")).to_have_count(2)
    led_on(page, page.get_by_role("button", name="Save revision 1"))

    shown = page.get_by_role("img", name="graph.png").first
    expect(shown).to_be_visible()
    assert shown.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 30
    expect(page.get_by_role("link", name="log 1 .txt")).to_have_count(1)
    names = [
        item.name
        for item in content.read(Postmortem.objects.get(title__startswith="Calico")).attachments
    ]
    assert names == ["graph.png", "log [1].txt"]


def test_without_script_a_file_is_added_with_the_form(writing):
    page = writing(script=False)

    page.set_input_files(
        "#upload", {"name": "a.png", "mimeType": "image/png", "buffer": pictures.picture()}
    )
    page.get_by_role("button", name="Add files").click()
    expect(page.get_by_text("a.png was added to the files.")).to_be_visible()
    page.get_by_role("button", name="Save revision 1").click()

    expect(page.get_by_role("link", name="a.png")).to_be_visible()


@pytest.mark.complains("Failed to load resource")
def test_a_file_that_is_refused_says_why_and_leaves_the_text(writing):
    page = writing()
    page.set_input_files(
        "#upload", {"name": "a.png", "mimeType": "image/png", "buffer": pictures.HTML}
    )

    expect(page.locator("[data-file-status]")).to_have_text(
        "a.png: This is called a picture and is none."
    )
    expect(page.locator("[data-file]")).to_have_count(0)
