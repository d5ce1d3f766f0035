"""The manual: Markdown files in templates/help, shown with a list of their sections.

The English ones lie in the folder itself, translations in folders by language, part for part the same:
a part has one address in all languages, which is made of its English heading.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import starmap
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from postmortems import rendering
from postmortems.web.shortcuts import render_page

FOLDER = Path("templates") / "help"
ENGLISH = "en"
FENCE = "```"
TABLE = re.compile(r"<table>.*?</table>", re.S)
CODE_BLOCK = re.compile(r"<pre>(?=<code[^>]*>(.*?)</code></pre>)", re.S)
HEAD_CELL = re.compile(r"<th[ >]")
NAME = re.compile(r"<tr>\s*<td><code>(.*?)</code>")
# So many do not fit beside each other on a phone.
MANY_COLUMNS = 5
# Letters of a name in the first of so many columns that a phone has no room for.
LONG_NAME = {2: 16, 3: 8}
# Letters of a line of code that fit a narrow phone.
SHORT_LINE = 30

TOPICS = {
    "concepts": gettext_lazy("Concepts"),
    "search": gettext_lazy("Search language"),
    "patterns": gettext_lazy("Patterns"),
    "known-problems": gettext_lazy("Similar and known problems"),
    "actions": gettext_lazy("Actions and lessons"),
    "saved-searches": gettext_lazy("Saved searches, feeds and files"),
    "reading-lists": gettext_lazy("Reading lists"),
    "following": gettext_lazy("Following and coming back"),
    "keys": gettext_lazy("Keys and accessibility"),
    "good-postmortems": gettext_lazy("Writing a good postmortem"),
    "writing": gettext_lazy("The editor"),
    "review": gettext_lazy("Review"),
    "importing": gettext_lazy("Importing and exporting"),
    "signing-in": gettext_lazy("Signing in"),
    "notifications": gettext_lazy("Notifications, mail and your desk"),
    "people": gettext_lazy("People and teams"),
    "roles": gettext_lazy("Rights"),
    "taxonomy": gettext_lazy("Taxonomy"),
    "administration": gettext_lazy("Administration"),
    "audit": gettext_lazy("Audit log"),
    "api": gettext_lazy("REST API"),
    "running": gettext_lazy("Running it"),
    "production": gettext_lazy("In production"),
    "backups": gettext_lazy("Backups and copies"),
    "monitoring": gettext_lazy("Monitoring"),
    "speed": gettext_lazy("How fast it is"),
    "glossary": gettext_lazy("Glossary"),
}
# The first topic of each group in the list beside a text; a group ends where the next one begins.
GROUPS = {
    "concepts": gettext_lazy("Finding and reading"),
    "good-postmortems": gettext_lazy("Writing"),
    "signing-in": gettext_lazy("People"),
    "taxonomy": gettext_lazy("Keeping order"),
    "api": gettext_lazy("Tools"),
    "running": gettext_lazy("Running the site"),
    "glossary": gettext_lazy("Words"),
}


@dataclass(frozen=True)
class Section:
    """What stands below one `## ` heading of a help text."""

    id: str
    title: str
    html: str


@dataclass(frozen=True)
class Manual:
    """One help text: its language, its title, what stands before the first section, the sections."""

    language: str
    title: str
    introduction: str
    sections: tuple[Section, ...]


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """Where to begin, and the topics."""
    return _page(request, "index")


@require_safe
def help_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """One topic of the manual."""
    # Asked of the list and not of the folder: no address may name a file.
    if topic not in TOPICS:
        raise Http404
    return _page(request, topic)


def _page(request: HttpRequest, topic: str) -> HttpResponse:
    manual = read(topic, translation.get_language() or ENGLISH)
    context = {"manual": manual, "groups": grouped(), "topic": topic}
    return render_page(request, "help/page.html", context)


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """The topics below the name of their group, each with its label, in the reader's language."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for slug, label in TOPICS.items():
        if slug in GROUPS:
            groups.append((str(GROUPS[slug]), []))
        groups[-1][1].append((slug, str(label)))
    return groups


@lru_cache(maxsize=(len(TOPICS) + 1) * len(settings.LANGUAGES))
def read(topic: str, language: str = ENGLISH) -> Manual:
    """The help text of a topic, rendered; in English where it is not translated."""
    path = file_of(topic, language)
    if not path.exists():
        return read(topic)
    head, *parts = split(path.read_text(encoding="utf-8"))
    title, _, introduction = head.partition("\n")
    return Manual(
        language=language,
        title=title.removeprefix("# ").strip(),
        introduction=_html(introduction),
        sections=tuple(starmap(_section, zip(parts, _addresses(topic), strict=True))),
    )


def file_of(topic: str, language: str = ENGLISH) -> Path:
    """Where the text of a topic lies in a language, if it is translated."""
    folder = settings.BASE_DIR / FOLDER
    return (folder if language == ENGLISH else folder / language) / f"{topic}.md"


def _addresses(topic: str) -> list[str]:
    """What each part of a topic is called in addresses, in order."""
    parts = split(file_of(topic).read_text(encoding="utf-8"))[1:]
    return [slugify(_heading(part)) for part in parts]


def split(text: str) -> list[str]:
    """The text cut before each `## ` heading that does not stand in a code block."""
    parts: list[list[str]] = [[]]
    is_code = False
    for line in text.splitlines():
        if line.startswith(FENCE):
            is_code = not is_code
        if line.startswith("## ") and not is_code:
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(lines) for lines in parts]


def _heading(part: str) -> str:
    return part.partition("\n")[0].removeprefix("## ").strip()


def _section(part: str, address: str) -> Section:
    title = _heading(part)
    return Section(id=address, title=title, html=_html(part.partition("\n")[2], title))


def _html(markdown: str, title: str = "") -> str:
    # Cleaned by `rendering` like what users write, though these texts are our own.
    html = rendering.to_html(markdown)
    html = TABLE.sub(lambda found: _boxed(found[0], title), html)
    return mark_safe(CODE_BLOCK.sub(_scrolled, html))


def _scrolled(found: re.Match[str]) -> str:
    """The beginning of a code block, which keys can scroll sideways where a line is long."""
    is_long = any(len(unescape(line)) > SHORT_LINE for line in found[1].splitlines())
    return '<pre tabindex="0">' if is_long else found[0]


def _boxed(table: str, title: str) -> str:
    """A table of many columns in a box that scrolls sideways, by touch and by keys.

    One of few columns is marked when on a phone the names in it need a line of their own.
    """
    columns = len(HEAD_CELL.findall(table))
    if columns < MANY_COLUMNS:
        names = (unescape(name) for name in NAME.findall(table))
        is_long = any(len(name) > LONG_NAME.get(columns, len(name)) for name in names)
        return table.replace("<table>", '<table class="named">', 1) if is_long else table
    return format_html(
        '<div class="scroll wide-table" role="region" tabindex="0" aria-label="{}">{}</div>',
        title,
        mark_safe(table),
    )
