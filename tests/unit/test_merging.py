"""Three-way merging: what only one changed is taken, what both changed is a clash, nothing is lost."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.document import (
    ROLES,
    Action,
    Classification,
    Document,
    Lesson,
    Relation,
    TimelineEntry,
)
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


LETTERS = st.permutations("abcde").map(
    lambda ids: tuple(Lesson(item_id, f"Lesson {item_id}") for item_id in ids)
)
USES = st.lists(
    st.builds(
        Classification,
        st.just("cause"),
        st.sampled_from(["network", "time"]),
        st.sampled_from(ROLES),
        st.sampled_from("ab"),
    ),
    unique_by=lambda use: (use.term, use.role),
    max_size=6,
)


def of_letters(letters: str) -> Document:
    """A document whose lessons stand in the order of the letters."""
    return Document("x", lessons=tuple(Lesson(letter, f"Lesson {letter}") for letter in letters))


def letters_of(document: Document) -> str:
    return "".join(ids(document, "lessons"))


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


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("bacde", "abced", "baced"),
        ("bcdea", "eabcd", "ebcda"),
        ("bcade", "bacde", "bcade"),
        ("edcba", "abced", "edcba"),
    ],
)
def test_what_both_moved_is_moved_in_the_whole(mine, theirs, both):
    base, mine, theirs = (of_letters(letters) for letters in ("abcde", mine, theirs))

    for one, other in ((mine, theirs), (theirs, mine)):
        merged = merge(base, one, other)

        assert (letters_of(merged.document), merged.clashes) == (both, ())


def test_what_both_moved_against_each_other_is_a_clash_about_those_alone():
    base, mine, theirs = (of_letters(letters) for letters in ("abcde", "bacde", "acbed"))

    merged = merge(base, mine, theirs)

    (clash,) = merged.clashes
    assert (clash.name, clash.key) == ("lessons", "")
    orders = [[item.id for item in side] for side in (clash.base, clash.mine, clash.theirs)]
    assert orders == [["a", "b", "c"], ["b", "a", "c"], ["a", "c", "b"]]
    assert letters_of(merged.document) == "baced"
    assert letters_of(merge(base, mine, theirs, {"lessons": THEIRS}).document) == "acbed"


@given(base=LETTERS, mine=LETTERS, theirs=LETTERS)
def test_no_pair_that_one_side_turned_around_is_turned_back_unseen(base, mine, theirs):
    sides = [Document("x", lessons=items) for items in (base, mine, theirs)]
    was, here, there = (letters_of(side) for side in sides)

    merged = merge(*sides)

    order = letters_of(merged.document)
    asked = {item.id for clash in merged.clashes for item in clash.base}
    for one, other in permutations("abcde", 2):
        stays = all(text.index(one) < text.index(other) for text in (here, there))
        is_turned = any(text.index(one) < text.index(other) for text in (here, there))
        if {one, other} <= asked:
            continue
        expected = stays if was.index(one) < was.index(other) else is_turned
        assert (order.index(one) < order.index(other)) is expected


@given(base=LESSONS, mine=LESSONS, theirs=LESSONS)
def test_without_a_clash_it_is_the_same_who_came_first(base, mine, theirs):
    sides = [Document("x", lessons=tuple(items)) for items in (base, mine, theirs)]

    merged = merge(*sides)
    turned = merge(sides[0], sides[2], sides[1])

    assert {clash.name for clash in merged.clashes} == {clash.name for clash in turned.clashes}
    if not merged.clashes:
        assert {*merged.document.lessons} == {*turned.document.lessons}


def test_a_term_in_two_roles_stays_in_both():
    both = (
        Classification("cause", "network", "primary", "It broke"),
        Classification("cause", "network", "contributing", "It was slow"),
    )
    base = replace(BASE, classifications=both)

    merged = merge(base, replace(base, title="Mine"), replace(base, summary="Theirs"))

    assert merged.clashes == ()
    assert merged.document.classifications == both


def test_a_role_that_both_changed_is_a_clash():
    base, mine, theirs = (
        replace(BASE, classifications=(Classification("cause", "network", role),))
        for role in ("primary", "contributing", "")
    )

    (clash,) = merge(base, mine, theirs).clashes

    assert clash.name == "classifications/cause:network"


@given(base=USES, mine=USES, theirs=USES)
def test_no_use_of_a_term_that_only_one_side_has_is_lost(base, mine, theirs):
    sides = [Document("x", classifications=tuple(uses)) for uses in (base, mine, theirs)]

    merged = merge(*sides)

    told = set(merged.document.classifications)
    for clash in merged.clashes:
        for side in (clash.mine, clash.theirs):
            told |= set(side) if isinstance(side, tuple) else {side}
    assert {*mine, *theirs} - {*base} <= told


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


@given(base=st.one_of(LESSONS, LETTERS), mine=st.one_of(LESSONS, LETTERS))
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
