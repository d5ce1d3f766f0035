"""Sentences in a row: a space between them in English, none in Chinese."""

import pytest
from django.utils import translation

from postmortems.templatetags.sentence_tags import gap, then


@pytest.mark.parametrize(
    ("language", "words"), [("en", "A. B."), ("zh-hans", "A.B."), ("zh-hant", "A.B.")]
)
def test_two_sentences_stand_as_the_language_sets_them(language, words):
    with translation.override(language):
        assert then("A.", "B.") == f"A.{gap()}B." == words


@pytest.mark.parametrize(("first", "second"), [("A.", ""), ("", "A.")])
def test_one_sentence_stands_alone(first, second):
    assert then(first, second) == "A."
