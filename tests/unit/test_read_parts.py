"""The parts of the read page as values: order, states, what is left out."""

from datetime import UTC, datetime, timedelta

import pytest

from postmortems.document import (
    Action,
    Classification,
    Document,
    Evidence,
    Hypothesis,
    Lesson,
    Reference,
    Signal,
    TimelineEntry,
    Translation,
    Workaround,
)
from postmortems.moments import UNKNOWN
from postmortems.web import read_parts, read_texts
from postmortems.web.completeness import completeness_of, is_stub
from postmortems.web.in_short import in_short_of
from postmortems.web.sources import SourceNote, Sources
from taxonomy.lookup import Terms
from tests.seed_documents import seed

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def entries(*kinds):
    return tuple(
        TimelineEntry(f"t{number}", kind, f"{kind} {number}") for number, kind in enumerate(kinds)
    )


def short(document):
    """The box as title -> lines shown."""
    groups = in_short_of(document, Terms(), "en")
    return {group.title: tuple(line.text for line in group.shown) for group in groups}


def test_hypotheses_stand_confirmed_then_open_then_refuted():
    verdicts = ["refuted", "open", "confirmed", "refuted"]
    document = Document(
        title="x",
        hypotheses=tuple(
            Hypothesis(f"h{number}", "claim", verdict=verdict)
            for number, verdict in enumerate(verdicts, start=1)
        ),
    )

    rows = read_parts.hypotheses_of(document, Sources(()))

    assert [row.label for row in rows] == ["H3", "H2", "H1", "H4"]
    assert read_parts.verdict_counts(document) == "1 confirmed, 1 open, 2 refuted"


def test_evidence_carries_its_side_and_its_sources():
    evidence = (Evidence("e1", "for it"), Evidence("e2", "against", supports=False, source="S2"))
    document = Document(title="x", hypotheses=(Hypothesis("h1", "claim", evidence=evidence),))

    [row] = read_parts.hypotheses_of(document, Sources((Reference("r1", "Two", label="S2"),)))

    assert [fact.supports for fact in row.evidence] == [True, False]
    assert row.evidence[1].sources == (SourceNote("Two", 1, "r1"),)


@pytest.mark.parametrize(
    ("action", "words", "tone"),
    [
        (Action("a1", "x", status="done", due="2020-01-01"), "done", "good"),
        (Action("a1", "x", status="open"), "open", "warn"),
        (Action("a1", "x", status="open", due="2026-11-09"), "12 days over", "bad"),
        (Action("a1", "x", status="open", due="2026-11-20"), "1 day over", "bad"),
        (Action("a1", "x", status="open", due="2026-11-21"), "open", "warn"),
        (Action("a1", "x", status="unknown", due="2020-01-01"), "unknown", "quiet"),
        (Action("a1", "x", status="dropped"), "dropped", "quiet"),
    ],
)
def test_the_status_of_an_action(action, words, tone):
    [row] = read_parts.actions_of(Document(title="x", actions=(action,)), NOW, read_parts.Beside())

    assert (str(row.status.words), row.status.tone) == (words, tone)


LONG_AGO = NOW - timedelta(days=91)


@pytest.mark.parametrize(
    ("dates", "once"),
    [
        ({}, True),
        ({"a1": NOW}, False),
        ({"a1": LONG_AGO}, False),
        ({"a1": NOW, "a2": NOW}, False),
    ],
)
def test_that_nobody_ever_confirmed_is_said_once_where_nothing_else_is_to_be_said(dates, once):
    actions = (Action("a1", "x", status="open"), Action("a2", "y", status="proposed"))
    done = Action("a3", "z", status="done")
    beside = read_parts.Beside(confirmed_at=dates)

    rows = read_parts.actions_of(Document(title="x", actions=(*actions, done)), NOW, beside)

    assert read_parts.none_confirmed(rows) is once


@pytest.mark.parametrize(
    ("tracker", "url"),
    [("https://t.example/1", "https://t.example/1"), ("OPS-12", ""), ("javascript:alert(1)", "")],
)
def test_only_a_web_address_becomes_a_link(tracker, url):
    document = Document(
        title="x",
        actions=(Action("a1", "x", tracker=tracker),),
        references=(Reference("r1", "x", url=tracker, archived=tracker),),
    )

    [action] = read_parts.actions_of(document, NOW, read_parts.Beside())
    [source] = read_parts.references_of(document)

    assert (action.tracker_url, source.url, source.archived) == (url, url, url)


