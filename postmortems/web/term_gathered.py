"""The lessons and open actions on the page of a term, each with its source; and the ends of its counts."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from postmortems.gathered import Gathered
from postmortems.moments import Moment
from postmortems.search import Hit
from postmortems.web.read_parts import ACTION_KINDS, ACTION_STATUSES, State

LISTED_BY = "cause"


@dataclass(frozen=True, slots=True)
class Source:
    """The postmortem that something is from; `url` leads to the very place."""

    title: str
    language: str
    url: str
    started: Moment


@dataclass(frozen=True, slots=True)
class LessonQuote:
    """A lesson of one of the postmortems."""

    text: str
    language: str
    source: Source


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An open action of one of the postmortems."""

    text: str
    language: str
    kind: str
    status: State
    source: Source


@dataclass(frozen=True)
class TermGathered:
    """What is printed of what was gathered; an address is empty where no list is narrowed by it."""

    first: Source | None
    last: Source | None
    lessons: list[LessonQuote]
    lesson_count: int | None
    lessons_url: str
    actions: list[ActionLine]
    action_count: int | None
    actions_url: str


def term_gathered_of(gathered: Gathered, vocabulary: str, path: str) -> TermGathered:
    """The rows of the page, with the addresses that list all of it."""
    # The lists are narrowed by cause alone: of another term they would count all there is.
    query = urlencode({vocabulary: path}, safe="/") if vocabulary == LISTED_BY else ""
    return TermGathered(
        first=_source(gathered.first) if gathered.first else None,
        last=_source(gathered.last) if gathered.last else None,
        lessons=[
            LessonQuote(lesson.text, hit.language, _source(hit, lesson.key))
            for lesson, hit in gathered.lessons
        ],
        lesson_count=gathered.lesson_count,
        lessons_url=_address("lessons", query),
        actions=[
            ActionLine(
                action.text,
                hit.language,
                str(ACTION_KINDS[action.kind]),
                ACTION_STATUSES[action.status],
                _source(hit, action.key),
            )
            for action, hit in gathered.actions
        ],
        action_count=gathered.action_count,
        actions_url=_address("actions", query),
    )


def _source(hit: Hit, key: str = "") -> Source:
    place = f"#{key}" if key else ""
    return Source(hit.title, hit.title_language, f"{hit.url}{place}", hit.moments["started"])


def _address(name: str, query: str) -> str:
    return f"{reverse(name)}?{query}" if query else ""
