"""Titles, summary and sections of the read page, each in its own language."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from postmortems.document import Document
from postmortems.rendering import Rendered
from postmortems.section_names import SectionNames, kinds_of
from taxonomy.languages import FALLBACKS

# Sections with a place of their own on the page; all others stand together before the lessons.
PLACED = ("impact", "what-happened", "root-cause", "resolution", "conflicting-accounts")


@dataclass(frozen=True, slots=True)
class Text:
    """A rendered paragraph text. `is_plain`: it was too costly to lay out and stands as typed."""

    id: str
    title: str
    html: SafeString
    language: str
    language_name: str = ""
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """The title in one language."""

    words: str
    language: str


def language_name(code: str) -> str:
    """A language in its own words; the code itself where nobody knows them."""
    try:
        return str(get_language_info(code.lower())["name_local"])
    except KeyError:
        return code


def titles_of(document: Document, language: str) -> list[Title]:
    """The title in the reader's language or its nearest, then in all others."""
    titles = {document.language: document.title}
    titles |= {code: item.title for code, item in document.translations.items() if item.title}
    return [Title(titles[code], code) for code in _ordered(titles, document.language, language)]


def summaries_of(document: Document, rendered: Mapping[str, Rendered], language: str) -> list[Text]:
    """The summary in the reader's language or its nearest, then in all others."""
    texts = {code: item.summary for code, item in document.translations.items() if item.summary}
    if document.summary:
        texts[document.language] = document.summary
    return [
        _text("summary", _("Summary"), rendered[texts[code]], code)
        for code in _ordered(texts, document.language, language)
    ]


def _ordered(texts: Mapping[str, str], original: str, language: str) -> list[str]:
    wanted = [*FALLBACKS.get(language, (language,)), original]
    return list(dict.fromkeys([*(code for code in wanted if code in texts), *texts]))


def section_of(
    document: Document, rendered: Mapping[str, Rendered], key: str, names: SectionNames
) -> Text | None:
    """One section, if it is there."""
    text = document.sections.get(key)
    if not text:
        return None
    title = names.of(key, kinds_of(document))
    return _text(key, title, rendered[text], document.language)


def other_sections(
    document: Document, rendered: Mapping[str, Rendered], names: SectionNames
) -> list[Text]:
    """The sections without a place of their own: fixed ones first, then those of a body template."""
    keys = names.in_order(document.sections, kinds_of(document))
    found = (section_of(document, rendered, key, names) for key in keys if key not in PLACED)
    return [text for text in found if text]


def _text(key: str, title: str, result: Rendered, language: str) -> Text:
    html = mark_safe(result.html)
    name = language_name(language)
    return Text(key, title, html, language, name, is_plain=bool(result.notice))
