"""The editor in a template: what it asks, what choosing another changes, and that no text is ever hidden."""

import re
from html import unescape

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from postmortems import body_templates, content
from postmortems.body_templates import Template, TemplateSection
from postmortems.document import SECTIONS
from postmortems.models import Draft, Postmortem
from postmortems.web.editor_templates import section_lines
from taxonomy.lookup import Terms
from tests.makers import load_shipped_templates, make_document, make_postmortem

pytestmark = pytest.mark.django_db

NEW = "/p/new/"
KEY = "k" * 16


@pytest.fixture
def shipped(db) -> None:
    load_shipped_templates()


def sections_in(page: str) -> list[str]:
    """The keys of the sections that a page has a field for, in their order."""
    return re.findall(r'name="sections\.([a-z0-9-]+)"', page)


def kinds_in(page: str) -> list[str]:
    """The kinds that are chosen in a page."""
    selects = re.findall(r'name="classifications\.kind\.\d+\.term"(.*?)</select>', page, re.S)
    return [found[1] for item in selects if (found := re.search(r'="([\w-]+)" selected', item))]


def post(browse, by, **typed: str) -> str:
    fields = {name.replace("__", "."): text for name, text in typed.items()}
    return browse(by).post(NEW, {"key": KEY} | fields).text


def chosen(page: str) -> list[str]:
    """What the page says somebody is writing about."""
    return re.findall(r'aria-pressed="true" formnovalidate>(.*?)</button>', page)


# --- Choosing -----------------------------------------------------------------------------------


def test_without_templates_nothing_is_asked(browse, alice):
    page = browse(alice).get(NEW).text

    assert "What are you writing about?" not in page
    assert sections_in(page) == list(SECTIONS)


def test_a_new_postmortem_begins_with_the_fixed_sections(browse, alice, shipped):
    page = browse(alice).get(NEW).text

    assert chosen(page) == ["Something else"]
    assert sections_in(page) == list(SECTIONS)


def test_a_button_chooses_a_template_with_its_kind_and_keeps_what_is_typed(browse, alice, shipped):
    page = post(browse, alice, do="template:security", title="Keys lost", sections__impact="Much")

    assert chosen(page) == ["Security incident"]
    assert sections_in(page)[:3] == ["impact", "what-was-exposed", "what-attackers-could-do"]
    assert kinds_in(page) == ["security"]
    assert ">Keys lost</textarea>" in page
    assert ">Much</textarea>" in page
    assert not Postmortem.objects.exists()


def test_the_address_chooses_too(browse, alice, shipped):
    page = browse(alice).get(f"{NEW}?template=near-miss").text

    assert "what-stopped-it" in sections_in(page)
    assert kinds_in(page) == ["near-miss"]
    assert "Which safeguard, person or chance stopped it" in page


def test_an_address_with_an_unknown_template_opens_the_usual_page(browse, alice, shipped):
    assert sections_in(browse(alice).get(f"{NEW}?template=walrus").text) == list(SECTIONS)


def test_another_choice_takes_the_kind_that_the_first_one_brought_along(browse, alice, shipped):
    typed = {"template": "outage", "classifications__kind__0__term": "outage"}

    page = post(browse, alice, do="template:defect", **typed)

    assert (chosen(page), kinds_in(page)) == (["Defect"], ["defect"])


def test_a_kind_with_a_reason_stays(browse, alice, shipped):
    typed = {"classifications__kind__0__term": "outage", "classifications__kind__0__why": "Down"}

    page = post(browse, alice, do="template:defect", **typed)

    assert (chosen(page), kinds_in(page)) == (["Defect"], ["outage", "defect"])


def test_a_kind_without_a_template_stays(browse, alice, shipped):
    page = post(browse, alice, do="template:defect", classifications__kind__0__term="pitfall")

    assert (chosen(page), kinds_in(page)) == (["Defect"], ["pitfall", "defect"])


def test_something_else_goes_back_to_the_fixed_sections(browse, alice, shipped):
    typed = {"template": "outage", "classifications__kind__0__term": "outage"}

    page = post(browse, alice, do="template:", **typed)

    assert (chosen(page), kinds_in(page)) == (["Something else"], [])


def test_the_template_follows_a_kind_chosen_afterwards(browse, alice, shipped):
    typed = {"template": "outage", "classifications__kind__0__term": "near-miss"}

    page = post(browse, alice, do="rows:timeline", **typed)

    assert chosen(page) == ["Near miss"]


