"""Relations and others in real Chromium: a postmortem is chosen by its words, a colleague's save is told."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from postmortems import authoring, content
from postmortems.models import Postmortem
from tests.makers import make_user

PI = "Pi Day"


@pytest.fixture
def known(seeds) -> Postmortem:
    return Postmortem.objects.filter(title__icontains=PI).first()


def test_a_related_postmortem_is_chosen_by_words_of_its_title(signed_in, known):
    page = signed_in("/p/new/")
    field = page.locator("#relations-0-target")

    field.click()
    # In one piece: letters that come slowly are asked about one by one, and each answer is a new list.
    field.fill("pi day")
    option = page.locator("#part-relations [role=option]:visible").first
    expect(option).to_contain_text(PI)
    field.press("ArrowDown")
    field.press("Enter")

    expect(field).to_have_value(known.ref)
    expect(page.locator("#part-relations .understood").first).to_contain_text(known.title)


def test_a_row_that_is_added_chooses_for_itself(signed_in, known):
    page = signed_in("/p/new/")
    page.locator("#relations-0-target").fill("pi day")
    # The list of the first row covers what stands below it.
    page.locator("#part-relations [role=option]:visible").first.wait_for()
    page.locator("#relations-0-target").press("Escape")
    page.get_by_role("button", name="Add a relation").click()
    field = page.locator("#relations-1-target")

    field.click()
    field.fill("pi day")
    page.locator("[data-rows=relations] > [data-row]").nth(1).locator("[role=option]").first.click()

    expect(field).to_have_value(known.ref)
    expect(page.locator("#relations-0-target")).to_have_value("pi day")


@pytest.mark.racing
def test_what_a_colleague_saves_is_told_to_who_only_looks(signed_in, known):
    page = signed_in(f"/p/{known.ref}/edit/")
    notice = page.locator("[data-saved]")
    expect(notice).to_be_hidden()
    bob = make_user("bob", team=known.team)
    document = replace(content.read(known), summary="Bob was here")
    authoring.edit(known, document, by=bob, revision=known.revision)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(notice).to_contain_text("saved revision 2 while you were writing.")
