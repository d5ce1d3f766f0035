"""The editor's fields as a Document: what is read from what, what stays as it was, how often it is looked at."""

from collections.abc import Iterator

import pytest

from postmortems.document import Classification, Document, TimelineEntry
from postmortems.moments import Moment, format_moment
from postmortems.web import editor_fields
from postmortems.web.editor_fields import Reading

BASE = Document(title="")
LATE = "2023-03-14 23:50 UTC"


def read(fields: dict[str, str], base: Document = BASE) -> Reading:
    return editor_fields.read({"title": "T"} | fields, base, by="alice")


def entries(*times: str, **fields: str) -> dict[str, str]:
    """The fields of entries t1, t2 … with these times."""
    rows = {
        f"timeline.{number}.{name}": text
        for number, when in enumerate(times)
        for name, text in (
            ("id", f"t{number + 1}"),
            ("when", when),
            ("kind", "action"),
            ("text", f"Step {number + 1}"),
        )
    }
    return rows | fields


def times(reading: Reading) -> list[str]:
    assert reading.document
    return [format_moment(entry.when) for entry in reading.document.timeline]


# --- Times ------------------------------------------------------------------------------------


def test_a_relative_entry_counts_from_the_one_above_it():
    reading = read(entries("2023-03-14 19:00 UTC", "+2 min", "2023-03-14 23:00 UTC"))

    assert times(reading)[1] == "2023-03-14 19:02 UTC (+2 min)"


def test_with_a_start_too_it_counts_from_the_one_above_it():
    start = {"started": "2023-03-14 18:00 UTC"}

    reading = read(entries("+5 min", "2023-03-14 20:00 UTC", "about 3 min later") | start)

    assert times(reading)[0] == "2023-03-14 18:05 UTC (+5 min)"
    assert times(reading)[2] == "~2023-03-14 20:03 UTC (about 3 min later)"


def test_t_plus_is_counted_from_the_start_wherever_it_stands():
    start = {"started": "2023-03-14 18:00 UTC"}

    assert times(read(entries(LATE, "T+5 min") | start))[1] == "2023-03-14 18:05 UTC (T+5 min)"


def test_two_relative_entries_never_count_from_each_other():
    reading = read(entries("+2 min", "+3 min"))

    assert times(reading) == ["(+2 min)", "after t1 + 3 min (+3 min)"]
    assert dict(reading.doubts) == {"timeline.0.when": "nothing-to-count-from"}


def test_a_circle_through_a_name_is_kept_as_words_and_told():
    reading = read(entries("3 min after step 2", "+2 min"))

    assert times(reading) == ["(3 min after step 2)", "(+2 min)"]
    assert set(reading.doubts.values()) == {"circle"}


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (("19:02",), ["2023-03-14 19:02 UTC"]),
        (("14:00",), ["2023-03-14 14:00 UTC"]),
        (("00:30",), ["2023-03-15 00:30 UTC"]),
        ((LATE, "00:10"), [LATE, "2023-03-15 00:10 UTC"]),
        ((LATE, "", "00:10"), [LATE, "", "2023-03-15 00:10 UTC"]),
        ((LATE, "00:10", "08:00"), [LATE, "2023-03-15 00:10 UTC", "2023-03-15 08:00 UTC"]),
        (("2023-03-10", "19:02"), ["2023-03-10", "2023-03-14 19:02 UTC"]),
    ],
)
def test_a_bare_clock_takes_its_day_from_above_or_from_the_start(typed, whole):
    reading = read(entries(*typed, started="2023-03-14 19:00 UTC"))

    assert times(reading) == whole


def test_a_clock_that_was_stored_without_a_day_stays_so():
    stored = TimelineEntry("t2", "action", "Step 2", Moment(time="00:10"))

    reading = read(entries(LATE, "00:10"), Document(title="T", timeline=(stored,)))

    assert times(reading) == [LATE, "00:10"]


# --- Terms ------------------------------------------------------------------------------------


def test_who_assigned_a_term_in_two_roles_stays_at_each():
    base = Document(
        "T",
        classifications=(
            Classification("cause", "network", "primary", "A", "source"),
            Classification("cause", "network", "contributing", "B", "bob"),
        ),
    )

    assert read(editor_fields.fields_of(base), base).document == base


def test_who_assigned_a_term_stays_when_its_role_changes():
    base = Document("T", classifications=(Classification("cause", "network", "", "", "bob"),))
    fields = editor_fields.fields_of(base) | {"classifications.cause.0.role": "primary"}

    document = read(fields | {"classifications.cause.1.term": "time"}, base).document

    assert document
    assert [use.assigned_by for use in document.classifications] == ["bob", "alice"]


# --- Names that no form of ours has -------------------------------------------------------------


@pytest.mark.parametrize(
    "strange",
    [
        {"sections.a": "x", "sections.a.b": "y"},
        {"sections.": "x", "sections.A b": "y", "sections.a": "x"},
        {"translations.zh-hans": "x", "translations.zh-hans.names": "y", "sections.a": "x"},
        {f"timeline.{'9' * 5000}.text": "x", "timeline.٣.text": "x", "sections.a": "x"},
    ],
)
def test_a_field_that_no_form_has_is_passed_over(strange):
    reading = read(strange)

    assert reading.problems == {}
    assert reading.document == Document("T", sections={"a": "x"})


def test_translations_have_their_members():
    fields = {"translations.zh-hans.title": "海象", "translations.zh-hans.summary": "牙"}

    document = read(fields).document

    assert document
    assert editor_fields.fields_of(document)["translations.zh-hans.title"] == "海象"


# --- Problems, and how often the fields are looked at -------------------------------------------


def test_a_problem_of_the_content_finds_the_row_it_is_about():
    fields = {
        "hypotheses.7.claim": "It is DNS",
        "hypotheses.7.evidence.4.text": "x" * 20_001,
        "timeline.5.text": "Later",
        "timeline.5.kind": "walrus",
    }

    reading = read(fields)

    assert set(reading.problems) == {"hypotheses.7.evidence.4.text", "timeline.5.kind"}
    pointer = "/hypotheses/0/evidence/0/text"
    assert editor_fields.field_of(pointer, reading.numbers) == "hypotheses.7.evidence.4.text"


class Counted(dict[str, str]):
    """Fields that count how often they are gone through."""

    rounds = 0

    def __iter__(self) -> Iterator[str]:
        self.rounds += 1
        return super().__iter__()

    def items(self):
        self.rounds += 1
        return super().items()


def rounds(count: int) -> int:
    fields = Counted(title="T")
    for number in range(count):
        fields[f"timeline.{number}.text"] = "x"
        fields[f"hypotheses.{number}.evidence.0.text"] = "x"
        fields[f"classifications.made-up-{number}.0.term"] = "x"
    editor_fields.read(fields, BASE, by="alice")
    return fields.rounds


def test_fields_are_gone_through_as_often_for_a_hundred_rows_as_for_one():
    assert rounds(100) == rounds(1) == 1


def test_a_title_is_one_line():
    reading = read({"title": " Routes are lost\r\n  after an upgrade\n"})

    assert reading.document
    assert reading.document.title == "Routes are lost after an upgrade"
