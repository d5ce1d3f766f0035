"""The file of one postmortem: what it means, what is wrong with it, and how it is printed."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postmortems import document as shape
from postmortems.document import Classification, Document
from postmortems.durations import Duration
from postmortems.exchange.markdown_file import Envelope, as_file_holds, parse, print_file
from postmortems.moments import Moment
from tests import strategies

VOCABULARIES = ("cause", "severity", "kind", "network-dns", "x1", "what-else", "no", "0")

FILE = """\
---
hindsight: 1
import_id: pi-day
status: published
authors: [alice]
title: Upgrade takes the site down
translations:
  zh-hans:
    title: 升级导致网站宕机
started: 2023-03-14 19:00 UTC (just after 19:00)
resolved: after t1 + 5 h
duration: ~314 min
severity: sev1
cause:
  - term: network/dns
    role: primary
    by: source
    why: The records were gone.
  - change/config
timeline:
  - id: t1
    kind: trigger
    text: >-
      The upgrade
      begins.
hypotheses:
  - id: h1
    claim: It is DNS.
    verdict: confirmed
    evidence:
      - {id: e1, text: It was., source: S001}
      - {id: e2, supports: no, text: It was not.}
relations:
  - {kind: same-defect, to: other-day}
---
All of it was down.

## Root cause

The records.
"""


def read(text):
    parsed = parse(text, VOCABULARIES)
    assert parsed.problems == ()
    return parsed


def with_lines(*lines, body=""):
    """A file of those lines of front matter behind the three that every file needs."""
    return "\n".join(["---", "hindsight: 1", "title: X", *lines, "---", body])


def problems(*lines, body=""):
    return parse(with_lines(*lines, body=body), VOCABULARIES).problems


def test_the_envelope_is_what_the_file_says():
    assert read(FILE).envelope == Envelope(
        import_id="pi-day", slug="pi-day", status="published", authors=("alice",)
    )


def test_moments_and_durations_are_read_in_their_notation():
    document = read(FILE).document

    assert document.started == Moment("2023-03-14", "19:00", "UTC", text="just after 19:00")
    assert document.resolved == Moment(after="t1", minutes=300)
    assert document.duration == Duration(314 * 60, "approximate")


def test_a_vocabulary_is_a_key_of_its_own():
    assert read(FILE).document.classifications == (
        Classification("severity", "sev1"),
        Classification("cause", "network/dns", "primary", "The records were gone.", "source"),
        Classification("cause", "change/config"),
    )


def test_parts_and_sections_are_read():
    document = read(FILE).document

    assert document.timeline[0].text == "The upgrade begins."
    assert [item.supports for item in document.hypotheses[0].evidence] == [True, False]
    assert document.relations == (shape.Relation("same-defect", "other-day"),)
    assert document.summary == "All of it was down."
    assert document.sections == {"root-cause": "The records."}
    assert document.translations == {"zh-hans": shape.Translation("升级导致网站宕机")}


@pytest.mark.parametrize(
    "data",
    [
        "\ufeff" + FILE,
        FILE.replace("\n", "\r\n"),
        FILE.replace("\n", "\r"),
        FILE.encode(),
        b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode(),
        "\n\n" + FILE,
    ],
)
def test_marks_and_newlines_of_other_systems_change_nothing(data):
    assert read(data) == replace(read(FILE), places=read(data).places)


WRONG = [
    (["tmeline: []"], 4, "tmeline", "Did you mean timeline?"),
    (["zzz: x"], 4, "zzz", "neither a key of this format nor a vocabulary"),
    (["severty: sev1"], 4, "severty", "Did you mean severity?"),
    (["timeline:", "  - {id: t1, kind: context, txt: x}"], 5, "timeline.txt", "Did you mean text?"),
    (["language: ", "timeline: words"], 5, "timeline", "must be a list"),
    (["started: 2023-02-30"], 4, "started", "not a date"),
    (["started: yesterday"], 4, "started", "cannot be read as a time"),
    (["started: after t9"], 4, "started", "no entry of the timeline"),
    (["duration: long"], 4, "duration", "cannot be read as a duration"),
    (["status: open"], 4, "status", "Use draft, in_review, published or archived."),
    (["visibility: secret"], 4, "visibility", "Use public"),
    (["import_id: two words"], 4, "import_id", "one word"),
    (["slug: ../x"], 4, "slug", "letters, digits and hyphens"),
    (["signals:", "  - id: s1", "    kind: smell", "    text: x"], 6, "signals.kind", "use error"),
    (["signals:", "  - {id: s1, text: x}", "  - {id: s1, text: y}"], 6, "signals.id", "twice"),
    (["lessons:", "  - id: l1"], 5, "lessons", "text is empty"),
    (["lessons: [words]"], 4, "lessons", "must have keys"),
    (["lessons:", "  - {id: l1, text: [a]}"], 5, "lessons.text", "must be text"),
    (["cause:", "  - {term: a, role: main}"], 5, "cause.role", "use primary or contributing"),
    (["cause: [a, a]"], 4, "cause", "twice"),
    (["translations: {xx: {title: y}}"], 4, "translations.xx", "into “xx”"),
    (["references:", "  - {id: r1, title: x, url: 'javascript:1'}"], 5, "references.url", "https"),
    (["actions:", "  - {id: a1, text: x, due: soon}"], 5, "actions.due", "2023-04-01"),
    (
        [
            "hypotheses:",
            "- id: h",
            "  claim: c",
            "  evidence:",
            "  - {id: e, text: t, supports: x}",
        ],
        8,
        "hypotheses.evidence.supports",
        "Write yes or no.",
    ),
    (["hindsight: 2"], 4, "hindsight", "second time"),
]


@pytest.mark.parametrize(("lines", "line", "key", "words"), WRONG)
def test_a_problem_names_its_line_and_key_and_what_to_do(lines, line, key, words):
    found = problems(*lines)

    assert [(problem.line, problem.key) for problem in found if words in str(problem)] == [
        (line, key)
    ]


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    found = problems("status: x", "started: y", "cause: {a: b}", body="## Nonsense\n")

    assert [problem.line for problem in found] == [4, 5, 6, 8]


def test_the_format_is_named_and_known():
    missing = parse("---\ntitle: X\n---\n", ()).problems
    later = parse("---\nhindsight: 2\ntitle: X\n---\n", ()).problems

    assert [(problem.line, problem.advice) for problem in (*missing, *later)] == [
        (1, "Begin it with hindsight: 1."),
        (2, "hindsight: 1 can."),
    ]


REFUSED = [
    (b"", 1, "does not begin with front matter"),
    (b"Just text", 1, "does not begin with front matter"),
    (b"---\ntitle: X\n", 1, "does not end"),
    (b"---\ntitle: \xff\n---\n", 2, "byte 12 of it"),
    (FILE.encode("utf-16"), 1, "byte 1 of it"),
    (b"---\ntitle: a\0b\n---\n", 2, "NUL"),
    (b"---\n---\nBody\0", 3, "NUL"),
    (b"---\n" + b"x" * (10 * 1024 * 1024), None, "over 10 MiB"),
    (b"---\ntitle: a: b\n---\n", 2, "not YAML"),
    (b"\n---\na: [" + b"[" * 9999 + b"\n---\n", 3, "nested too deeply"),
]


@pytest.mark.parametrize(("data", "line", "words"), REFUSED)
def test_what_is_no_such_file_is_refused(data, line, words):
    (problem,) = parse(data, VOCABULARIES).problems

    assert problem.line == line
    assert words in problem.message


def test_a_section_may_not_be_longer_than_can_be_stored():
    (problem,) = problems(body="## Impact\n" + "word " * 450_000)

    assert (problem.line, problem.key) == (5, "impact")
    assert "2 MiB" in problem.message


def test_the_whole_may_not_be_longer_than_can_be_stored():
    text = "word " * 400_000
    (problem,) = problems(body=f"## Impact\n{text}\n## Resolution\n{text}\n## Went well\n{text}")

    assert "over 4 MiB" in problem.message


def test_the_printed_file_reads_well():
    document = Document(
        title="Skyscanner's braces: gone",
        summary="All down.",
        started=Moment("2021-08-25", "15:30", "GMT", approximate=True),
        sections={"impact": "Much."},
        classifications=(
            Classification("cause", "network/dns", "primary", "One word " * 11 + "more."),
            Classification("kind", "outage"),
        ),
        signals=(shape.Signal("s1", "panic: no\n  at main.go"),),
    )

    assert print_file(Envelope("sky", "sky", "draft", named=()), document) == PRINTED


PRINTED = """\
---
hindsight: 1
import_id: sky
status: draft
named: []
title: "Skyscanner's braces: gone"
language: en
started: ~2021-08-25 15:30 GMT
cause:
  - term: network/dns
    role: primary
    why: >-
      One word One word One word One word One word One word One word One word One word One word One word
      more.
