"""The manual: Markdown files in templates/help, shown with a list of their sections."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from postmortems import rendering
from postmortems.web.shortcuts import render_page

FOLDER = Path("templates") / "help"
FENCE = "```"

TOPICS = {
    "writing": gettext_lazy("Writing"),
    "search": gettext_lazy("Search language"),
    "saved-searches": gettext_lazy("Saved searches, feeds and files"),
    "known-problems": gettext_lazy("Similar and known problems"),
    "signing-in": gettext_lazy("Signing in"),
    "people": gettext_lazy("People and roles"),
    "administration": gettext_lazy("Administration"),
    "notifications": gettext_lazy("Notifications, mail and your desk"),
    "importing": gettext_lazy("Importing and exporting"),
    "api": gettext_lazy("REST API"),
    "running": gettext_lazy("Running it"),
    "production": gettext_lazy("In production"),
    "backups": gettext_lazy("Backups and copies"),
    "monitoring": gettext_lazy("Monitoring"),
    "audit": gettext_lazy("Audit log"),
    "speed": gettext_lazy("How fast it is"),
    "glossary": gettext_lazy("Glossary"),
    "keys": gettext_lazy("Keys and accessibility"),
}


@dataclass(frozen=True)
class Section:
    """What stands below one `## ` heading of a help text."""

    id: str
    title: str
    html: str


@dataclass(frozen=True)
class Manual:
    """One help text: its title, what stands before the first section, the sections."""

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
    context = {"manual": read(topic), "topics": TOPICS.items(), "topic": topic}
    return render_page(request, "help/page.html", context)


@lru_cache(maxsize=len(TOPICS) + 1)
def read(topic: str) -> Manual:
    """The help text of a topic, rendered."""
    text = (settings.BASE_DIR / FOLDER / f"{topic}.md").read_text(encoding="utf-8")
    head, *parts = split(text)
    title, _, introduction = head.partition("\n")
    return Manual(
        title=title.removeprefix("# ").strip(),
        introduction=_html(introduction),
        sections=tuple(_section(part) for part in parts),
    )


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


def _section(part: str) -> Section:
    heading, _, body = part.partition("\n")
    title = heading.removeprefix("## ").strip()
    return Section(id=slugify(title), title=title, html=_html(body))


def _html(markdown: str) -> str:
    # Cleaned by `rendering` like what users write, though these texts are our own.
    return mark_safe(rendering.to_html(markdown))