def test_sources_are_found_by_label_and_id_once_each_and_others_stay_words():
    sources = Sources((Reference("r1", "One", label="A, B"), Reference("r2", "Two", label="C")))

    assert [note.number for note in sources.notes("A, B")] == [1]
    assert [note.number or note.words for note in sources.notes("C, r2, C , hearsay,")] == [
        2,
        "hearsay",
    ]
    assert sources.notes("") == ()


def test_relatives_group_by_how_the_relation_reads_from_here():
    def relative(kind, url, *, is_inbound=False):
        return read_parts.Relative("otherref", kind, "", "Title", "en", url, UNKNOWN, is_inbound)

    groups = read_parts.related_groups(
        [
            relative("same-defect", "/a/"),
            relative("same-defect", "/a/", is_inbound=True),
            relative("follow-up", "/b/"),
            relative("follow-up", "/c/", is_inbound=True),
        ]
    )

    assert [(group.name, [item.url for item in group.relatives]) for group in groups] == [
        ("Same defect", ["/a/"]),
        ("Follow-up of", ["/b/"]),
        ("Followed up by", ["/c/"]),
    ]


def test_the_box_in_short_is_made_from_the_data():
    document = Document(
        title="x",
        signals=(Signal("s1", "an error", "error"),),
        workarounds=(Workaround("w1", "restart", "verified"), Workaround("w2", "never", "unsafe")),
        hypotheses=(Hypothesis("h1", "the cat", verdict="refuted"), Hypothesis("h2", "open")),
        timeline=entries("detect", "failed-attempt", "mitigate", "recover", "action"),
    )

    assert short(document) == {
        "Looks like": ("an error", "detect 0"),
        "Helped": ("restart", "mitigate 2", "recover 3"),
        "Did not help": ("failed-attempt 1",),
        "Turned out not to be": ("the cat",),
    }


def test_the_box_needs_two_filled_groups():
    assert short(Document(title="x", timeline=entries("detect", "action"))) == {}


def test_three_lines_stand_and_the_rest_is_behind_all():
    document = Document(title="x", timeline=entries(*["detect"] * 5, "recover"))

    [first, _second] = in_short_of(document, Terms(), "en")

    assert (len(first.shown), len(first.more), first.more_words) == (3, 2, "all 5")


def test_what_reddit_leaves_open():
    parts = completeness_of(seed("reddit-pi-day-2023"))

    assert (parts.present, parts.total, parts.missing_words) == (13, 16, "3 things not recorded")
    assert parts.missing == (
        "Mitigation time not recorded",
        "Permanent action has no owner",
        "Permanent action has no status",
    )


def test_an_empty_postmortem_has_nothing_present_and_no_action_to_own():
    parts = completeness_of(Document(title="x"))

    assert (parts.present, parts.total, parts.share) == (0, 14, "0.00%")


@pytest.mark.parametrize(
    ("kinds", "expected"), [(["stub"], True), (["stub", "defect"], False), ([], False)]
)
def test_a_stub_is_exactly_a_stub(kinds, expected):
    document = Document(
        title="x", classifications=tuple(Classification("kind", kind) for kind in kinds)
    )

    assert is_stub(document) is expected


@pytest.mark.parametrize(
    ("language", "codes"),
    [
        ("en", ["en", "zh-hans", "fr"]),
        ("zh-hans", ["zh-hans", "en", "fr"]),
        ("zh-hant", ["zh-hans", "en", "fr"]),
        ("de", ["en", "zh-hans", "fr"]),
    ],
)
def test_the_title_in_the_readers_language_comes_first(language, codes):
    document = Document(
        title="Title",
        translations={"zh-hans": Translation("标题"), "fr": Translation("Titre")},
    )

    assert [title.language for title in read_texts.titles_of(document, language)] == codes


def test_lessons_keep_their_order():
    document = Document(title="x", lessons=(Lesson("l2", "two"), Lesson("l1", "one")))

    assert [row.text for row in read_parts.lessons_of(document, Sources(()))] == ["two", "one"]
