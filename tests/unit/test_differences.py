"""What changed between two contents: texts word by word, lists by item, moments by field."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.differences import Difference, count_words, differences
from postmortems.document import (
    Action,
    Classification,
    Document,
    Evidence,
    Hypothesis,
    Relation,
    TimelineEntry,
    Translation,
)
from postmortems.durations import Duration
from postmortems.moments import Moment
from postmortems.word_diff import ADDED, KEPT, REMOVED, runs
from tests.strategies import documents

PLAIN = Document(title="Outage")
TEXTS = st.lists(st.sampled_from(("a", "b", "word", " ", "  ", "\n", "\n\n", ".", "集", "群", "é")))


def marked(before: str, after: str) -> str:
    """The runs as one text: `[-gone-]`, `{+come+}`."""
    forms = {KEPT: "%s", ADDED: "{+%s+}", REMOVED: "[-%s-]"}
    return "".join(forms[run.kind] % run.text for run in runs(before, after))


def told(before: Document, after: Document) -> list[str]:
    return [found.name for found in differences(before, after)]


def only(before: Document, after: Document) -> Difference:
    (found,) = differences(before, after)
    return found


def words_of(name: str) -> str:
    return "".join(f"{name}{number} " for number in range(10_000))


def kinds(found: Difference) -> list[tuple[str, str]]:
    return [(item.kind, (item.after or item.before).id) for item in found.items]


def entries(*names: str) -> tuple[TimelineEntry, ...]:
    return tuple(TimelineEntry(name, "context", f"text {name}") for name in names)


@given(TEXTS.map("".join), TEXTS.map("".join))
def test_runs_hold_both_texts(before, after):
    found = runs(before, after)

    assert "".join(run.text for run in found if run.kind != REMOVED) == after
    assert "".join(run.text for run in found if run.kind != ADDED) == before
    assert all(run.text for run in found)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("", "", ""),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("the same", "the same", "the same"),
        ("It began at 19:00.", "It began at 19:05 UTC.", "It began at 19:[-00-]{+05 UTC+}."),
        ("one two three", "one three", "one [-two -]three"),
        ("upgrade the cluster", "restart the node", "[-upgrade the cluster-]{+restart the node+}"),
        ("集群失去网络", "集群恢复网络", "集群[-失去-]{+恢复+}网络"),
        ("one two\nthree", "one\nthree", "one[- two-]\nthree"),
        ("one\ntwo\n\nsix", "one\nfour\n\nsix", "one\n[-two-]{+four+}\n\nsix"),
        ("one\n\ntwo", "zero\n\none\n\ntwo", "{+zero\n\n+}one\n\ntwo"),
    ],
)
def test_texts_are_compared_by_words(before, after, says):
    assert marked(before, after) == says


def test_a_text_too_long_to_align_is_told_as_gone_and_come():
    both = "a stretch of words that stands in both of them, "
    before, after = (both.join(map(words_of, names)) for names in ("vw", "xy"))

    found = runs(f"head\n{before}\ntail", f"head\n{after}\ntail")

    assert [run.kind for run in found] == [KEPT, REMOVED, ADDED, KEPT]


@pytest.mark.parametrize("line", ["x\n", "same line\n", "\n"])
def test_a_million_equal_lines_take_no_time(line):
    found = runs(line * 500_000, line * 250_000 + "new\n" + line * 250_000)

    assert "".join(run.text for run in found if run.kind == ADDED).strip() == "new"


@given(documents())
def test_each_part_that_differs_is_told_and_no_other(document):
    assert differences(document, document) == ()
    for part in fields(Document):
        other = replace(document, **{part.name: getattr(PLAIN, part.name)})

        is_same = document == other or part.name == "schema"
        for pair in ((document, other), (other, document)):
            assert {found.part for found in differences(*pair)} == (
                set() if is_same else {part.name}
            )


def test_parts_stand_in_the_order_of_the_page():
    after = Document(
        title="Another",
        summary="s",
        language="zh-hans",
        translations={"en": Translation("Outage")},
        started=Moment(date="2023"),
        duration=Duration(60),
        sections={"extra": "e", "resolution": "r", "impact": "i"},
        timeline=entries("t1"),
        actions=(Action("a1", "do"),),
        classifications=(Classification("cause", "network/dns"),),
    )

    assert told(PLAIN, after) == [
        *("title", "started", "duration", "summary"),
        *("sections/impact", "sections/resolution", "sections/extra"),
        *("timeline", "actions", "classifications", "translations/en", "language"),
    ]


def test_items_are_known_by_their_ids():
    before = replace(PLAIN, timeline=entries("t1", "t2", "t3", "t4"))
    changed = replace(before.timeline[2], kind="trigger")
    after = replace(PLAIN, timeline=(*entries("t1", "t0"), changed, *entries("t4", "t5")))

    found = only(before, after)

    assert kinds(found) == [(REMOVED, "t2"), (ADDED, "t0"), ("changed", "t3"), (ADDED, "t5")]
    assert [(field.name, field.before, field.after) for field in found.items[2].fields] == [
        ("kind", "context", "trigger")
    ]
    assert found.unchanged == 2


def test_an_item_that_only_stands_elsewhere_has_moved():
    before = replace(PLAIN, timeline=entries("t1", "t2", "t3"))
    after = replace(PLAIN, timeline=entries("t3", "t1", "t2"))

    found = only(before, after)

    assert kinds(found) == [("moved", "t3")]
    assert found.words == (0, 0)


def test_one_that_changed_and_moved_says_both():
    old, other = entries("t1", "t2")
    before = replace(PLAIN, timeline=(old, other))
    after = replace(PLAIN, timeline=(other, replace(old, text="else")))

    changed = [item for item in only(before, after).items if item.kind == "changed"]

    assert [item.after.id for item in changed] == ["t1"]
    assert changed[0].has_moved != any(item.kind == "moved" for item in only(before, after).items)


def test_moments_are_told_by_field():
    before = replace(PLAIN, started=Moment(date="2023-03-14", time="19:00"))
    after = replace(PLAIN, started=Moment(date="2023-03-14", time="19:05", zone="UTC"))

    found = only(before, after)

    assert [(field.name, field.before, field.after) for field in found.fields] == [
        ("time", "19:00", "19:05"),
        ("zone", "", "UTC"),
    ]
    assert found.words == (2, 1)


def test_evidence_stands_below_its_hypothesis():
    first, second = Evidence("e1", "pods restarted"), Evidence("e2", "disk was full")
    before = replace(PLAIN, hypotheses=(Hypothesis("h1", "disk", evidence=(first,)),))
    after = replace(PLAIN, hypotheses=(Hypothesis("h1", "disk", evidence=(first, second)),))

    (item,) = only(before, after).items

    assert (item.kind, [below.kind for below in item.items]) == ("changed", [ADDED])
    assert count_words(differences(before, after)) == (3, 0)


def test_relations_and_terms_are_known_by_what_they_name():
    before = replace(PLAIN, relations=(Relation("follow-up", "0abc9xyz", "old"),))
    after = replace(PLAIN, relations=(Relation("follow-up", "0abc9xyz", "new"),))
    role = replace(PLAIN, classifications=(Classification("cause", "network/dns"),))
    other = replace(PLAIN, classifications=(Classification("cause", "network/dns", "primary"),))

    assert [item.kind for item in only(before, after).items] == ["changed"]
    assert [field.name for field in only(role, other).items[0].fields] == ["role"]


def test_words_are_counted_on_both_sides():
    before = replace(PLAIN, summary="one two three", timeline=entries("t1"))
    after = replace(PLAIN, summary="one three four five")

    assert count_words(differences(before, after)) == (2, 3)


def test_the_schema_is_no_content():
    assert differences(PLAIN, replace(PLAIN, schema=7)) == ()