kind: [outage]
signals:
  - id: s1
    kind: symptom
    text: |-
      panic: no
        at main.go
---
All down.

## Impact

Much.
"""

TEXTS = st.sampled_from(("", "x-1", "a_b"))
NAMES = st.none() | st.lists(st.sampled_from(("alice", "bob", "no", "~")), unique=True).map(tuple)
ENVELOPES = st.builds(
    lambda **fields: Envelope(**fields | {"slug": fields["slug"] or fields["import_id"]}),
    import_id=TEXTS,
    slug=TEXTS,
    status=st.sampled_from(("", "draft", "in_review", "published", "archived")),
    visibility=st.sampled_from(("", "public", "restricted")),
    team=TEXTS,
    authors=NAMES,
    named=NAMES,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(envelope=ENVELOPES, document=strategies.documents())
def test_what_is_printed_is_read_back(envelope, document):
    parsed = read(print_file(envelope, document))

    assert parsed.document == as_file_holds(document)
    assert parsed.envelope == envelope


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=strategies.documents())
def test_printing_again_changes_no_line(document):
    printed = print_file(Envelope(), document)

    assert print_file(Envelope(), read(printed).document) == printed


@given(st.text() | st.binary() | st.lists(st.sampled_from(FILE.splitlines())).map("\n".join))
def test_any_bytes_are_read(data):
    parse(data, VOCABULARIES)
