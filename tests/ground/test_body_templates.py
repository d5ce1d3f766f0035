"""Body templates: who keeps them, what they may say, and what the product's own become."""

import opencc
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from postmortems import body_templates, curation
from postmortems.audit.masking import MASK
from postmortems.document import SECTIONS
from postmortems.models import AuditEntry, BodyTemplate
from taxonomy import lookup
from taxonomy.models import Term
from tests.makers import ROOT, load_shipped_templates, make_user

pytestmark = pytest.mark.django_db

TEXT = (ROOT / "fixtures" / "body_templates.yaml").read_text()
OWN = {"key": "walrus", "names": {"en": "Walruses"}, "prompts": {}, "is_open": True}


@pytest.fixture
def shipped(db) -> None:
    load_shipped_templates()


def row(slug: str) -> BodyTemplate:
    return BodyTemplate.objects.get(slug=slug)


def add(dana, **values):
    return body_templates.add(by=dana, **({"names": {"en": "Walrus"}, "sections": [OWN]} | values))


def problems(act) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as raised:
        act()
    return raised.value.message_dict


# --- Rights and the audit log -------------------------------------------------------------------


def test_only_curators_and_administrators_keep_templates(shipped, alice, dana):
    template = row("outage")
    carol = make_user("carol", is_curator=True)

    for verb in (body_templates.remove, body_templates.restore, body_templates.restore_shipped):
        with pytest.raises(PermissionDenied):
            verb(template, by=alice)
    with pytest.raises(PermissionDenied):
        body_templates.change(template, by=alice, names={"en": "Mine"})
    with pytest.raises(PermissionDenied):
        add(alice)
    with pytest.raises(PermissionDenied):
        body_templates.load_shipped(TEXT, by=alice)

    body_templates.change(template, by=carol, names={"en": "Fire"})
    assert row("outage").names == {"en": "Fire"}


def test_every_change_is_in_the_audit_log(dana):
    template = add(dana)
    body_templates.change(template, by=dana, names={"en": "Seal"})
    body_templates.change(template, by=dana, names={"en": "Seal"})
    body_templates.remove(template, by=dana)
    body_templates.restore(template, by=dana)

    entries = AuditEntry.objects.filter(object_kind="bodytemplate").order_by("pk")
    assert [entry.action for entry in entries] == [
        "add-template",
        "change-template",
        "remove-template",
        "restore-template",
    ]
    assert (entries[1].before, entries[1].after) == ({"names": MASK}, {"names": MASK})
    assert "seal" not in str(list(entries.values())).lower()


# --- What a template may say --------------------------------------------------------------------


def test_the_key_comes_from_the_english_name(dana):
    section = {"names": {"en": "What stopped it", "zh-hans": "是什么阻止了它"}}

    made = add(dana, names={"en": "A close call"}, sections=[section])

    assert (made.slug, made.sections[0]["key"]) == ("a-close-call", "what-stopped-it")


@pytest.mark.parametrize(
    ("sections", "field"),
    [
        ([], "sections"),
        ([OWN] * 31, "sections"),
        ([OWN, OWN], "sections.1.key"),
        ([OWN | {"key": "Not This"}], "sections.0.key"),
        ([OWN | {"key": "a" * 61}], "sections.0.key"),
        ([OWN | {"key": "timeline"}], "sections.0.key"),
        ([OWN | {"names": {}}], "sections.0.names"),
        ([OWN | {"names": {"zh-hans": "海象"}}], "sections.0.names"),
        ([OWN | {"names": {"en": "a" * 121}}], "sections.0.names"),
        ([OWN | {"prompts": {"en": "a" * 601}}], "sections.0.prompts"),
        ([OWN | {"prompts": {"fr": "morse"}}], "sections.0.prompts"),
    ],
)
def test_a_section_that_is_not_allowed_is_refused(dana, sections, field):
    assert list(problems(lambda: add(dana, sections=sections))) == [field]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"names": {}}, "names"),
        ({"slug": "Not This"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"kinds": ["no-such-kind"]}, "kinds"),
    ],
)
def test_other_fields_are_checked_too(dana, values, field):
    assert field in problems(lambda: add(dana, **values))


def test_a_fixed_section_needs_no_name_and_may_have_one(dana):
    made = add(
        dana, sections=[{"key": "impact"}, {"key": "resolution", "names": {"en": "The end"}}]
    )

    assert [item["names"] for item in made.sections] == [{}, {"en": "The end"}]


def test_what_no_database_stores_is_taken_out(dana):
    made = add(dana, names={"en": "Wal\x00rus\ttusk"}, slug="walrus")

    assert row(made.slug).names == {"en": "Walrus tusk"}


def test_a_key_is_taken_once_even_by_a_removed_template(dana):
    body_templates.remove(add(dana), by=dana)

    assert "slug" in problems(lambda: add(dana))


def test_there_are_not_endlessly_many(dana):
    BodyTemplate.objects.bulk_create(BodyTemplate(slug=f"t{number}") for number in range(50))

    assert "slug" in problems(lambda: add(dana))


