"""Whole pasted postmortems: known headings, dates, lists, and that no word is lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.document import Classification
from postmortems.document_json import check, to_json
from postmortems.moments import format_moment
from postmortems.writing.chat import clean_paste
from postmortems.writing.headings import document_of
from postmortems.writing.parts import parts_of

SRE = """# Shakespeare Postmortem (incident #465)

### Date
2015-10-21

### Authors
jennifer

### Summary
Search down for 66 minutes.

### Impact
Queries lost.

### Root Causes
Cascading failure.

### Trigger
Latent bug.

## Action Items

| Action Item | Type | Owner | Bug | Due |
|---|---|---|---|---|
| Update playbook | process | jennifer | ABC-12 | 2015-11-01 |
| Plug leak | prevent | agoogler | | soon |

## Lessons Learned

* Load tests help
  in many ways
* Caches hide

### What went well
* Monitoring

### What went wrong
* Overload

### Where we got lucky
* A copy

## Timeline
2015-10-21 (*all times UTC*)

* 14:51 News reports
* 15:01 Outage begins

## Supporting information
Dashboard
"""
ATLASSIAN = """Checkout down

Start: March 14, 2023 7pm UTC
Resolved: 2023-03-14 21:00 UTC
Duration: 2 hours

Incident summary
We fell.

Leadup
A deploy.

**Impact:** 5% of users

Unclaimed words.

Root cause
DNS.

Corrective actions
- [ ] Fix DNS ABC-123
- [x] Alert
"""


def of(text):
    return document_of(text).document


def test_a_template_of_the_sre_book_fills_every_part():
    document = of(SRE)

    assert document.title == "Shakespeare Postmortem (incident #465)"
    assert document.summary == "Search down for 66 minutes."
    assert document.sections["root-cause"] == "Cascading failure.\n\n### Trigger\n\nLatent bug."
    assert document.sections["went-badly"] == "### What went wrong\n\n* Overload"
    assert document.sections["got-lucky"] == "* A copy"
    assert "### Supporting information\n\nDashboard" in document.sections["what-happened"]
    assert [lesson.text for lesson in document.lessons] == [
        "Load tests help\n  in many ways",
        "Caches hide",
    ]
    assert format_moment(document.timeline[1].when) == "2015-10-21 15:01 UTC"
    assert check(document) == []


def test_actions_of_a_table_have_their_fields_and_the_rest_stays_text():
    first, second = of(SRE).actions

    assert (first.owner, first.tracker, first.due, first.kind) == (
        "jennifer",
        "ABC-12",
        "2015-11-01",
        "process",
    )
    assert second.text == "Plug leak (Type: prevent; Due: soon)"


def test_headings_without_marks_are_known_too():
    document = of(ATLASSIAN)

    assert document.title == "Checkout down"
    assert document.summary == "We fell."
    assert document.sections["root-cause"] == "DNS."
    assert document.sections["impact"] == "5% of users"
    assert [(action.status, action.tracker) for action in document.actions] == [
        ("open", "ABC-123"),
        ("done", ""),
    ]


def test_stated_dates_become_moments_and_keep_their_words():
    document = of(ATLASSIAN)

    assert format_moment(document.started) == "2023-03-14 19:00 UTC (March 14, 2023 7pm UTC)"
    assert format_moment(document.resolved) == "2023-03-14 21:00 UTC"
    assert document.duration.seconds == 7200


def test_a_date_that_was_not_fully_understood_stays_in_the_text():
    document = of("# T\n\nStart: 2023-03-14 19:00 CST\n\n## Impact\n\nx")

    assert format_moment(document.started) == ""
    assert document.sections["what-happened"] == "Start: 2023-03-14 19:00 CST"


def test_what_was_recognised_is_said_with_where_it_went():
    headings = dict(document_of(SRE).headings)

    assert headings["Date"] == "started"
    assert headings["Root Causes"] == "root-cause"
    assert headings["Supporting information"] == "what-happened"


HEADINGS = [
    ("## What Happened", "what-happened"),
    ("== Conclusions ==", "what-happened"),
    ("## How'd We Do?", "lessons"),
    ("### What Didn’t Go So Well?", "went-badly"),
    ("**Root Cause**", "root-cause"),
    ("**Resolution:**", "resolution"),
    ("## 3. Contributing Factors", "root-cause"),
    ("Root cause and mitigation\n-----", "root-cause"),
    ("## Resolution and recovery", "resolution"),
    ("## Corrective and Preventative Measures", "actions"),
    ("## What caused the incident?", "root-cause"),
    ("## Mitigation & Resolution", "resolution"),
    ("## Lessons Learnt", "lessons"),
    ("## Action Items & Followups", "actions"),
    ("## Executive Summary", "summary"),
    ("## Actionables", "actions"),
    ("## Timeline (all times UTC)", "timeline"),
    ("## Open questions", "open-questions"),
    ("## 根本原因", "root-cause"),
    ("## 改进措施", "actions"),
]


@pytest.mark.parametrize(("heading", "target"), HEADINGS)
def test_headings_of_known_templates_are_recognised(heading, target):
    parts = parts_of(f"# Title\n\n{heading}\n\nWords.\n")

    assert (parts[-1].target, parts[-1].text.strip()) == (target, "Words.")


def test_text_under_an_unknown_heading_is_kept_whole_with_its_heading():
    document = of(
        "# T\n\nBefore.\n\n## Weather\n\nRain.\n\n## Impact\n\nNone.\n\n### Costs\n\nFew."
    )

    assert document.sections["what-happened"] == "Before.\n\n### Weather\n\nRain."
    assert document.sections["impact"] == "None.\n\n### Costs\n\nFew."


def test_headings_within_code_are_code():
    document = of("# T\n\n## Impact\n\n```\n# Timeline\n```\n")

    assert document.sections["impact"] == "```\n# Timeline\n```"


def test_days_within_a_timeline_date_its_entries():
    document = of("# T\n## Timeline\n### 2024-06-15 (UTC)\n* [10:30] A\n## 2024-06-16\n* [09:00] B")

    assert [format_moment(entry.when) for entry in document.timeline] == [
        "2024-06-15 10:30 UTC",
        "2024-06-16 09:00 UTC",
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Hello", "en"), ("数据库发生问题", "zh-hans"), ("資料庫發生問題", "zh-hant")],
)
def test_the_language_is_that_of_most_words(text, language):
    assert of(f"# T\n\n{text * 5}").language == language


def test_names_in_the_timeline_become_roles_when_asked():
    pasted = document_of("# T\n## Timeline\n10:22 <alice> hi", keep_names=False)

    assert pasted.document.timeline[0].text == "responder A: hi"
    assert dict(pasted.people) == {"alice": "responder A"}


WORD = re.compile(r"[a-z]{3,}|[\u4e00-\u9fff]")
LINES = st.sampled_from(
    [
        "# Alpha beta",
        "## Impact",
        "### Gamma",
        "Timeline",
        "## Timeline",
        "10:22 delta",
        "- epsilon zeta",
        "| eta | theta |",
        "|---|---|",
        "| Action | Owner |",
        "## Action Items",
        "## Lessons Learned",
        "**Impact:** iota",
        "Start: 2023-03-14",
        "Start: kappa",
        "",
        "",
        "Duration: 5 min",
        "lambda mu",
        "```",
        "1. nu",
        "  xi",
        "### What went well",
        "Root cause",
        "---",
        "omicron: pi",
        "<rho> sigma",
        "alice  10:22 AM",
        "事件",
        "Summary: tau",
        "upsilon\n===",
        "Date: 14 March 2023",
        "T+5 phi",
        "[ ] chi",
        "- [x] psi",
    ]
)


def texts_in(value):
    """Every text in JSON."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in texts_in(item)]
    return [str(value)]


