"""What is wrong with a file is said in the language of the reader; what is not known stays as it is."""

import re

import pytest
from django.utils.translation import override

from postmortems import document_rules, durations, moments
from postmortems.exchange.problems import FileProblem
from postmortems.web.import_words import in_words, said
from tests.exchange.files import file
from tests.web.test_imports import chosen

ENGLISH = re.compile(r"\b(?:is|not|a|the|write|be|must|at)\b")
SAMPLES = {"name": "title", "value": "x y", "choices": "sev1, sev2 or sev3", "most": 9, "number": 1}
SAMPLES |= {"type": "a list", "sentence": "Minutes after an entry may be at most 9."}


@pytest.mark.parametrize("code", document_rules.MESSAGES)
def test_every_rule_of_a_document_is_said_in_chinese(code):
    with override("zh-hans"):
        words = said(document_rules.MESSAGES[code] % SAMPLES)

    assert not ENGLISH.search(words), words


@pytest.mark.parametrize(
    "written", ["yesterday", "2023-02-30", "2023-03 19:00", "19:00 Atlantis", "t1 + 1 s"]
)
def test_what_is_wrong_with_a_time_is_said_in_chinese(written):
    with pytest.raises(ValueError, match="cannot be read as a time") as wrong:
        moments.parse_moment(written)

    with override("zh-hant"):
        words = said(str(wrong.value))

    assert words.startswith(f"無法把「{written}」讀作時間")
    assert not ENGLISH.search(words), words


@pytest.mark.parametrize("reason", durations.REASONS.values())
def test_what_is_wrong_with_a_duration_is_said_in_chinese(reason):
    with override("zh-hans"):
        assert said(reason % SAMPLES).startswith("无法把“x y”读作时长：")


def test_choices_and_places_of_lists_are_said_in_chinese():
    with override("zh-hans"):
        assert said("status “x” is not allowed: use draft, published or archived.") == (
            "status 不能是“x”，可用的值：draft、published、archived。"
        )
        assert said("Item 3 of causes must be an object.") == "causes 的第 3 项必须是对象。"
        assert said("The document must be an object.") == "整篇内容必须是对象。"


def test_an_archive_that_is_refused_is_named():
    words = "a.zip: The archive is damaged or incomplete. Nothing of the archive was read."

    with override("zh-hans"):
        assert said(words) == "a.zip：压缩包已损坏或不完整。压缩包中的内容都没有读取。"


def test_the_place_of_a_problem_stays_and_so_does_what_is_not_known():
    problem = FileProblem(7, "title", "title is missing.", "Walrus!")

    with override("zh-hant"):
        assert in_words(problem) == FileProblem(7, "title", "缺少 title。", "Walrus!")
    with override("en"):
        assert in_words(problem) == problem


def test_a_preview_in_chinese_says_in_chinese_what_is_wrong(browse, alice):
    files = chosen(file("a", "started: yesterday"))

    page = browse(alice).post("/import/", files, headers={"Accept-Language": "zh-CN"}).text

    assert "无法把“yesterday”读作时间" in page
    assert "cannot be read" not in page
