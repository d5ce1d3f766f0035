"""A section of a body template is called what its template says, wherever somebody reads it."""

from dataclasses import replace

import pytest
from django.urls import reverse

from postmortems import authoring, body_templates, content
from postmortems.exchange import markdown_file
from postmortems.exchange.exporting import export_many
from postmortems.models import BodyTemplate, Postmortem
from postmortems.section_names import SectionNames
from tests.makers import ROOT, load_shipped_templates, make_document, make_postmortem
from tests.search.asking import ask

pytestmark = pytest.mark.django_db

SHIPPED = ROOT / "fixtures" / "body_templates.yaml"
VOCABULARIES = ["kind", "cause", "severity"]
EXTRA = {"what-stopped-it": "A careful walrus", "tusks-found": "Two of them"}


@pytest.fixture
def shipped(db) -> None:
    load_shipped_templates()


@pytest.fixture
def near_miss(shipped, platform, alice) -> Postmortem:
    document = make_document("Close", terms=("kind:near-miss",), sections=EXTRA)
    return make_postmortem(document, team=platform, authors=(alice,))


def template(slug: str, key: str, name: str, *, kinds: list[str], **fields) -> BodyTemplate:
    """A template with one section."""
    section = {"key": key, "names": {"en": name}, "prompts": {}, "is_open": True}
    return BodyTemplate.objects.create(slug=slug, kinds=kinds, sections=[section], **fields)


# --- The names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "What stopped it"),
        ("zh-hans", "是什么阻止了它"),
        ("zh-hant", "是什麼阻止了它"),
        ("de", "What stopped it"),
    ],
)
def test_the_name_is_in_the_readers_language(shipped, language, name):
    assert SectionNames(language).of("what-stopped-it") == name


def test_a_key_that_no_template_has_is_its_own_name(shipped):
    assert SectionNames("en").of("tusks-found") == "Tusks found"


def test_fixed_sections_keep_their_names_for_readers(dana, shipped):
    outage = BodyTemplate.objects.get(slug="outage")
    section = {"key": "impact", "names": {"en": "Who suffered"}}
    body_templates.change(outage, by=dana, sections=[section])

    assert SectionNames("en").of("impact", ["outage"]) == "Impact"


def test_of_two_names_that_of_the_kind_comes_first_and_that_of_a_removed_template_last(db):
    template("a", "tusks", "Gone", kinds=["outage"], removed_at="2026-01-01T00:00Z")
    template("b", "tusks", "Teeth", kinds=["defect"], position=1)
    template("c", "tusks", "Tusks of a walrus", kinds=["security"], position=2)

    names = SectionNames("en")

    assert names.of("tusks") == "Teeth"
    assert names.of("tusks", ["pitfall", "security"]) == "Tusks of a walrus"


def test_the_name_of_a_removed_template_stays(shipped, dana):
    body_templates.remove(BodyTemplate.objects.get(slug="near-miss"), by=dana)

    assert SectionNames("en").of("what-stopped-it") == "What stopped it"


def test_many_names_take_one_statement_and_fixed_ones_none(shipped, django_assert_num_queries):
    names = SectionNames("en")

    with django_assert_num_queries(0):
        assert names.in_order(["resolution", "impact"]) == ["impact", "resolution"]
        assert names.of("impact") == "Impact"
    with django_assert_num_queries(1):
        found = [names.of(key) for key in ("disclosure", "evidence-kept", "tusks", "disclosure")]
    assert found == ["Disclosure", "Evidence kept", "Tusks", "Disclosure"]


def test_sections_stand_in_the_order_of_the_template(shipped):
    keys = ["evidence-kept", "walrus", "what-was-exposed", "impact", "a"]

    found = SectionNames("en").in_order(keys, ["security"])

    assert found == ["impact", "what-was-exposed", "evidence-kept", "a", "walrus"]


# --- The pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["postmortem-print", "postmortem"])
def test_it_is_read_and_printed_by_its_name(browse, near_miss, path):
    kwargs = {"ref": near_miss.ref} | ({"slug": near_miss.slug} if path == "postmortem" else {})
    client = browse()

    page = client.get(reverse(path, kwargs=kwargs)).text
    assert "What stopped it" in page
    assert "Tusks found" in page
    assert page.index("What stopped it") < page.index("Tusks found")

    chinese = client.get(reverse(path, kwargs=kwargs), HTTP_ACCEPT_LANGUAGE="zh-hans").text
    assert "是什么阻止了它" in chinese


