"""What a pasted text adds to the editor: it comes behind what is typed and takes the place of nothing."""

import re
from dataclasses import replace

import pytest
from django.http import QueryDict

from postmortems import body_templates
from postmortems.document import ITEMS, Document
from postmortems.web import editor_desk, editor_fields, editor_paste
from tests.makers import SEEDS, load_shipped_templates

WHOLE = """# Calico loses its routes

## Summary
Pods could not reach each other.

## Impact
All sites down.

## Root cause
A node label was renamed.

## Timeline
- 2023-03-14 19:00 UTC: Upgrade starts
- 19:02: Sites down

## Action items
- Rehearse restores
"""

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "My own title",
    "sections.impact": "Half of all sites",
    "timeline.0.id": "t1",
    "timeline.0.when": "2023-03-14 18:30 UTC",
    "timeline.0.text": "Change window opens",
    "timeline.0.kind": "context",
    "actions.3.text": "Pin the version",
}


@pytest.fixture
def both() -> editor_paste.Pasted:
    return editor_paste.with_whole(TYPED, WHOLE, keep_names=False)


def read(fields: editor_fields.Fields) -> Document:
    document = editor_fields.read(fields, Document(title=""), by="alice").document
    assert document
    return document


def test_rows_come_behind_those_that_were_typed(both):
    document = read(both.fields)

    texts = [entry.text for entry in document.timeline]
    assert texts == ["Change window opens", "Upgrade starts", "Sites down"]
    assert [action.text for action in document.actions] == ["Pin the version", "Rehearse restores"]


def test_a_paragraph_comes_below_what_was_typed(both):
    document = read(both.fields)

    assert document.sections["impact"] == "Half of all sites\n\nAll sites down."
    assert document.summary == "Pods could not reach each other."


def test_a_typed_title_stays_and_the_other_is_told(both):
    assert both.fields["title"] == "My own title"
    assert any("Calico loses its routes" in sentence for sentence in both.said)


def test_nothing_that_was_typed_is_lost(both):
    assert all(text in both.fields[name] for name, text in TYPED.items())


def test_paragraphs_pasted_twice_stand_once():
    once = editor_paste.with_whole({}, WHOLE, keep_names=False).fields

    twice = editor_paste.with_whole(once, WHOLE, keep_names=False).fields

    assert read(twice).sections == read(once).sections
    assert len({entry.id for entry in read(twice).timeline}) == 4


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.md"))[:4], ids=lambda path: path.stem)
def test_ids_are_new_and_what_counts_from_an_entry_follows_it(seeds, path):
    for document in seeds(path):
        renamed = editor_paste.with_new_ids(document)

        known = {entry.id for entry in renamed.timeline}
        assert not known & {entry.id for entry in document.timeline}
        followed = {entry.when.after for entry in renamed.timeline} - {""}
        assert followed <= known
        assert [entry.text for entry in renamed.timeline] == [
            entry.text for entry in document.timeline
        ]


# --- What is said about it -----------------------------------------------------------------------


def chatted(text: str, fields: editor_fields.Fields | None = None) -> editor_paste.Pasted:
    return editor_paste.with_chat(fields or {}, text, day="", zone="", keep_names=False)


def test_a_day_that_can_be_read_two_ways_and_a_passed_midnight_are_told():
    said = chatted("03/04/2023 23:50 UTC alice: deploy\n00:10 UTC alice: down").said

    assert "1 entry was added." not in said
    assert any("with the month first" in words and "deploy" in words for words in said)
    assert any("as the next day" in words and "down" in words for words in said)


def test_of_many_entries_the_first_are_named_and_the_rest_counted():
    clock = ("1", "20")

    said = chatted("\n".join(f"{clock[n % 2]}:{n} x: step-{n}" for n in range(10, 40))).said

    (told,) = (words for words in said if "as the next day" in words)
    assert "step-26”" in told
    assert "step-28" not in told
    assert told.endswith("and 6 more")


def test_lines_that_only_date_others_are_told_and_rules_are_not():
    said = chatted("### 2024-06-15 (UTC)\n------\n10:30 down").said

    (told,) = (words for words in said if "left out" in words)
    assert "2024-06-15 (UTC)" in told
    assert "---" not in told


def test_what_does_not_fit_beside_what_is_there_comes_back():
    there = {f"timeline.{number}.text": "x" for number in range(ITEMS - 2)}
    blank = {f"timeline.{ITEMS + number}.kind": "context" for number in range(3)}

    pasted = chatted("10:22 a\n10:23 b\n10:24 c\n10:25 d", there | blank)

    assert len(read({"title": "T"} | kinds(pasted.fields)).timeline) == ITEMS
    assert pasted.rest == "10:24 c\n10:25 d"
    assert "2 lines did not fit; they stand in the box again." in pasted.said


def kinds(fields: editor_fields.Fields) -> editor_fields.Fields:
    """The fields with a kind for every entry."""
    rows = editor_fields.rows_of(fields, "timeline")
    return {f"timeline.{row.number}.kind": "context" for row in rows} | fields