def words_of(pasted):
    kept = [*texts_in(to_json(pasted.document)), *pasted.left_out]
    return WORD.findall(" ".join([*kept, *map(str, pasted.headings)]).lower())


@given(st.lists(LINES, max_size=25).map("\n".join) | st.text())
def test_every_word_stands_somewhere(text):
    pasted = document_of(text)

    # What cannot be stored at all, control characters and the like, goes first.
    read = clean_paste(text).lower().replace("min", "")
    assert set(WORD.findall(read)) - set(words_of(pasted)) <= {"may"}


@given(st.lists(LINES, max_size=25).map("\n".join) | st.text())
def test_every_document_can_be_stored_but_for_its_title(text):
    document = of(text)

    assert {problem.pointer for problem in check(document)} <= {"/title"}


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "# a\n",
        "Summary: x\n\n",
        "Actions:\n- x\n",
        "## Timeline\n10:22 a\n",
        "```\n",
        "== a ",
        "a: b\n",
        "| a | b |\n",
    ],
)
def test_hostile_texts_take_linear_time(piece):
    document_of(piece * min(500_000 // len(piece), 20_000))


# --- Who and how severe ---------------------------------------------------------------------------

FIELDS = """# Checkout down
Owner: Jane Doe <jane@corp.com>
Severity: SEV2 (high)
Status: resolved

## Impact
Jane restarted it; jane@corp.com saw errors.

## Timeline
- 10:22 bob: down
- 10:25 Jane Doe: restarted
"""


def read_fields(text: str = FIELDS, **options):
    return document_of(text, severity_of={"SEV2 (high)": "sev2"}.get, **options)


def test_a_severity_becomes_its_term():
    document = read_fields().document

    assert document.classifications == (Classification("severity", "sev2"),)
    assert "SEV2" not in document.sections["what-happened"]


def test_a_severity_that_is_no_term_stays_in_the_text():
    document = document_of(FIELDS).document

    assert document.classifications == ()
    assert "Severity: SEV2 (high)" in document.sections["what-happened"]


def test_an_owner_becomes_one_role_by_name_and_by_mail_in_every_part():
    pasted = read_fields(keep_names=False)

    sections = pasted.document.sections
    assert sections["what-happened"] == "Owner: responder A\nStatus: resolved"
    assert sections["impact"] == "responder A restarted it; responder A saw errors."
    assert [entry.text for entry in pasted.document.timeline] == [
        "responder B: down",
        "responder A: restarted",
    ]
    assert pasted.people == {"Jane Doe": "responder A", "bob": "responder B"}


def test_kept_names_stay_everywhere():
    document = read_fields(keep_names=True).document

    assert "Owner: Jane Doe <jane@corp.com>" in document.sections["what-happened"]
    assert "Jane restarted" in document.sections["impact"]


@pytest.mark.parametrize("owner", ["checkout", "Payments Platform", "SRE Team", "支付组"])
def test_a_team_that_owns_is_no_person(owner):
    text = f"# T\nOwner: {owner}\n\n## Impact\nThe {owner} page was down."

    document = document_of(text, keep_names=False).document

    assert document.sections["impact"] == f"The {owner} page was down."
