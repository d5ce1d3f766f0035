"""A postmortem to hand on: the page for paper and the Markdown file, for who may see it."""

import re
from dataclasses import replace

import pytest

from postmortems.document import Relation
from postmortems.exchange.exporting import export_for
from tests.makers import make_document, make_postmortem
from tests.seed_documents import seed
from tests.web.test_read import HOSTILE, Elements, many

PI_DAY = "reddit-pi-day-2023"
PRINT = '<script type="module" src="/static/js/print.js">'


def paper(browse, postmortem, user=None, query=""):
    response = browse(user).get(f"/p/{postmortem.ref}/print/{query}")
    assert response.status_code == 200
    return response.text


@pytest.fixture
def pi_day(platform, alice):
    document = replace(seed(PI_DAY), relations=())
    return make_postmortem(document, team=platform, authors=(alice,), import_id="pi-day")


def test_the_page_holds_what_a_manager_needs_in_its_order(browse, pi_day):
    page = paper(browse, pi_day)

    ids = re.findall(r'<h2 id="([\w-]+)"', page)
    wanted = ["summary", "how-long", "causes", "timeline", "lessons", "actions", "sources"]
    assert [found for found in ids if found in wanted] == wanted
    assert f'<h1 lang="en">{pi_day.title}</h1>' in page
    assert "Public: everybody may read it." in page
    assert "SEV1" in page
    assert "Revision 1 · printed" in page
    assert "https://www.reddit.com/" in page


def test_the_page_has_a_way_back_and_to_the_printer_and_is_never_dark(browse, pi_day, alice):
    alice.theme = "dark"
    alice.save()

    page = paper(browse, pi_day, alice)

    tags = {tag for tag, _names in Elements(page).found}
    assert tags & {"form", "input", "details", "template"} == set()
    assert f'<a href="{pi_day.get_absolute_url()}">Back</a>' in page
    assert '<svg class="bar"' in page
    assert '<html lang="en" data-theme="light">' in page
    assert re.findall(r"css/([\w-]+)\.css", page) == ["tokens", "incident-bar", "paper"]


@pytest.mark.parametrize(
    ("status", "visibility", "words"),
    [
        ("published", "public", "Public: everybody may read it."),
        ("published", "internal", "Internal: do not pass on."),
        ("published", "team", "For the team Platform: do not pass on."),
        ("published", "restricted", "Restricted: for the people named only. Do not pass on."),
        ("draft", "public", "<b>Draft</b> · For the team Platform: do not pass on."),
        ("draft", "restricted", "<b>Draft</b> · Restricted: for the people named only."),
        ("archived", "public", "<b>Archived</b> · Public: everybody may read it."),
    ],
)
def test_the_page_says_who_may_see_it(browse, platform, alice, status, visibility, words):
    postmortem = make_postmortem(
        status=status, visibility=visibility, team=platform, authors=(alice,)
    )

    assert words in paper(browse, postmortem, alice)


@pytest.mark.parametrize("visibility", ["team", "restricted"])
@pytest.mark.parametrize("page", ["print/", "export.md"])
def test_charlie_gets_404_for_what_is_hidden(browse, platform, charlie, visibility, page):
    hidden = make_postmortem(team=platform, visibility=visibility)

    response = browse(charlie).get(f"/p/{hidden.ref}/{page}")

    assert response.status_code == 404
    assert hidden.title not in response.text


def test_nothing_hostile_gets_on_paper(browse, db):
    document = many(2)
    document = replace(
        document,
        title=HOSTILE,
        lessons=tuple(replace(item, text=HOSTILE) for item in document.lessons),
        actions=tuple(replace(item, text=HOSTILE, tracker=HOSTILE) for item in document.actions),
        references=tuple(replace(item, title=HOSTILE) for item in document.references),
    )

    page = paper(browse, make_postmortem(document))

    assert re.findall(r"<script[^>]*>", page) == [PRINT]
    names = {name for _tag, attributes in Elements(page).found for name in attributes}
    assert not any(name.startswith("on") for name in names)


def test_a_title_alone_can_be_printed(browse, platform, alice):
    draft = make_postmortem(make_document("Only this"), status="draft", team=platform)

    assert "Only this" in paper(browse, draft, alice)


@pytest.mark.parametrize("count", [1, 40])
def test_a_visitor_prints_in_as_many_statements_whatever_the_size(
    browse, db, count, django_assert_num_queries
):
    postmortem = make_postmortem(many(count))
    paper(browse, postmortem)

    with django_assert_num_queries(7):
        paper(browse, postmortem)


def test_the_file_is_sent_as_markdown_to_keep(browse, pi_day):
    response = browse().get(f"/p/{pi_day.ref.upper()}/export.md")

    assert response.status_code == 200
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="pi-day.md"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response.text.startswith("---\nhindsight: 1\n")


def test_the_file_holds_what_its_reader_sees(browse, platform, alice, charlie):
    hidden = make_postmortem(team=platform, visibility="team", import_id="walrus")
    document = make_document(relations=(Relation("follow-up", hidden.ref, "a walrus"),))
    postmortem = make_postmortem(document, team=platform)

    seen = browse(alice).get(f"/p/{postmortem.ref}/export.md").text
    unseen = browse(charlie).get(f"/p/{postmortem.ref}/export.md").text

    assert seen == export_for(postmortem, alice)
    assert ("walrus" in seen, "walrus" in unseen, hidden.ref in unseen) == (True, False, False)