def test_the_choice_is_kept_in_the_draft(browse, alice, shipped, dana):
    section = {"key": "tusks", "names": {"en": "Tusks"}}
    body_templates.add(by=dana, names={"en": "Walrus"}, sections=[section])
    typed = {"key": KEY, "title": "A walrus", "template": "walrus"}
    browse(alice).post(reverse("draft-keep"), typed)

    page = browse(alice).get(f"{NEW}?draft={Draft.objects.get().key}").text

    assert chosen(page) == ["Walrus"]
    assert sections_in(page)[0] == "tusks"
    assert '<input type="hidden" name="template" value="walrus">' in page


# --- What it asks -------------------------------------------------------------------------------


def test_prompts_and_names_come_in_the_language_of_the_writer(browse, alice, shipped):
    client = browse(alice)
    client.cookies["django_language"] = "zh-hant"

    page = client.get(f"{NEW}?template=near-miss", HTTP_ACCEPT_LANGUAGE="zh-hant").text

    assert "是什麼阻止了它" in page
    assert "是哪道防護、哪個人或什麼巧合阻止了它，下次是否還會起作用。" in page


def test_a_fixed_section_keeps_its_own_prompt_where_the_template_has_none(browse, alice, shipped):
    page = browse(alice).get(f"{NEW}?template=outage").text

    assert "There is rarely only one thing." in page


def test_a_postmortem_opens_in_the_template_of_its_kind(browse, alice, platform, shipped):
    document = make_document(terms=("kind:defect",), sections={"impact": "All", "walrus": "Tusks"})
    postmortem = make_postmortem(document, team=platform, authors=(alice,), visibility="team")

    page = browse(alice).get(reverse("postmortem-edit", kwargs={"ref": postmortem.ref})).text

    assert sections_in(page)[:2] == ["impact", "how-to-reproduce"]
    assert sections_in(page)[-1] == "walrus"
    assert "What are you writing about?" not in page


def test_what_is_written_in_a_template_is_stored_under_its_keys(browse, alice, shipped):
    form = {"do": "save", "key": KEY, "title": "Close", "template": "near-miss"}
    form |= {"classifications.kind.0.term": "near-miss", "sections.what-stopped-it": "A guard"}

    browse(alice).post(NEW, form)

    document = content.read(Postmortem.objects.get(title="Close"))
    assert document.sections == {"what-stopped-it": "A guard"}


# --- No text is hidden --------------------------------------------------------------------------

KEYS = st.sampled_from((*SECTIONS, "what-stopped-it", "walrus", "tusks"))
TEXTS = st.text("ab <&\n", min_size=1).filter(str.strip)
TEMPLATES = st.builds(
    Template,
    slug=st.just("any"),
    names=st.just({"en": "Any"}),
    kinds=st.just(()),
    sections=st.lists(
        st.builds(TemplateSection, KEYS, st.just({"en": "X"}), st.just({}), st.booleans()),
        unique_by=lambda section: section.key,
        max_size=6,
    ).map(tuple),
)


@given(written=st.dictionaries(KEYS, TEXTS), template=st.none() | TEMPLATES)
def test_every_text_has_an_open_field_in_every_template(written, template):
    fields = {f"sections.{key}": text for key, text in written.items()}

    lines = list(section_lines(fields, template, Terms(), "en"))

    keys = [line.key for line in lines]
    assert len(keys) == len(set(keys))
    assert set(written) <= {line.key for line in lines if line.is_open}
    if template:
        own = [section.key for section in template.sections]
        assert keys[: len(own)] == own


def test_no_text_is_lost_through_any_number_of_switches(browse, alice, shipped):
    fields = {f"sections.{key}": f"Text of {key}" for key in (*SECTIONS, "disclosure", "walrus")}
    page = browse(alice).post(NEW, {"key": KEY, "do": "template:outage"} | fields).text

    for slug in ("security", "near-miss", "", "defect", "outage", "nonsense"):
        shown = dict(re.findall(r'name="(sections\.[\w-]+)"[^>]*>([^<]*)</textarea>', page))
        sent = {name: unescape(text) for name, text in shown.items()}
        picked = re.search(r'name="template" value="([\w-]*)"', page)
        sent |= {"template": picked[1]} if picked else {}
        page = browse(alice).post(NEW, {"key": KEY, "do": f"template:{slug}"} | sent).text
        folded = re.findall(r"<details.*?</details>", page, re.S)
        for name, text in fields.items():
            assert f">{text}</textarea>" in page, (slug, name)
            assert not any(f">{text}<" in item for item in folded), (slug, name)
