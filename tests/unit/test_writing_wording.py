"""Phrases that judge a person: found with a question to ask instead, and few false alarms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.writing.wording import phrases_in

ENGLISH = [
    ("The engineer should have checked it.", "should have checked"),
    ("She shouldn't have deployed on Friday.", "shouldn't have deployed"),
    ("It was a careless change.", "careless"),
    ("The cause was human error.", "human error"),
    ("The on-call failed to notice.", "The on-call failed to"),
    ("He forgot to renew it.", "He forgot"),
    ("Obviously the flag was wrong.", "Obviously"),
    ("Bob is to blame.", "is to blame"),
    ("This was alice's fault.", "fault"),
]
CHINESE = [
    ("他太粗心了", "粗心"),
    ("原因是人为失误", "人为失误"),
    ("值班人员本应该检查", "本应该"),
    ("值班人員本應該檢查", "本應該"),
    ("他忘记了备份", "忘记了"),
    ("显然配置是错的", "显然"),
]
LEFT_ALONE = [
    "The alert should have fired.",
    "Pods should have two replicas.",
    "The pod failed to start.",
    "The API server failed to reach etcd.",
    "A segmentation fault in the kernel.",
    "The page fault rate rose.",
    "Images are loaded by lazy loading.",
    "> She should have known.",
    "2023-03-14 19:04:49 user error: should have failed",
    "    he should have known",
    'The page said "you should have known".',
    "The log said `human error`.",
    "```\ncareless\n```",
    "ERROR careless call",
]


@pytest.mark.parametrize(("text", "words"), ENGLISH)
def test_an_english_phrase_that_judges_is_found(text, words):
    (phrase,) = phrases_in(f"First.\n{text}", "en")

    assert phrase.words == words == f"First.\n{text}"[phrase.start : phrase.end]
    assert phrase.reason.endswith(".")
    assert phrase.question.endswith("?")


@pytest.mark.parametrize(("text", "words"), CHINESE)
def test_a_chinese_phrase_that_judges_is_found(text, words):
    assert [phrase.words for phrase in phrases_in(text, "zh-hans")] == [words]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_judges_nobody_is_left_alone(text):
    assert phrases_in(text, "en") == ()


def test_this_application_is_no_reproach():
    assert phrases_in("本应用程序使用缓存", "zh-hans") == ()


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("text", ["这是 human error", "粗心"])
def test_a_line_is_judged_by_its_script_and_not_by_what_the_text_is_said_to_be(text, language):
    assert phrases_in(text, language)


def test_what_chinese_and_japanese_write_alike_is_no_reproach_in_japanese():
    assert not phrases_in("追責", "ja")


@given(st.text(), st.sampled_from(["en", "zh-hans", "zh-hant", ""]))
def test_it_never_raises_and_points_into_the_text(text, language):
    for phrase in phrases_in(text, language):
        assert text[phrase.start : phrase.end] == phrase.words


@pytest.mark.parametrize("piece", ["a", "should have ", '"a', "the team ", "```\n", "\n"])
def test_hostile_texts_take_linear_time(piece):
    phrases_in(piece * (500_000 // len(piece)), "zh-hans")
