"""What two people changed differently, as the page that asks about it says it."""

from dataclasses import replace

import pytest
from django.urls import reverse

from postmortems import authoring, content, drafts
from postmortems.document import Document, Lesson, TimelineEntry
from postmortems.merging import BOTH, merge
from postmortems.models import Postmortem
from postmortems.web.editor_merge import clash_rows
from tests.makers import make_document, make_postmortem

pytestmark = pytest.mark.django_db


def lessons(letters: str) -> Document:
    return Document("x", lessons=tuple(Lesson(letter, f"Lesson {letter}") for letter in letters))


def test_two_orders_stand_side_by_side():
    merged = merge(lessons("abcd"), lessons("bacd"), lessons("acbd"))

    (row,) = clash_rows(merged.clashes)

    assert (row.name, row.label) == ("choice.lessons", "Lessons: the order")
    assert row.mine == "1. Lesson b\n2. Lesson a\n3. Lesson c"
    assert row.theirs == "1. Lesson a\n2. Lesson c\n3. Lesson b"


# --- Texts ----------------------------------------------------------------------------------------


def impact(text: str) -> Document:
    return Document("x", sections={"impact": text})


def test_both_texts_can_stand_one_below_the_other():
    decided = {"sections/impact": BOTH}

    merged = merge(impact("old"), impact("mine"), impact("theirs"), decided)

    assert merged.document.sections["impact"] == "mine\n\ntheirs"
    assert [row.may_be_both for row in clash_rows(merged.clashes)] == [True]


def test_items_that_differ_in_their_text_alone_can_be_both():
    entries = [Document("x", timeline=(TimelineEntry("t1", "action", text),)) for text in "abc"]

    merged = merge(*entries, {"timeline/t1": BOTH})

    assert [entry.text for entry in merged.document.timeline] == ["b\n\nc"]


@pytest.mark.parametrize(
    "sides",
    [
        [Document(title) for title in "abc"],
        [Document("x", lessons=lessons) for lessons in ((Lesson("a", "b"),), (), ())],
        [Document("x", timeline=(TimelineEntry("t1", kind, kind),)) for kind in ("a", "b", "c")],
    ],
)
def test_what_is_no_text_is_mine_where_both_are_asked_for(sides):
    merged = merge(*sides)
    both = merge(*sides, dict.fromkeys([clash.name for clash in merged.clashes], BOTH))

    assert both.document == merged.document
    assert not any(row.may_be_both for row in clash_rows(merged.clashes))


def test_the_words_that_differ_are_marked_on_either_side():
    merged = merge(impact("old"), impact("Two sites down"), impact("Six sites down"))

    (row,) = clash_rows(merged.clashes)

    assert [(run.kind, run.text.strip()) for run in row.runs] == [
        ("removed", "Six"),
        ("added", "Two"),
        ("kept", "sites down"),
    ]


# --- The page -------------------------------------------------------------------------------------


@pytest.fixture
def written(platform, alice) -> Postmortem:
    document = make_document("Routes lost", sections={"impact": "All sites"})
    return make_postmortem(document, team=platform, authors=(alice,), status="draft")


def moved_on(postmortem: Postmortem, user, text: str) -> None:
    document = replace(content.read(postmortem), sections={"impact": text})
    authoring.edit(postmortem, document, by=user, revision=postmortem.revision)


def form(**more: str) -> dict[str, str]:
    typed = {"key": "k" * 16, "revision": "1", "title": "Routes lost", "language": "en"}
    typed |= {"sections.impact": "Two sites down", "against": "2"}
    return typed | {name.replace("__", "."): text for name, text in more.items()}


def test_what_nobody_decided_is_asked_again_with_an_error(browse, alice, bob, written):
    moved_on(written, bob, "Six sites down")
    address = reverse("postmortem-edit", args=[written.ref])

    first = browse(alice).post(address, form(do="save"))
    again = browse(alice).post(address, form(do="merge"))

    assert (first.status_code, again.status_code) == (409, 409)
    assert "Choose one of them." not in first.text
    assert "Choose one of them." in again.text
    assert "<mark>Six</mark>" in again.text


def test_both_texts_come_back_into_the_form(browse, alice, bob, written):
    moved_on(written, bob, "Six sites down")
    address = reverse("postmortem-edit", args=[written.ref])
    chosen = {"choice.sections/impact": "both"}

    page = browse(alice).post(address, form(do="merge") | chosen).text

    assert ">Two sites down\n\nSix sites down</textarea>" in page


# --- While one writes -----------------------------------------------------------------------------


def test_it_is_told_that_another_saved_before_one_saves(browse, alice, bob, written):
    moved_on(written, bob, "Six sites down")
    words = "Bob saved revision 2 while you were writing."
    typed = form(version="0", ref=written.ref)

    kept = browse(alice).post("/drafts/keep/", typed).json()
    asked = browse(alice).get(f"/drafts/others/{written.ref}/?revision=1").json()
    later = browse(alice).get(f"/drafts/others/{written.ref}/?revision=2").json()

    assert (kept["saved"], asked["saved"], later["saved"]) == (words, words, "")


def test_who_writes_here_too_is_told_to_those_who_only_look(browse, alice, bob, written):
    drafts.keep("b" * 16, {"title": "x"}, by=bob, postmortem=written, revision=1)

    asked = browse(alice).get(f"/drafts/others/{written.ref}/?revision=1").json()

    assert asked == {"others": "Bob", "saved": ""}
