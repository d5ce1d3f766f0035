"""What must be true of a Document before it is stored."""

from types import MappingProxyType

import pytest

from postmortems.document import (
    DOCUMENT_BYTES,
    LINE_LENGTH,
    SECTION_BYTES,
    TITLE_LENGTH,
    Action,
    Classification,
    Document,
    Evidence,
    Hypothesis,
    Lesson,
    Reference,
    Relation,
    Signal,
    TimelineEntry,
    Translation,
)
from postmortems.document_json import Problem, check
from postmortems.durations import LONGEST, Duration
from postmortems.moments import Moment


def document(**fields: object) -> Document:
    return Document(**({"title": "T"} | fields))


def action(**fields: object) -> Document:
    return document(actions=(Action(**({"id": "a1", "text": "x"} | fields)),))


def reference(**fields: object) -> Document:
    return document(references=(Reference(**({"id": "r1", "title": "x"} | fields)),))


def timeline(*moments: Moment) -> Document:
    entries = (TimelineEntry(f"t{n}", "action", "x", when) for n, when in enumerate(moments, 1))
    return document(timeline=tuple(entries))


CAUSE = Classification("cause", "network/dns", "primary")
WRONG = [
    (document(schema=2), "/schema", "schema must be 1."),
    (document(title=""), "/title", "title is empty"),
    (document(title="a\nb"), "/title", "one line"),
    (document(title="a\u2028b"), "/title", "one line"),
    (document(title="x" * (TITLE_LENGTH + 1)), "/title", "at most 300 characters"),
    (document(title="a\x00"), "/title", "control characters"),
    (document(title=" a"), "/title", "white space at its ends"),
    (document(summary="a\r\nb"), "/summary", "control characters"),
    (document(summary="é" * (SECTION_BYTES // 2 + 1)), "/summary", "at most 2 MiB"),
    (document(language="fr"), "/language", "language “fr” is not allowed: use en, zh-hans or"),
    (document(translations={"en": Translation("x")}), "/translations/en", "zh-hans or zh-hant"),
    (document(translations={"fr": Translation("x")}), "/translations/fr", "zh-hans or zh-hant"),
    (
        document(translations={"zh-hans": Translation("x" * 301)}),
        "/translations/zh-hans/title",
        "at most 300",
    ),
    (document(sections={"A b": "x"}), "/sections/A b", "The section key “A b” is not allowed"),
    (document(sections={"a/b": "x"}), "/sections/a~1b", "is not allowed"),
    (document(sections={"impact": "x\x00"}), "/sections/impact", "control characters"),
    (document(sections={"impact": "x" * (SECTION_BYTES + 1)}), "/sections/impact", "2 MiB"),
    (document(started=Moment("2023-02-30")), "/started", "is not a date"),
    (document(detected=Moment(after="t1")), "/detected/after", "after names “t1”, which is no"),
    (timeline(Moment(), Moment(after="t3")), "/timeline/1/when/after", "after names “t3”"),
    (document(duration=Duration(-1)), "/duration", "from 0 to"),
    (document(duration=Duration(LONGEST + 1)), "/duration", "50 years"),
    (document(duration=Duration(1, "about")), "/duration", "is not a kind of duration"),
    (document(signals=(Signal("s1", "x", "noise"),)), "/signals/0/kind", "error, alert or"),
    (document(signals=(Signal("s 1", "x"),)), "/signals/0/id", "use letters, digits"),
    (document(signals=(Signal("", "x"),)), "/signals/0/id", "id is empty"),
    (document(signals=(Signal("s1", ""),)), "/signals/0/text", "text is empty"),
    (document(lessons=(Lesson("l1", "x" * (LINE_LENGTH + 1)),)), "/lessons/0/text", "20000"),
    (document(lessons=(Lesson("l1", "x", "y" * 201),)), "/lessons/0/source", "at most 200"),
    (
        document(lessons=(Lesson("l1", "x"), Lesson("l2", "x"), Lesson("l1", "y"))),
        "/lessons/2/id",
        "“l1” stands twice in lessons",
    ),
    (
        document(hypotheses=(Hypothesis("h1", "c", evidence=(Evidence("e1", "x"),) * 2),)),
        "/hypotheses/0/evidence/1/id",
        "“e1” stands twice",
    ),
    (document(hypotheses=(Hypothesis("h1", "c", verdict="no"),)), "/hypotheses/0/verdict", "open"),
    (document(relations=(Relation("same-defect", "x"),) * 2), "/relations/1/kind", "twice"),
    (document(relations=(Relation("like", "x"),)), "/relations/0/kind", "same-defect, "),
    (document(classifications=(CAUSE, CAUSE)), "/classifications/1/vocabulary", "twice"),
    (
        document(classifications=(Classification("cause", "dns", "main"),)),
        "/classifications/0/role",
        "role “main” is not allowed: use primary or contributing.",
    ),
    (action(due="soon"), "/actions/0/due", "write a day such as 2023-04-01"),
    (action(due="2023-02-29"), "/actions/0/due", "write a day"),
    (action(due="20230401"), "/actions/0/due", "write a day"),
    (action(status="later"), "/actions/0/status", "proposed, open, done, dropped or unknown"),
    (reference(url="javascript:alert(1)"), "/references/0/url", "https:// or http://"),
    (reference(url="//example.com"), "/references/0/url", "https:// or http://"),
    (reference(url="https://[bad"), "/references/0/url", "https:// or http://"),
    (reference(url="https://a b"), "/references/0/url", "https:// or http://"),
    (reference(archived="data:text/html,x"), "/references/0/archived", "https:// or http://"),
    (reference(language="<x>"), "/references/0/language", "a language tag"),
]


@pytest.mark.parametrize(("wrong", "pointer", "message"), WRONG)
def test_what_is_wrong_is_named_once_with_its_place(wrong, pointer, message):
    problems = check(wrong)

    assert [problem.pointer for problem in problems] == [pointer]
    assert message in problems[0].message


def test_the_whole_may_not_be_over_its_limit():
    parts = DOCUMENT_BYTES // SECTION_BYTES + 1
    sections = {f"part-{number}": "x" * (SECTION_BYTES - 10) for number in range(parts)}

    assert check(document(sections=MappingProxyType(sections))) == [
        Problem("", "The document is over 4 MiB: shorten it.")
    ]


def test_one_id_may_stand_in_several_lists():
    evidence = (Evidence("e1", "x"),)
    hypotheses = (
        Hypothesis("x1", "a", evidence=evidence),
        Hypothesis("x2", "b", evidence=evidence),
    )

    assert check(document(hypotheses=hypotheses, lessons=(Lesson("x1", "a"),))) == []


def test_one_term_may_stand_once_in_each_role():
    contributing = Classification("cause", "network/dns", "contributing")

    assert check(document(classifications=(CAUSE, contributing))) == []


def test_foreign_words_are_cut_and_cleaned_in_messages():
    problems = check(document(language="x\x1b" * 5000))

    assert len(problems[0].message) < 200
    assert "\x1b" not in problems[0].message
