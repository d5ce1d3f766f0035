"""History, bin, curation and the other lesser pages: no barrier, no complaint, no sideways scroll."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from postmortems import authoring, bin, content, curation
from postmortems.document import Lesson
from postmortems.models import Postmortem, User
from taxonomy.models import Term, Vocabulary
from tests.browser.conftest import be_signed_in
from tests.makers import make_document, make_postmortem, make_user

pytestmark = pytest.mark.usefixtures("seeds")

GRAVE = ("serious", "critical")


@pytest.fixture
def dana(site) -> User:
    """Who may do everything, and so is offered everything."""
    return make_user("dana", is_administrator=True, is_curator=True)


@pytest.fixture
def read_pages(dana) -> dict[str, str]:
    """The pages of a postmortem with three revisions, and of the bin."""
    made = Postmortem.objects.get(import_id="reddit-pi-day-2023")
    document = content.read(made)
    for number, lesson in enumerate(("Test restores", "Test restores twice"), start=1):
        more = replace(document, summary=lesson, lessons=(Lesson("l1", lesson),))
        made = authoring.edit(made, more, by=dana, revision=number)
    thrown = make_postmortem(make_document("Walrus"))
    bin.throw_away(thrown, by=dana)
    near_miss = make_document("Otter", ("kind:near-miss", "severity:sev1"))
    own = f"/p/{made.ref}/"
    rests = ("history/", "history/1..3/", "history/1..3/?view=side", "history/1/", "history/3/")
    more = ("history/1/restore/", "bin/", "archive/", "duplicate/", "again/", "similar/", "print/")
    pages = {rest: own + rest for rest in (*rests, *more)}
    return pages | {
        "read": made.get_absolute_url(),
        "near miss": make_postmortem(near_miss).get_absolute_url(),
        "near misses": "/?kind=near-miss",
        "similar": "/similar/",
        "bin": "/bin/",
        "bin restore": f"/bin/{thrown.ref}/restore/",
        "bin purge": f"/bin/{thrown.ref}/purge/",
    }


@pytest.fixture
def curation_pages(dana) -> dict[str, str]:
    """The pages of curators, with a suggestion that waits and a term that is retired."""
    cause = Vocabulary.objects.get(slug="cause")
    suggestion = curation.suggest_term(cause, by=dana, names={"en": "Walrus"}, why="It came back.")
    term = Term.objects.get(vocabulary=cause, path="network/dns")
    retired = Term.objects.get(vocabulary=cause, path="network/cni-routing")
    curation.retire_term(retired, by=dana)
    own = f"/taxonomy/cause/term/{term.pk}/"
    acts = {act: f"{own}{act}/" for act in ("edit", "move", "merge", "retire")}
    return acts | {
        "merge shown": f"{own}merge/?target=network",
        "move shown": f"{own}move/?parent=platform",
        "retired": f"/taxonomy/cause/term/{retired.pk}/edit/",
        "vocabulary": "/taxonomy/cause/",
        "vocabulary edit": "/taxonomy/cause/edit/",
        "vocabulary new": "/taxonomy/new/",
        "add": "/taxonomy/cause/add/",
        "suggest": "/taxonomy/cause/suggest/",
        "suggestions": "/taxonomy/suggestions/",
        "suggestion": f"/taxonomy/suggestions/{suggestion.pk}/",
        "term": "/taxonomy/cause/network/dns/",
    }


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe finds that is serious or critical, and how far the page scrolls sideways."""
    violations = Axe().run(page).response["violations"]
    found = [
        (item["id"], item["nodes"][0]["html"][:200])
        for item in violations
        if item["impact"] in GRAVE
    ]
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide = page.evaluate(beyond)
    return [*found, ("scrolls sideways", str(wide))] if wide else found


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1440, True)])
@pytest.mark.parametrize("pages", ["read_pages", "curation_pages"])
def test_nothing_stands_in_the_way(open_page, site, dana, request, pages, width, dark):
    addresses = request.getfixturevalue(pages)
    page = open_page(None, width=width, dark=dark)
    be_signed_in(page, dana, site)

    found = {}
    for name, address in addresses.items():
        answer = page.goto(address)
        found[name] = [answer.status, *barriers(page)]

    assert found == {name: [200] for name in addresses}


def test_a_chinese_title_breaks_between_words(open_page, site):
    made = Postmortem.objects.get(import_id="juju-duplicate-instances-config-loss")
    title, language = made.title_in("zh-hans")
    page = open_page(None, width=390)
    page.set_extra_http_headers({"Accept-Language": language})

    page.goto(f"/p/{made.ref}/known/")
    heading = page.locator("h1.by-words")
    heading.wait_for()

    assert heading.text_content() == title
    parts = heading.inner_html().split("<wbr>")
    assert len(parts) > 1
    assert "双实例" in parts
