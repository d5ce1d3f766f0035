"""The Chinese catalogs are whole: every string translated, compiled, in its own script, none left out."""

import gettext
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc
import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGS = "postmortems/locale/{}/LC_MESSAGES/django.{}"
LOCALES = ("zh_Hans", "zh_Hant")
FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr)(?:\[0\])? ((?:".*"\n?)+)', re.M)
# Placeholders and tags, which a translation must not lose, rename or invent.
FIXED = re.compile(r"%\(\w+\)[a-z]|%[a-z]|</?\w[^>]*>")
# What converts a text of the other script; a text that already is in its own stays as it is.
CONVERTERS = {"zh_Hans": "t2s", "zh_Hant": "s2tw"}
# Words of Taiwan that the converter takes for others.
RIGHT = re.compile("核准|儀表板")
# Signs of Chinese typing in half width between Han characters, or of a raised voice.
UNLIKELY = re.compile(r"[\u4e00-\u9fff] ?[,;:!?]|[,;:!?][\u4e00-\u9fff]|！")
HAN = "[\u4e00-\u9fff]"
# Dates and quarters are written without spaces.
DATES = re.compile(r"\d+年\d+月|Y年(?:n月(?:j日)?)?|n月j日|第?%\(\w+\)s(?:年|季)")
NUMBERS = re.compile(r"%\((?:n|number|count|counter|most|total)\)[sd]|%\(\w+\)d")
WORDS = re.compile(r"%*\(\w+\)s|%s|\{\w+\}")
GLUED = re.compile(f"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")
LOOSE = re.compile(f"{HAN} {HAN}|[，。：；？（）「」“”、] | [，。：；？（）「」“”、]")
# The quotation marks of the other script, and words that belong to it, to mainland or Taiwan alone, or
# to a thing that is called otherwise here: one word for one thing, and one “you”.
OTHER_QUOTES = {"zh_Hans": "「」『』", "zh_Hant": "“”‘’"}
OTHER_WORDS = {
    "zh_Hans": (
        *("您", "事后分析", "词汇表", "审阅", "行动项", "整理者", "修订", "涂除", "仪表板"),
        *("帐号", "登陆", "缺省"),
    ),
    "zh_Hant": (
        *(
            "您",
            "復盤",
            "釋出",
            "發佈",
            "評審",
            "批准",
            "險情",
            "會話",
            "令牌",
            "身份",
            "當前",
            "獲取",
        ),
        *(
            "軟件",
            "信息",
            "網絡",
            "數據",
            "默認",
            "程序",
            "屏幕",
            "鏈接",
            "用戶",
            "文檔",
            "服務器",
            "搜索",
        ),
        *(
            "保存",
            "導入",
            "導出",
            "註銷",
            "模板",
            "字段",
            "菜單",
            "打印",
            "匹配",
            "自帶",
            "更改",
            "紀錄",
        ),
        *(
            "塗除",
            "行動項",
            "整理者",
            "登錄",
            "質量",
            "粘貼",
            "緩存",
            "添加",
            "列表",
            "創建",
            "查看",
        ),
        *("通過郵件", "修訂"),
    ),
}
# As `make messages` does it.
EXTRACT = ["makemessages", "--no-location", "--no-wrap", "--no-obsolete", "-v", "0"]
NEEDED = ("manage.py", "postmortems", "taxonomy", "templates")


@dataclass(frozen=True)
class Entry:
    """One string of a catalog; `key` is what a compiled catalog finds it by."""

    key: str | tuple[str, int]
    source: str
    translation: str
    is_fuzzy: bool


def read(text: str) -> tuple[str, list[Entry]]:
    """The header and the entries of a .po file."""
    header, *entries = [_entry(block) for block in text.strip().split("\n\n")]
    return header.translation, entries


def _entry(block: str) -> Entry:
    parts = {
        name: "".join(json.loads(line) for line in lines.splitlines())
        for name, lines in FIELD.findall(block)
    }
    key = "\x04".join(parts[name] for name in ("msgctxt", "msgid") if name in parts)
    plural = parts.get("msgid_plural")
    is_fuzzy = bool(re.search(r"^#,.*\bfuzzy\b", block, re.M))
    return Entry((key, 0) if plural else key, plural or parts["msgid"], parts["msgstr"], is_fuzzy)