def test_reading_it_takes_no_statement_more(browse, near_miss, django_assert_num_queries):
    client = browse()
    client.get(near_miss.get_absolute_url())

    with django_assert_num_queries(8):
        client.get(near_miss.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_a_snippet_names_it_without_a_statement(
    near_miss, platform, count, django_assert_num_queries
):
    for _number in range(count - 1):
        document = make_document(terms=("kind:near-miss",), sections=EXTRA)
        make_postmortem(document, team=platform)
    ask("walrus")

    with django_assert_num_queries(3):
        results = ask("walrus")

    labels = [snippet.label for hit in results.hits for snippet in hit.snippets]
    assert labels == ["What stopped it"] * count


@pytest.mark.parametrize("act", ["change", "remove", "renew"])
def test_another_name_is_shown_at_once(browse, dana, system, near_miss, act):
    client, url = browse(), near_miss.get_absolute_url()
    assert "What stopped it" in client.get(url).text
    row = BodyTemplate.objects.get(slug="near-miss")

    if act == "change":
        names = {"en": "The guard"}
        body_templates.change(row, by=dana, sections=[row.sections[2] | {"names": names}])
    elif act == "remove":
        template("other", "what-stopped-it", "The guard", kinds=["near-miss"], position=9)
        body_templates.remove(row, by=dana)
    else:
        text = SHIPPED.read_text().replace("en: What stopped it,", "en: The guard,")
        body_templates.load_shipped(text, by=system)

    assert "The guard" in client.get(url).text


def test_the_search_api_names_it_in_the_readers_language(browse, near_miss):
    url = reverse("api:search") + "?q=walrus"

    answer = browse().get(url, HTTP_ACCEPT_LANGUAGE="zh-hant").json()

    assert answer["results"][0]["snippet"]["label"] == "是什麼阻止了它"


def test_history_names_it(browse, alice, near_miss):
    document = content.read(near_miss)
    sections = {**document.sections, "what-stopped-it": "A careless walrus"}
    authoring.edit(near_miss, replace(document, sections=sections), by=alice, revision=1)
    url = reverse("postmortem-history", kwargs={"ref": near_miss.ref})

    assert "What stopped it" in browse(alice).get(url).text
    assert "What stopped it" in browse(alice).get(f"{url}1/").text


def test_a_conflict_names_it(browse, alice, bob, near_miss):
    document = content.read(near_miss)
    theirs = {**document.sections, "what-stopped-it": "Theirs"}
    authoring.edit(near_miss, replace(document, sections=theirs), by=bob, revision=1)
    mine = {"title": "Close", "sections.what-stopped-it": "Mine", "revision": "1", "do": "save"}
    url = reverse("postmortem-edit", kwargs={"ref": near_miss.ref})

    answer = browse(alice).post(url, mine | {"classifications.kind.0.term": "near-miss"})

    assert answer.status_code == 409
    assert "What stopped it" in answer.text


# --- Files --------------------------------------------------------------------------------------


def test_a_file_names_it_in_the_readers_language_and_is_read_back(browse, near_miss):
    url = reverse("postmortem-markdown", kwargs={"ref": near_miss.ref})
    client = browse()

    english = client.get(url).text
    chinese = client.get(url, HTTP_ACCEPT_LANGUAGE="zh-hans").text

    assert "\n## What stopped it {#what-stopped-it}\n" in english
    assert "\n## 是什么阻止了它 {#what-stopped-it}\n" in chinese
    for text in (english, chinese):
        parsed = markdown_file.parse(text, VOCABULARIES)
        assert (parsed.problems, dict(parsed.document.sections)) == ((), EXTRA)


def test_a_name_full_of_signs_is_read_back(near_miss):
    section = BodyTemplate.objects.get(slug="near-miss").sections[2]
    name = "## What {#impact} \\ {stopped} it #"
    BodyTemplate.objects.filter(slug="near-miss").update(
        sections=[section | {"names": {"en": name}}]
    )

    (_postmortem, text), *_rest = export_many([near_miss])

    assert name in text
    assert dict(markdown_file.parse(text, VOCABULARIES).document.sections) == EXTRA


@pytest.mark.parametrize("count", [1, 3])
def test_files_name_them_in_one_statement_more(shipped, platform, count, django_assert_num_queries):
    for _number in range(count):
        make_postmortem(make_document(terms=("kind:near-miss",), sections=EXTRA), team=platform)
    chosen = Postmortem.objects.select_related("team").prefetch_related("authors", "named_people")

    with django_assert_num_queries(13):
        texts = [text for _postmortem, text in export_many(chosen)]

    assert len(texts) == count
    assert all("## What stopped it {#what-stopped-it}" in text for text in texts)