def test_a_kind_has_one_template(shipped, dana):
    assert "kinds" in problems(lambda: add(dana, kinds=["outage"]))

    body_templates.remove(row("outage"), by=dana)
    add(dana, kinds=["outage"])

    assert "kinds" in problems(lambda: body_templates.restore(row("outage"), by=dana))


def test_a_change_made_from_an_older_revision_is_refused(shipped, dana):
    template = row("outage")
    body_templates.change(template, by=dana, revision=1, names={"en": "First"})

    found = problems(
        lambda: body_templates.change(template, by=dana, revision=1, names={"en": "Second"})
    )

    assert list(found) == ["revision"]
    assert row("outage").names == {"en": "First"}


def test_a_template_is_put_at_another_place(shipped, dana):
    body_templates.change(row("security"), by=dana, place=0)

    order = [template.slug for template in body_templates.offered()]
    assert order == ["security", "outage", "near-miss", "defect"]


# --- What the product comes with ----------------------------------------------------------------


def test_the_shipped_ones_have_every_fixed_section_and_some_of_their_own(shipped):
    for template in body_templates.offered():
        keys = [section.key for section in template.sections]
        assert set(SECTIONS) < set(keys), template.slug
        for section in template.sections:
            languages = {"en", "zh-hans", "zh-hant"}
            assert section.key in SECTIONS or set(section.names) == languages
            assert set(section.prompts) in (set(), languages)


def test_their_texts_differ_from_one_another(shipped):
    prompts = [
        section.prompts["en"]
        for template in body_templates.offered()
        for section in template.sections
        if section.prompts
    ]

    assert len(prompts) > 20
    assert len(prompts) == len(set(prompts))


@pytest.mark.parametrize(("language", "into"), [("zh-hans", "t2s"), ("zh-hant", "s2tw")])
def test_their_chinese_is_in_one_script(shipped, language, into):
    convert = opencc.OpenCC(into).convert
    texts = [
        texts[language]
        for template in body_templates.offered()
        for section in template.sections
        for texts in (section.names, section.prompts)
        if texts
    ]

    assert [convert(text) for text in texts] == texts


def test_loading_twice_changes_nothing(shipped, system):
    before = list(BodyTemplate.objects.values())

    report = body_templates.load_shipped(TEXT, by=system)

    assert (report.created, report.changed) == (0, 0)
    assert list(BodyTemplate.objects.values()) == before


def test_a_newer_file_renews_what_nobody_edited_and_nothing_else(shipped, dana, system):
    body_templates.change(row("outage"), by=dana, names={"en": "Fire"})
    body_templates.remove(row("defect"), by=dana)
    own = add(dana)

    newer = TEXT.replace("en: Outage,", "en: Breakdown,").replace("en: Near miss,", "en: Luck,")
    report = body_templates.load_shipped(newer, by=system)

    assert report.changed == 2
    assert (row("outage").names["en"], row("outage").is_edited) == ("Fire", True)
    assert (row("near-miss").names["en"], row("near-miss").is_edited) == ("Luck", False)
    assert row("defect").removed_at
    assert row(own.slug).names == own.names


def test_what_the_product_comes_with_is_restored_in_its_newest_form(shipped, dana, system):
    body_templates.change(row("outage"), by=dana, names={"en": "Fire"}, sections=[OWN])
    newer = TEXT.replace("en: Outage,", "en: Breakdown,")
    body_templates.load_shipped(newer, by=system)

    body_templates.restore_shipped(row("outage"), by=dana)

    assert row("outage").names["en"] == "Breakdown"
    assert not row("outage").is_edited
    assert "shipped" in problems(lambda: body_templates.restore_shipped(add(dana), by=dana))


def test_a_template_of_ones_own_is_not_taken_for_a_shipped_one(dana, system):
    add(dana, slug="outage")

    body_templates.load_shipped(TEXT, by=system)

    assert row("outage").names == {"en": "Walrus"}


# --- Which one is in use ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "picked", "slug"),
    [
        ([], "", None),
        (["pitfall"], "", None),
        (["outage"], "", "outage"),
        (["pitfall", "security", "outage"], "", "security"),
        ([], "defect", "defect"),
        (["outage"], "defect", "outage"),
        (["security", "outage"], "outage", "outage"),
        (["pitfall"], "defect", None),
        ([], "nothing", None),
    ],
)
def test_the_template_follows_the_kind_and_then_the_choice(shipped, kinds, picked, slug):
    found = body_templates.template_for(
        kinds, body_templates.offered(), lookup.current(), picked=picked
    )

    assert (found.slug if found else None) == slug


def test_a_choice_without_a_kind_stays(shipped, dana):
    own = add(dana)

    found = body_templates.template_for(
        ["pitfall"], body_templates.offered(), lookup.current(), picked=own.slug
    )

    assert found
    assert found.slug == own.slug


def test_a_kind_that_moved_keeps_its_template(shipped, dana):
    term = Term.objects.get(vocabulary__slug="kind", path="defect")
    curation.move_term(term, None, by=dana, slug="flaw")

    found = body_templates.template_for(["flaw"], body_templates.offered(), lookup.current())

    assert found
    assert found.slug == "defect"