@cache
def catalog(locale: str) -> tuple[str, list[Entry]]:
    """The catalog of the repository."""
    return read((ROOT / CATALOGS.format(locale, "po")).read_text())


@pytest.mark.parametrize("locale", LOCALES)
def test_every_string_is_translated(locale):
    _header, entries = catalog(locale)

    assert len(entries) > 400
    assert [entry.key for entry in entries if entry.is_fuzzy or not entry.translation] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_placeholders_and_tags_agree(locale):
    wrong = [
        entry.key
        for entry in catalog(locale)[1]
        if sorted(FIXED.findall(entry.source)) != sorted(FIXED.findall(entry.translation))
    ]

    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_each_catalog_is_in_its_own_script(locale):
    convert = opencc.OpenCC(CONVERTERS[locale]).convert
    words = [RIGHT.sub("", entry.translation) for entry in catalog(locale)[1]]

    assert [text for text in words if convert(text) != text] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_punctuation_between_chinese_is_full_width_and_calm(locale):
    words = [entry.translation for entry in catalog(locale)[1]]

    assert [text for text in words if UNLIKELY.search(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_chinese_and_latin_stand_a_space_apart_and_nothing_else_does(locale):
    texts = [re.sub("<[^>]*>", "", entry.translation) for entry in catalog(locale)[1]]
    filled = [WORDS.sub("…", NUMBERS.sub("1", DATES.sub("", text))) for text in texts]

    assert [text for text in filled if GLUED.search(text) or LOOSE.search(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_quotation_marks_and_words_are_those_of_the_script_and_the_glossary(locale):
    wrong = [*OTHER_QUOTES[locale], *OTHER_WORDS[locale]]
    words = [entry.translation for entry in catalog(locale)[1]]

    assert [(word, text) for text in words for word in wrong if word in text] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_ends_as_a_sentence_where_its_source_does(locale):
    wrong = [
        entry.key
        for entry in catalog(locale)[1]
        if entry.source.endswith(".") != entry.translation.endswith("。")
        and not entry.source.endswith("…")
    ]

    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_compiled_catalog_says_what_the_text_says(locale):
    with (ROOT / CATALOGS.format(locale, "mo")).open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)

    header, entries = catalog(locale)
    assert compiled.pop("") == header
    assert compiled == {entry.key: entry.translation for entry in entries}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_header_names_nobody_and_no_day(locale):
    header, _entries = catalog(locale)

    assert "Plural-Forms: nplurals=1; plural=0;" in header
    assert not re.search(r"@|\d{4}-\d\d|Date", header)


def test_both_catalogs_have_the_same_strings():
    first, second = ({entry.key for entry in catalog(locale)[1]} for locale in LOCALES)

    assert first == second


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext's tools: xgettext")
def test_the_catalogs_have_every_string_and_no_other(tmp_path):
    for name in NEEDED:
        path = ROOT / name
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, tmp_path / name)
    command = [sys.executable, "manage.py", *EXTRACT, "-l", LOCALES[0]]
    environment = {**os.environ, "HINDSIGHT_DATA_DIR": str(tmp_path / "data")}

    subprocess.run(command, cwd=tmp_path, env=environment, check=True)

    extracted = read((tmp_path / CATALOGS.format(LOCALES[0], "po")).read_text())[1]
    known = {entry.key for entry in catalog(LOCALES[0])[1]}
    assert {entry.key for entry in extracted} == known
    assert [entry.key for entry in extracted if not entry.translation] == []


def test_an_entry_is_read_with_context_plural_and_mark():
    text = 'msgid ""\nmsgstr ""\n"A: b\\n"\n\n#, fuzzy\nmsgctxt "c"\nmsgid "one"\n'
    text += 'msgid_plural "many"\nmsgstr[0] "都"\n'

    assert read(text) == ("A: b\n", [Entry(("c\x04one", 0), "many", "都", is_fuzzy=True)])
