"""One word for one thing: the glossary's words are the ones that pages and manual use, and no others."""

import re

import pytest

from tests.project.test_translations import catalog
from tests.web.test_help import TOPICS, text_of

# Another word for something that has one here, with the word to use. Never a second one beside it.
OTHERS = {
    r"post-mortems?|post mortems?|retrospectives?|incident reports?|rca": "postmortem",
    r"workarounds?": "work-around",
    r"time lines?|chronology": "timeline",
    r"categor(?:y|ies)|tags?": "term",
    r"action items?|remediations?|to-?dos?": "action",
    r"lessons? learned": "lesson",
    r"trash|recycle bin": "bin",
    r"log(?:in|on)s?|log (?:in|on|out)": "sign in",
    r"e-mails?|emails?": "mail",
    r"organizations?": "organisation",
    r"api keys?": "token",
    r"permissions?|privileges?": "right",
    r"bookmarks?|saved quer(?:y|ies)": "saved search",
    r"glossary entr(?:y|ies)|taxonomies": "vocabulary",
    r"culprits?|mttr|mtbf|mean time|human errors?|user errors?|blam(?:e|ed|ing)": "a condition",
}
OTHER = re.compile(rf"(?<![\w./-])(?:{'|'.join(OTHERS)})(?![\w-])", re.I)
CODE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|<[^>]*>|“[^”]*”|%\(\w+\)[a-z]", re.S)
# What is said about such words, or belongs to another standard.
SPOKEN_OF = {
    "api": {"tag"},
    "importing": {"tags"},
    "patterns": {"mttr"},
    "writing": {"human error"},
    "good-postmortems": {"human error"},
}
SPOKEN_OF_ON_PAGES = {"tag", "tags", "blame"}


def words_of(text: str) -> set[str]:
    """The other words in a text, lower-case, outside of code, addresses and quotations."""
    return {found.lower() for found in OTHER.findall(CODE.sub(" ", text))}


GLOSSARY = re.findall(r"^\| \[\*\*(.+?)\*\*\]\(([^)]+)\) \|", text_of("glossary"), re.M)
WORDS = [word.strip() for words, _place in GLOSSARY for word in words.split(",")]


def strings() -> list[str]:
    """Every visible string of pages, mails and the API, in English."""
    return [entry.source for entry in catalog("zh_Hans")[1]]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_manual_has_one_word_for_one_thing(topic):
    assert words_of(text_of(topic)) - SPOKEN_OF.get(topic, set()) == set()


def test_pages_have_one_word_for_one_thing():
    found = {text: words_of(text) - SPOKEN_OF_ON_PAGES for text in strings()}

    assert {text: words for text, words in found.items() if words} == {}


@pytest.mark.parametrize(
    "text", ["See the post-mortem.", "Log in", "Choose a category", "Its MTTR"]
)
def test_the_search_for_other_words_can_fail(text):
    assert words_of(text)


def test_every_word_of_the_glossary_is_explained_somewhere():
    rows = [line for line in text_of("glossary").splitlines() if line.startswith("| ")]
    words = [row for row in rows if not row.startswith("| word")]

    assert len(GLOSSARY) == len(words) > 35


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_glossary_is_used(word):
    topics = [text_of(topic) for topic in TOPICS if topic != "glossary"]
    text = "\n".join([*strings(), *topics]).lower()

    assert re.search(rf"\b{re.escape(word.lower())}", text)
