"""The pages on which templates are kept: who opens them, the list, the form and its rows."""

import pytest

from postmortems import body_templates
from postmortems.models import BodyTemplate
from tests.makers import load_shipped_templates, make_user

LIST = "/settings/templates/"
OUTAGE = f"{LIST}outage/"


@pytest.fixture(autouse=True)
def shipped(db) -> None:
    load_shipped_templates()


def row(slug: str = "outage") -> BodyTemplate:
    return BodyTemplate.objects.get(slug=slug)


def form_of(template: BodyTemplate, **more: str) -> dict[str, object]:
    """What the form of a template sends as it stands."""
    form: dict[str, object] = {"revision": str(template.revision), "kinds": template.kinds}
    form |= {f"names-{code}": text for code, text in template.names.items()}
    for number, section in enumerate(template.sections):
        start = f"sections.{number}"
        form[f"{start}.key"] = section["key"]
        for group in ("names", "prompts"):
            form |= {f"{start}.{group}-{code}": text for code, text in section[group].items()}
        if section["is_open"]:
            form[f"{start}.open"] = "1"
    return form | {"do": "save"} | more


def keys_in(page: str) -> list[str]:
    """The keys of the sections in the form, in their order."""
    return [part.split('value="')[1].split('"')[0] for part in page.split('-key" name=')[1:]]


# --- Who opens them -----------------------------------------------------------------------------


def test_only_curators_and_administrators_open_the_pages(browse, alice, charlie, dana):
    carol = make_user("carol", is_curator=True)
    for page in (LIST, f"{LIST}new/", OUTAGE, f"{OUTAGE}remove/", f"{OUTAGE}shipped/"):
        answers = [browse(by).get(page).status_code for by in (None, alice, charlie, dana, carol)]

        assert answers == [302, 403, 403, 200, 200], page


def test_nobody_else_changes_anything(browse, alice, charlie):
    before = list(BodyTemplate.objects.values())

    for page in (f"{LIST}new/", OUTAGE, f"{OUTAGE}remove/", f"{OUTAGE}restore/"):
        form = form_of(row(), **{"names-en": "Mine"})
        answers = [browse(by).post(page, form).status_code for by in (None, alice, charlie)]
        assert answers == [302, 403, 403], page

    assert list(BodyTemplate.objects.values()) == before


def test_a_visitor_is_asked_to_sign_in_and_led_back(browse):
    assert browse().get(OUTAGE).url == f"/sign-in/?next={OUTAGE}"


def test_curators_find_the_way_and_readers_do_not(browse, alice, dana):
    assert LIST in browse(dana).get("/taxonomy/cause/").text
    assert LIST not in browse(alice).get("/taxonomy/cause/").text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(
    browse, dana, count, django_assert_num_queries
):
    BodyTemplate.objects.exclude(pk__in=BodyTemplate.objects.values("pk")[:count]).delete()
    client = browse(dana)
    client.get(LIST)

    # One of them is the bell.
    with django_assert_num_queries(5):
        assert client.get(LIST).text.count("template-row") == count


# --- The form -----------------------------------------------------------------------------------


def test_a_form_that_was_not_touched_changes_nothing(browse, dana):
    before = BodyTemplate.objects.values().get(slug="outage")

    answer = browse(dana).post(OUTAGE, form_of(row()))

    assert answer.url == LIST
    assert BodyTemplate.objects.values().get(slug="outage") == before


def test_what_is_typed_is_saved(browse, dana):
    typed = {"names-en": "Fire", "sections.0.prompts-en": "Who burnt?", "place": "2"}

    browse(dana).post(OUTAGE, form_of(row(), **typed))

    template = row()
    assert (template.names["en"], template.sections[0]["prompts"]["en"]) == ("Fire", "Who burnt?")
    assert [item.slug for item in body_templates.offered()][2] == "outage"


@pytest.mark.parametrize(
    ("language", "crumb", "heading"),
    [
        ("zh-CN", "故障", "如何发现"),
        ("zh-TW", "故障", "如何發現"),
        ("de", "Outage", "How it was noticed"),
    ],
)
def test_a_template_and_its_sections_are_named_in_the_readers_language(
    browse, dana, language, crumb, heading
):
    page = browse(dana).get(OUTAGE, headers={"Accept-Language": language})

    assert f'{OUTAGE}">{crumb}</a>' in page.text
    assert heading in [row.title for row in page.context["rows"]]


