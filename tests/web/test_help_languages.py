"""The manual in Chinese is the English one, part for part: same code, links and figures, its own words."""

import re
from collections import Counter

import opencc
import pytest
from django.test import Client

from postmortems.web import help as manual
from tests.project.test_translations import (
    CONVERTERS,
    GLUED,
    LOOSE,
    OTHER_QUOTES,
    OTHER_WORDS,
    RIGHT,
    UNLIKELY,
    catalog,
)
from tests.web.test_help import FOLDER, TOPICS, text_of
from tests.web.test_help_truth import SAID_ELSEWHERE

LOCALE_OF = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
BLOCK = re.compile(r"^```.*?^```$", re.M | re.S)
CODE = re.compile(r"`[^`\n]+`")
TARGET = re.compile(r"(?<=\]\()[^)\s]+")
FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
SHOWN_WORDS = re.compile(r"(?<![A-Za-z0-9_*])\*([^*\n]+)\*(?!\*)")
TEXTS = [(topic, language) for topic in TOPICS for language in LOCALE_OF]


def shape_of(text: str) -> list[str]:
    """What kind of thing begins each line: headings with their depth, rows with their cells, items."""
    lines = BLOCK.sub("code", text).splitlines()
    kinds = (re.match(r"#+ |- |\d+\. |> ?|code|\|", line) for line in lines)
    return [
        f"| {CODE.sub('', line).count('|')}"
        if kind and kind[0] == "|"
        else (kind[0] if kind else "text")
        for kind, line in zip(kinds, lines, strict=True)
        if line
    ]


# Each language is called by its own name, in whatever language the rest is.
OWN_NAMES = re.compile("简体中文|繁體中文")
DAYS = re.compile(r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?")
# A word of English that search leaves out, and not a heading.
NO_HEADING = {"why"}


def prose_of(text: str) -> str:
    """What is said in words: code as one letter, links as their words, no marks."""
    words = CODE.sub("X", BLOCK.sub("", text))
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
    return re.sub(r"\*+", "", words)


def lines_of(topic: str, language: str) -> list[str]:
    """The lines of a translation in words, each cell of a table by itself."""
    text = DAYS.sub("…", prose_of(translated(topic, language)))
    return [part.strip() for line in text.splitlines() for part in line.split("|")]


def translated(topic: str, language: str) -> str:
    """The Markdown of a topic in a language."""
    return manual.file_of(topic, language).read_text()


@pytest.mark.parametrize("language", LOCALE_OF)
def test_every_topic_is_translated_and_nothing_else(language):
    assert sorted(path.stem for path in (FOLDER / language).iterdir()) == sorted(TOPICS)


@pytest.mark.parametrize(("topic", "language"), TEXTS)
def test_a_translation_has_the_parts_of_the_english_text(topic, language):
    assert shape_of(translated(topic, language)) == shape_of(text_of(topic))


@pytest.mark.parametrize(("topic", "language"), TEXTS)
def test_code_and_links_are_those_of_the_english_text(topic, language):
    english, chinese = text_of(topic), translated(topic, language)

    assert BLOCK.findall(chinese) == BLOCK.findall(english)
    for pattern in (CODE, TARGET):
        assert Counter(pattern.findall(BLOCK.sub("", chinese))) == Counter(
            pattern.findall(BLOCK.sub("", english))
        )


@pytest.mark.parametrize(("topic", "language"), TEXTS)
def test_no_figure_of_the_english_text_is_lost(topic, language):
    english, chinese = (
        Counter(FIGURE.findall(prose_of(text)))
        for text in (text_of(topic), translated(topic, language))
    )

    assert english - chinese == Counter()


@pytest.mark.parametrize(("topic", "language"), TEXTS)
def test_the_words_of_pages_are_those_that_stand_there(topic, language):
    english, chinese = (
        SHOWN_WORDS.findall(CODE.sub("", BLOCK.sub("", text)).replace("**", ""))
        for text in (text_of(topic), translated(topic, language))
    )
    entries = catalog(LOCALE_OF[language])[1]
    shown = {entry.source.lower(): entry.translation for entry in entries}
    named = {words for words in english if words.lower() in shown} - SAID_ELSEWHERE - NO_HEADING

    lost = {
        words: shown[words.lower()]
        for words in named
        if not any(
            entry.translation in chinese
            for entry in entries
            if entry.source.lower() == words.lower()
        )
    }
    assert lost == {}


@pytest.mark.parametrize(("topic", "language"), TEXTS)
def test_a_translation_is_in_its_own_script(topic, language):
    convert = opencc.OpenCC(CONVERTERS[LOCALE_OF[language]]).convert
    lines = [OWN_NAMES.sub("", RIGHT.sub("", line)) for line in lines_of(topic, language)]

    assert [line for line in lines if convert(line) != line] == []


@pytest.mark.parametrize(("topic", "language"), TEXTS)
def test_a_translation_is_set_like_the_pages(topic, language):
    locale = LOCALE_OF[language]
    lines = lines_of(topic, language)
    wrong = [*OTHER_QUOTES[locale], *OTHER_WORDS[locale]]

    assert [line for line in lines if UNLIKELY.search(line) or GLUED.search(line)] == []
    assert [found[0] for line in lines for found in LOOSE.finditer(line)] == []
    assert [(word, line) for line in lines for word in wrong if word in line] == []


@pytest.mark.parametrize("language", LOCALE_OF)
def test_a_reader_gets_the_manual_in_the_own_language_with_the_same_addresses(db, language):
    page = Client(headers={"accept-language": language}).get("/help/search/").text
    sections = manual.read("search").sections

    assert f'<article class="help-text" lang="{language}">' in page
    assert all(f'<section id="{section.id}">' in page for section in sections)
    assert not any(f"<h2>{section.title}</h2>" in page for section in sections)


def test_a_language_without_the_manual_gets_the_english_one():
    assert manual.read("search", "eo") == manual.read("search")
