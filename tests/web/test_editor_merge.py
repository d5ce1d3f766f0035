"""What two people changed differently, as the page that asks about it says it."""

import pytest

from postmortems.document import Document, Lesson
from postmortems.merging import merge
from postmortems.web.editor_merge import clash_rows

pytestmark = pytest.mark.django_db


def lessons(letters: str) -> Document:
    return Document("x", lessons=tuple(Lesson(letter, f"Lesson {letter}") for letter in letters))


def test_two_orders_stand_side_by_side():
    merged = merge(lessons("abcd"), lessons("bacd"), lessons("acbd"))

    (row,) = clash_rows(merged.clashes)

    assert (row.name, row.label) == ("choice.lessons", "Lessons: the order")
    assert row.mine == "1. Lesson b\n2. Lesson a\n3. Lesson c"
    assert row.theirs == "1. Lesson a\n2. Lesson c\n3. Lesson b"
