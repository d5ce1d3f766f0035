"""What a pasted text adds to the editor: it comes behind what is typed and takes the place of nothing."""

import pytest

from postmortems.document import Document
from postmortems.web import editor_fields, editor_paste
from tests.makers import SEEDS

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