def test_a_new_template_begins_with_the_fixed_sections(browse, dana):
    client = browse(dana)
    page = client.get(f"{LIST}new/").text
    assert keys_in(page)[:2] == ["impact", "what-happened"]

    form = {"do": "save", "names-en": "Walrus", "sections.0.names-en": "Tusks"}
    client.post(f"{LIST}new/", form)

    assert row("walrus").sections == [
        {"key": "tusks", "names": {"en": "Tusks"}, "prompts": {}, "is_open": False}
    ]


@pytest.mark.parametrize(
    ("button", "keys"),
    [
        ("up:1", ["b", "a", "c", ""]),
        ("up:0", ["a", "b", "c", ""]),
        ("down:0", ["b", "a", "c", ""]),
        ("down:2", ["a", "b", "c", ""]),
        ("remove:1", ["a", "c", ""]),
        ("rows", ["a", "b", "c", ""]),
        ("remove:99", ["a", "b", "c", ""]),
        ("nonsense:x", ["a", "b", "c", ""]),
    ],
)
def test_the_buttons_of_a_row_move_it_and_save_nothing(browse, dana, button, keys):
    before = list(BodyTemplate.objects.values())
    form = {"do": button, "revision": "1", "names-en": "Typed"}
    form |= {f"sections.{number}.key": key for number, key in enumerate("abc")}

    page = browse(dana).post(OUTAGE, form).text

    assert keys_in(page) == keys
    assert 'value="Typed"' in page
    assert list(BodyTemplate.objects.values()) == before


def test_a_row_that_was_emptied_is_left_out(browse, dana):
    form = {"do": "save", "revision": "1", "names-en": "Outage"}
    form |= {"sections.0.key": "impact", "sections.1.key": "", "sections.2.key": "resolution"}

    browse(dana).post(OUTAGE, form)

    assert [section["key"] for section in row().sections] == ["impact", "resolution"]


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(browse, dana):
    typed = {"sections.1.key": "No Good Key", "names-en": "Fire"}

    page = browse(dana).post(OUTAGE, form_of(row(), **typed)).text

    assert "Nothing was changed" in page
    assert 'id="sections-1-key-error"' in page
    assert 'value="No Good Key"' in page
    assert row().names["en"] == "Outage"


def test_two_who_edit_at_once_do_not_overwrite_each_other(browse, dana):
    first, second = form_of(row(), **{"names-en": "First"}), form_of(row(), **{"names-en": "Two"})
    client = browse(dana)
    client.post(OUTAGE, first)

    page = client.post(OUTAGE, second).text

    assert "Somebody changed this template meanwhile" in page
    assert 'value="Two"' in page
    assert row().names["en"] == "First"


def test_a_second_try_after_such_a_refusal_is_refused_too(browse, dana):
    client = browse(dana)
    stale = form_of(row(), **{"names-en": "Two"})
    client.post(OUTAGE, form_of(row(), **{"names-en": "First"}))

    page = client.post(OUTAGE, stale).text

    assert f'name="revision" value="{stale["revision"]}"' in page


# --- Removing and restoring ---------------------------------------------------------------------


def test_a_template_is_removed_and_restored(browse, dana):
    client = browse(dana)
    assert "Remove the template “Outage”?" in client.get(f"{OUTAGE}remove/").text

    client.post(f"{OUTAGE}remove/")
    assert "outage" not in [template.slug for template in body_templates.offered()]

    client.post(f"{OUTAGE}restore/")
    assert "outage" in [template.slug for template in body_templates.offered()]


def test_an_edited_template_becomes_again_what_it_came_as(browse, dana):
    client = browse(dana)
    assert "shipped/" not in client.get(OUTAGE).text
    client.post(OUTAGE, form_of(row(), **{"names-en": "Fire"}))
    assert "edited here" in client.get(LIST).text
    assert f"{OUTAGE}shipped/" in client.get(OUTAGE).text

    client.post(f"{OUTAGE}shipped/", {"revision": "2"})

    assert row().names["en"] == "Outage"


def test_one_of_the_sites_own_has_nothing_to_become_again(browse, dana):
    section = {"key": "tusks", "names": {"en": "Tusks"}}
    body_templates.add(by=dana, names={"en": "Walrus"}, sections=[section])

    assert browse(dana).get(f"{LIST}walrus/shipped/").status_code == 404
    assert "made here" in browse(dana).get(LIST).text


def test_what_somebody_types_is_never_markup(browse, dana):
    form = {"do": "rows", "names-en": "<script>alert(1)</script>", "sections.0.key": '"><b>'}

    page = browse(dana).post(OUTAGE, form).text

    assert "<script>alert" not in page
    assert '"><b>' not in page
