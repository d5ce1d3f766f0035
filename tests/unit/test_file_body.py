"""Summary and sections below the front matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.exchange import body
from tests import strategies


def sections(text):
    return {section.key: section.text for section in body.read(text).sections}


def test_the_text_before_the_first_heading_is_the_summary():
    assert body.read("One.\n\nTwo.\n\n## Impact\n\nMuch.\n").summary == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Impact", "impact"),
        ("What happened", "what-happened"),
        ("WHAT HAPPENED", "what-happened"),
        ("What surprised us", "what-surprised-us"),
        ("Customer impact {#customer-impact}", "customer-impact"),
        ("影响 {#impact}", "impact"),
    ],
)
def test_a_heading_names_its_section(heading, key):
    assert sections(f"## {heading}\nText") == {key: "Text"}


def test_other_headings_belong_to_the_text():
    assert sections("## Impact\n# One\n### Three\n##Four") == {"impact": "# One\n### Three\n##Four"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("\\## x", "## x"), ("\\\\## x", "\\## x"), ("a \\## x", "a \\## x"), ("\\# x", "\\# x")],
)
def test_a_backslash_keeps_a_line_from_being_a_heading(written, meant):
    assert sections(f"## Impact\n{written}") == {"impact": meant}


def test_a_section_without_text_is_not_there():
    assert sections("## Impact\n\n## Resolution\n\nDone.") == {"resolution": "Done."}


def test_problems_say_the_line_and_what_to_do():
    found = body.read("S\n\n## Impcat\n\nA\n\n## Resolution\nB\n## Resolution\nC", 20).problems

    assert [(problem.line, problem.key) for problem in found] == [
        (22, "Impcat"),
        (28, "resolution"),
    ]
    assert found[0].advice == "Did you mean Impact?"


def test_a_foreign_heading_is_told_how_to_be_text():
    problem = body.read("## Vendor correspondence\nText").problems[0]

    assert "Begin the line with \\##" in problem.advice


@pytest.mark.parametrize("text", ["## x\n" * 300_000, "## x {#x%d}\ny\n" * 5_000])
def test_very_many_headings_are_refused_quickly(text):
    numbered = text % tuple(range(5_000)) if "%d" in text else text

    assert 1 <= len(body.read(numbered).problems) <= 100


KEYS = st.sampled_from(("impact", "open-questions", "went-well", "my-own", "x1"))


@given(
    summary=st.just("") | strategies.paragraphs(),
    sections=st.dictionaries(KEYS, strategies.paragraphs()),
)
def test_what_is_printed_is_read_back(summary, sections):
    found = body.read(body.print_body(summary, sections))

    assert found.problems == ()
    assert found.summary == summary
    assert {section.key: section.text for section in found.sections} == sections


@given(st.text() | st.text(alphabet="# \\\n{}ax"))
def test_any_text_is_read(text):
    body.read(text)
