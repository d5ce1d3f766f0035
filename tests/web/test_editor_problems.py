"""What keeps a form from being saved: said in the reader's language, with the field that it is about."""

import re

import pytest
from django.utils import translation

from postmortems.document_rules import MESSAGES, Problem
from postmortems.durations import REASONS
from postmortems.web import editor_problems

pytestmark = pytest.mark.django_db

NEW = "/p/new/"
FORM = {"key": "k" * 16, "title": "Routes lost", "do": "save"}
# What no form can send: a document's own number and the shape of JSON; and the sentences about times,
# which the editor keeps as words where they are none.
ONLY_IN_FILES = {"schema", "type", "too-many-keys", "unknown-key", "time"}


def told(browse, user, **typed: str) -> list[str]:
    fields = {name.replace("__", "."): text for name, text in typed.items()}
    page = browse(user).post(NEW, FORM | fields).text
    listed = page.partition('id="errors"')[2].partition("</ul>")[0]
    return re.findall(r'<a href="#[\w-]+">(.*?)</a>', listed)


def test_a_source_without_a_title_says_so_of_the_source(browse, alice):
    typed = {"references__3__url": "https://example.com/"}

    assert told(browse, alice, **typed) == ["Sources 1, Title: missing."]


def test_the_number_is_that_of_the_row_as_it_stands(browse, alice):
    typed = {"hypotheses__1__claim": "DNS", "hypotheses__4__holder": "on-call"}

    assert told(browse, alice, **typed) == ["Hypotheses 2, Claim: missing."]


def test_what_is_no_day_asks_for_one_however_long_it_is(browse, alice):
    typed = {"actions__0__text": "Renew", "actions__0__due": "next Friday"}

    (words,) = told(browse, alice, **typed)

    assert words == "Actions 1, Due: “next Friday” is no day. Write a day such as 2026-12-01."


def test_what_is_no_length_of_time_is_shown_with_examples(browse, alice):
    (words,) = told(browse, alice, duration="soon")

    assert words.startswith("Duration: “soon” is no length of time. Write it like 314 min")


def test_a_sentence_that_names_its_field_has_no_name_before_it(browse, alice):
    words = told(browse, alice, do="review")

    assert "“Severity” is needed before publishing." in words


def test_the_words_at_the_field_itself_need_no_name(browse, alice):
    page = browse(alice).post(NEW, FORM | {"references.0.url": "https://example.com/"}).text

    assert '<p class="error" id="references-0-title-error">Missing.</p>' in page


def test_a_missing_title_is_that_of_the_postmortem(browse, alice):
    assert told(browse, alice, title="") == ["Title: missing."]


@pytest.mark.parametrize("code", sorted(MESSAGES.keys() - ONLY_IN_FILES))
def test_every_problem_of_a_form_has_words_of_its_own(code):
    values = {"name": "due", "value": "x", "most": 3, "choices": "a or b"}

    words = editor_problems.words_of(Problem("/x", "raw", code, values))

    assert words != "raw"
    assert "due" not in words


@pytest.mark.parametrize("code", REASONS)
def test_so_has_every_problem_of_a_duration(code):
    assert code in editor_problems.NO_DURATION


def test_facts_terms_and_sections_are_called_as_the_page_calls_them():
    numbers = {"hypotheses.0": "hypotheses.2", "hypotheses.0.evidence.0": "hypotheses.2.evidence.1"}
    names = ("hypotheses.2.evidence.1.text", "classifications.cause.0.term", "sections.impact")

    with translation.override("en"):
        found = dict(editor_problems.named(dict.fromkeys(names, "missing."), numbers))

    assert list(found.values()) == [
        "Hypotheses 1, Fact: missing.",
        "Root cause: missing.",
        "Impact: missing.",
    ]
