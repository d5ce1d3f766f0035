"""Three-way merging: what only one changed is taken, what both changed is a clash, nothing is lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.document import Action, Classification, Document, Lesson, Relation, TimelineEntry
from postmortems.merging import ABSENT, MINE, THEIRS, Clash, merge
from postmortems.moments import Moment

BASE = Document(
    title="Base",
    summary="What was",
    sections={"impact": "Some", "resolution": "Rolled back"},
    timeline=tuple(TimelineEntry(f"t{n}", "action", f"Entry {n}") for n in range(1, 5)),
    lessons=(Lesson("l1", "One"), Lesson("l2", "Two")),
)
LESSONS = st.lists(
    st.builds(Lesson, st.sampled_from(["l1", "l2", "l3", "l4"]), st.sampled_from("abc")),
    unique_by=lambda lesson: lesson.id,
    max_size=4,
)


def ids(document: Document, part: str) -> list[str]:
    return [item.id for item in getattr(document, part)]


def test_what_each_changed_alone_is_taken_from_each():
    mine = replace(BASE, title="Mine", sections={**BASE.sections, "impact": "Much"})
    theirs = replace(BASE, summary="Theirs", started=Moment("2023"))

    merged = merge(BASE, mine, theirs)

    assert merged.clashes == ()
    assert merged.document == replace(mine, summary="Theirs", started=Moment("2023"))


def test_what_both_changed_alike_is_taken_once():
    both = replace(BASE, title="Both", lessons=(*BASE.lessons, Lesson("l3", "Three")))

    assert merge(BASE, both, both) == merge(BASE, both, BASE)


def test_a_section_that_both_changed_is_a_clash():
    mine = replace(BASE, sections={"impact": "Mine", "resolution": "Rolled back"})
    theirs = replace(BASE, sections={"impact": "Theirs", "resolution": "Rolled back"})

    merged = merge(BASE, mine, theirs)

    assert merged.clashes == (Clash("sections", "impact", "Some", "Mine", "Theirs"),)
    assert merged.document.sections["impact"] == "Mine"


@pytest.mark.parametrize(("choice", "text"), [(MINE, "Mine"), (THEIRS, "Theirs")])
def test_what_is_decided_stands(choice, text):
    mine, theirs = replace(BASE, title="Mine"), replace(BASE, title="Theirs")

    assert merge(BASE, mine, theirs, {"title": choice}).document.title == text


def test_an_item_that_one_removed_and_the_other_changed_is_a_clash():
    mine = replace(BASE, lessons=BASE.lessons[1:])
    theirs = replace(BASE, lessons=(Lesson("l1", "Changed"), BASE.lessons[1]))

    merged = merge(BASE, mine, theirs)

    (clash,) = merged.clashes
    assert (clash.name, clash.mine, clash.theirs) == (
        "lessons/l1",
        ABSENT,
        Lesson("l1", "Changed"),
    )
    assert ids(merge(BASE, mine, theirs, {"lessons/l1": THEIRS}).document, "lessons") == [
        "l1",
        "l2",
    ]
    assert ids(merged.document, "lessons") == ["l2"]


def test_entries_that_both_added_stand_behind_what_they_stood_behind():
    new = TimelineEntry("t-mine", "action", "Mine")
    other = TimelineEntry("t-theirs", "action", "Theirs")
    mine = replace(BASE, timeline=(BASE.timeline[0], new, *BASE.timeline[1:]))
    theirs = replace(BASE, timeline=(*BASE.timeline[:3], other, BASE.timeline[3]))

    merged = merge(BASE, mine, theirs)

    assert merged.clashes == ()
    assert ids(merged.document, "timeline") == ["t1", "t-mine", "t2", "t3", "t-theirs", "t4"]


def test_the_order_of_whoever_moved_something_is_taken():
    theirs = replace(BASE, timeline=tuple(reversed(BASE.timeline)))
    mine = replace(BASE, title="Mine")

    assert ids(merge(BASE, mine, theirs).document, "timeline") == ["t4", "t3", "t2", "t1"]


def test_terms_and_relations_are_known_by_what_they_say():
    mine = replace(BASE, classifications=(Classification("cause", "network", why="Mine"),))
    theirs = replace(BASE, classifications=(Classification("cause", "network", why="Theirs"),))
    related = replace(BASE, relations=(Relation("same-defect", "aaaaaaaa"),))

    assert [clash.name for clash in merge(BASE, mine, theirs).clashes] == [
        "classifications/cause:network"
    ]
    assert merge(BASE, mine, related).document.relations == related.relations


@given(base=LESSONS, mine=LESSONS, theirs=LESSONS)
def test_no_word_that_only_one_side_has_is_lost(base, mine, theirs):
    sides = [Document("x", lessons=tuple(items)) for items in (base, mine, theirs)]

    merged = merge(*sides)

    told = set(merged.document.lessons)
    told |= {side for clash in merged.clashes for side in (clash.mine, clash.theirs)}
    assert {*mine, *theirs} - {*base} <= told
    assert len(ids(merged.document, "lessons")) == len({*ids(merged.document, "lessons")})


@given(base=LESSONS, mine=LESSONS)
def test_nobody_else_means_nothing_to_decide(base, mine):
    before, after = Document("x", lessons=tuple(base)), Document("x", lessons=tuple(mine))

    assert merge(before, after, before).document == after
    assert merge(before, before, after).document == after


def test_actions_keep_what_each_did_to_them():
    base = replace(BASE, actions=(Action("a1", "Fix"),))
    done = replace(base, actions=(Action("a1", "Fix", status="done"),))
    other = replace(base, actions=(Action("a1", "Fix"), Action("a2", "More")))

    assert [item.status for item in merge(base, done, other).document.actions] == [
        "done",
        "unknown",
    ]
