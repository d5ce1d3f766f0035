"""Pages in the language the browser asks for: its tag, its words, its dates and lengths."""

import re
from typing import NamedTuple

import pytest

from tests import makers
from tests.seed_documents import seed


class Chinese(NamedTuple):
    """One of the two: what a browser asks for, and how a few words read."""

    tag: str
    accepted: str
    search: str
    sign_in: str
    timeline: str
    length: str


HANS = Chinese("zh-Hans", "zh-CN,zh;q=0.9,en;q=0.8", "搜索", "登录", "时间线", "5 小时 14 分钟")
HANT = Chinese("zh-Hant", "zh-TW,zh;q=0.9,en;q=0.8", "搜尋", "登入", "時間軸", "5 小時 14 分鐘")
BOTH = pytest.mark.parametrize("chinese", [HANS, HANT], ids=["zh-CN", "zh-TW"])
# Names that are the same in every language.
NAMES = {"Hindsight", "API", "English", "Markdown", "alice", "bob", "charlie", "dana", "Platform"}


def page_of(browse, path, accepted):
    """The page for a browser with that Accept-Language."""
    response = browse().get(path, headers={"Accept-Language": accepted})
    assert response.status_code == 200
    return response.text


def latin_words(page):
    """What a reader sees or hears in Latin letters, apart from code and keys."""
    text = re.sub(r"<(script|style|code|kbd)\b.*?</\1>", "<br>", page, flags=re.S)
    heard = re.findall(r'\b(?:aria-label|title|placeholder)="([^"]*)"', text)
    seen = re.findall(r">([^<]*)<", text)
    return {word for said in (*seen, *heard) for word in re.findall(r"[A-Za-z]+", said)}


def reddit():
    """The address of an English postmortem that has a bit of everything."""
    return makers.make_postmortem(seed("reddit-pi-day-2023")).get_absolute_url()


@BOTH
def test_home_speaks_chinese(browse, db, chinese):
    reddit()

    page = page_of(browse, "/", chinese.accepted)

    assert f'<html lang="{chinese.tag}"' in page
    assert f">{chinese.search}</button>" in page
    assert '<span class="start">2023年3月14日</span>' in page
    assert f'<span class="length">{chinese.length}</span>' in page


@BOTH
def test_the_read_page_speaks_chinese_around_an_english_text(browse, db, chinese):
    page = page_of(browse, reddit(), chinese.accepted)

    assert f'<html lang="{chinese.tag}"' in page
    assert f'<h2 id="timeline">{chinese.timeline} ' in page
    assert '<li class="day">2023年3月14日，UTC</li>' in page
    assert f'<span class="value">+ {chinese.length}</span>' in page
    assert '<span class="lines" lang="en">' in page


@BOTH
@pytest.mark.parametrize("path", ["/sign-in/", "/"])
def test_a_page_without_content_speaks_chinese_alone(browse, db, settings, chinese, path):
    settings.MODE = "demo"

    page = page_of(browse, path, chinese.accepted)

    assert f'<html lang="{chinese.tag}"' in page
    assert chinese.sign_in in page
    assert latin_words(page) - NAMES == set()


def test_the_search_for_latin_words_can_fail(browse, db):
    assert {"Sign", "Password", "Language"} <= latin_words(page_of(browse, "/sign-in/", "en"))


@pytest.mark.parametrize("accepted", ["en-GB,zh;q=0.1", "fr,de;q=0.5", "", "*", "x" * 600])
def test_everybody_else_reads_english(browse, db, accepted):
    page = page_of(browse, "/", accepted)

    assert '<html lang="en"' in page
    assert ">Search</button>" in page