def test_a_whole_postmortem_tells_its_people_and_notices_too():
    lines = "- 03/04/2023 23:50 alice: deploy\n- 00:10 alice: down"

    said = editor_paste.with_whole({}, f"# T\n\n## Timeline\n{lines}", keep_names=False).said

    assert "“alice” became “responder A”." in said
    assert any("with the month first" in words and "deploy" in words for words in said)
    assert any("name no zone" in words for words in said)


def test_what_did_not_fit_is_carried_to_the_desk(alice):
    rows = {f"timeline.{number}.text": "x" for number in range(ITEMS)}
    desk = replace(editor_desk.opened(None), fields=rows)

    pasted = editor_desk.after_button(desk, "paste", QueryDict("paste.text=10:22+a"))

    assert pasted.paste["text"] == "10:22 a"
    assert {name for name in pasted.fields if name.startswith("timeline.")} == set(rows)


@pytest.mark.parametrize(
    ("act", "kept"), [("preview", True), ("rows:timeline", True), ("paste", False)]
)
def test_the_box_keeps_its_lines_until_they_are_entries(browse, alice, act, kept):
    form = {"key": "k" * 16, "title": "T", "paste.text": "10:22 <later>", "do": act}

    page = browse(alice).post("/p/new/", form).text

    assert (">10:22 &lt;later&gt;</textarea>" in page) is kept


@pytest.mark.parametrize(
    ("text", "day", "words"),
    [
        (" ", "", "Paste the lines of a chat log here"),
        ("10:22 a", "31/02/2023", "This is no day of the calendar"),
        ("10:22 a", "2023-03", "This is no day of the calendar"),
        ("10:22 a", "03/04/2023", "This can be two days"),
    ],
)
def test_what_cannot_be_pasted_is_told_at_its_field(browse, alice, text, day, words):
    form = {"key": "k" * 16, "do": "paste", "paste.text": text, "paste.day": day}

    page = browse(alice).post("/p/new/", form).text

    name = "text" if not day else "day"
    assert re.search(rf'<p class="error" id="paste-{name}-error">{words}', page)
    assert re.search(rf'id="paste-{name}"[^>]*aria-invalid="true"[^>]* autofocus', page)
    assert f'value="{day}"' in page or not day
    assert "were added" not in page


@pytest.mark.parametrize("day", ["14 March 2023", "14.03.2023", "2023-03-14"])
def test_a_day_is_read_as_people_write_it(browse, alice, day):
    form = {"key": "k" * 16, "do": "paste", "paste.text": "10:22 a", "paste.day": day}

    page = browse(alice).post("/p/new/", form).text

    assert 'value="2023-03-14 10:22"' in page


def test_one_goes_on_at_the_first_entry_that_was_pasted(browse, alice):
    form = {
        "key": "k" * 16,
        "do": "paste",
        "paste.text": "10:22 a\n10:23 b",
        "timeline.4.text": "x",
    }

    page = browse(alice).post("/p/new/", form).text

    assert re.findall(r'id="([\w-]+)"[^>]* aria-describedby=" said" autofocus', page) == [
        "timeline-5-when"
    ]
    assert re.search(r'id="said" role="status">.*2 entries were added', page, re.S)
    assert page.count("2 entries were added") == 1


# --- What is said of it, and how severe it was ----------------------------------------------------

TOLD = """# Checkout down
Severity: SEV2
Start: 2023-03-14

## Root causes
DNS

## What went well
Alarms
"""


def test_places_are_called_as_the_page_calls_them():
    said = editor_paste.with_whole({}, TOLD, keep_names=False).said

    assert said == (
        "“Severity” went into “Severity”.",
        "“Start” went into “Started”.",
        "“Root causes” went into “Root cause”.",
        "“What went well” went into “Went well”.",
    )


def test_a_severity_is_chosen_unless_one_was():
    chosen = {"classifications.severity.0.term": "sev1"}

    fresh = editor_paste.with_whole({}, TOLD, keep_names=False)
    taken = editor_paste.with_whole(chosen, TOLD, keep_names=False)

    assert fresh.fields["classifications.severity.0.term"] == "sev2"
    assert [name for name in taken.fields if name.endswith(".term")] == list(chosen)
    assert "You had typed something else already; left out: “sev2”." in taken.said


def test_a_heading_of_a_template_leads_to_its_section():
    load_shipped_templates()
    text = "# T\n\n## What was exposed:\nOne token.\n\n## Impact\nNobody."

    pasted = editor_paste.with_whole({}, text, keep_names=False)

    assert pasted.fields["sections.what-was-exposed"] == "One token."
    assert pasted.fields["sections.impact"] == "Nobody."
    assert "“What was exposed:” went into “What was exposed”." in pasted.said


def test_a_name_of_the_template_in_use_comes_before_what_others_call_so(dana):
    section = {"key": "our-summary", "names": {"en": "Overview"}, "prompts": {}, "is_open": True}
    body_templates.add("ours", by=dana, names={"en": "Ours"}, sections=[section])

    chosen = editor_paste.with_whole({"template": "ours"}, "## Overview\nShort.", keep_names=False)
    others = editor_paste.with_whole({}, "## Overview\nShort.", keep_names=False)

    assert chosen.fields["sections.our-summary"] == "Short."
    assert others.fields["summary"] == "Short."
