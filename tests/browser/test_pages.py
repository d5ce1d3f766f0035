"""The pages as a person meets them: they load without a complaint, work by mouse and keyboard, and fit."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from postmortems.management import preparation
from postmortems.models import Postmortem
from tests.makers import make_team, make_user

pytestmark = pytest.mark.usefixtures("seeds")

REDDIT = "Kubernetes 1.24 upgrade takes Reddit down on Pi Day"


def read_url(import_id: str) -> str:
    return Postmortem.objects.get(import_id=import_id).get_absolute_url()


@pytest.fixture
def addresses(site) -> dict[str, str]:
    """One address a kind of page."""
    return {
        "home": "/",
        "search": "/?q=upgrade&cause=platform",
        "nothing": "/?q=linkerd&trigger=upgrade&severity=sev2",
        "reddit": read_url("reddit-pi-day-2023"),
        "juju": read_url("juju-duplicate-instances-config-loss"),
        "stub": read_url("juju-defect-report-2023-09"),
        "taxonomy": "/taxonomy/",
        "term": "/taxonomy/cause/network/cni-routing/",
        "help": "/help/search/",
        "sign-in": "/sign-in/",
    }


def test_home_is_search_with_all_seeds(open_page):
    page = open_page("/")

    assert page.get_by_role("heading", level=1).inner_text() == "22 postmortems"
    assert page.get_by_role("link", name=REDDIT).is_visible()


def test_a_facet_narrows_in_place_and_goes_into_the_address(open_page):
    page = open_page("/")

    page.get_by_role("checkbox", name="Platform", exact=True).check()
    page.wait_for_url("**/?cause=platform")

    expect(page.get_by_role("heading", level=1)).to_have_text("7 postmortems")
    page.get_by_role("link", name="Remove filter Root cause: Platform").click()
    page.wait_for_url(lambda url: "cause" not in url)
    expect(page.get_by_role("heading", level=1)).to_have_text("22 postmortems")


def test_a_facet_count_is_what_its_click_lists(open_page):
    page = open_page("/?q=trigger:upgrade,auto-update")
    value = page.locator(".facet-cause .value-row", has_text="Network").first
    count = value.locator(".count").inner_text()

    value.get_by_role("checkbox").check()
    page.wait_for_url("**cause=network**")

    expect(page.locator("ol.results > li")).to_have_count(int(count))


def test_slash_focuses_the_search_box(open_page):
    page = open_page("/")

    page.keyboard.press("/")
    page.keyboard.type("linkerd")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=linkerd**")

    expect(page.locator("ol.results")).to_contain_text("Monzo")


def test_a_snippet_leads_to_its_place(open_page):
    page = open_page('/?q="route+reflectors"')

    page.locator(".snippet .part").first.click()
    page.wait_for_url("**/p/**")

    assert page.get_by_role("heading", level=1).inner_text() == REDDIT


def test_signing_in_in_mode_demo_and_out_again(open_page, demo_accounts):
    page = open_page("/sign-in/")

    with page.expect_navigation(url=lambda url: "/sign-in/" not in url):
        page.get_by_role("button", name="alice").click()

    expect(page.get_by_text("alice").first).to_be_visible()


@pytest.fixture
def demo_accounts(site) -> None:
    """The demonstration accounts, as `make run` makes them."""
    preparation.make_demonstration_accounts()


@pytest.mark.parametrize("name", ["home", "search", "reddit", "term", "sign-in"])
def test_pages_work_without_javascript(open_page, addresses, name):
    page = open_page(addresses[name], script=False)

    assert page.get_by_role("heading", level=1).first.is_visible()


def test_filters_apply_without_javascript(open_page):
    page = open_page("/", script=False)

    page.get_by_role("checkbox", name="Platform", exact=True).check()
    page.get_by_role("button", name="Apply filters").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("7 postmortems")


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_scrolls_sideways(open_page, addresses, width):
    page = open_page("/", width=width)
    overflow = {}
    for name, address in addresses.items():
        page.goto(address)
        overflow[name] = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    assert overflow == dict.fromkeys(addresses, 0)


# How much wider the name in the top bar is than its room, in pixels.
CUT = """summary => {
  const words = document.createRange();
  words.selectNodeContents(summary);
  const style = getComputedStyle(summary);
  const room = summary.getBoundingClientRect().width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return words.getBoundingClientRect().width - room;
}"""


@pytest.mark.parametrize("width", [768, 1024, 1440])
def test_a_short_name_stands_whole_in_the_top_bar(open_as, width):
    make_user("charlie", team=make_team("payments"))
    page = open_as("charlie", "/actions/", width=width)

    assert page.locator(".top-tools > .only-wide > summary").evaluate(CUT) < 0.1


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(open_page, addresses, width, dark):
    page = open_page("/", width=width, dark=dark)
    found = {}
    for name, address in addresses.items():
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        found[name] = [(item["id"], item["nodes"][0]["html"][:200]) for item in violations]

    assert found == {name: [] for name in addresses}
