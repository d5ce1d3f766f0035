"""What was learned, across all postmortems: lessons by their words and their causes, each with where it is from.

The search finds the postmortems, so that this is as quick and as careful about rights as a search; a
list is counted and paged by postmortem. Page, file and API list them alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from postmortems.access import Viewer
from postmortems.models import Lesson, Reference
from postmortems.search import Hit, Results, search
from postmortems.search.whole import whole_result

# What a list is narrowed by, beside its words; the search's own names.
NARROWING = ("cause", "team")
LONGEST_TEXT = 1_000
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Learned:
    """A lesson; `html` is its text around the words that were asked for, marked, where some were;
    `kinds` are those of the sources it cites."""

    key: str
    text: str
    html: str
    url: str
    source: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A postmortem with its lessons that are meant."""

    hit: Hit
    lessons: tuple[Learned, ...]


def find(
    text: str,
    params: Mapping[str, Sequence[str]],
    by: Viewer,
    *,
    page: int | str = 1,
    page_size: int = 20,
    language: str = "en",
) -> tuple[Results, list[Source]]:
    """One page of postmortems with the lessons that are meant; the results say how many there are."""
    results = search(
        query_of(text),
        _narrowed(params),
        by,
        page=page,
        page_size=page_size,
        language=language,
    )
    return results, _sources(results.hits)


def every(
    text: str, params: Mapping[str, Sequence[str]], by: Viewer, *, language: str = "en"
) -> Iterator[Source]:
    """All of them in the same order, for files; of what is found by words every lesson of a postmortem."""
    records = whole_result(query_of(text), _narrowed(params), by, language=language)
    while hits := [record.hit for record in islice(records, AT_ONCE)]:
        yield from _sources(hits)


def query_of(text: str) -> str:
    """The search for postmortems whose lessons have these words."""
    words = text.replace("\0", " ").strip()[:LONGEST_TEXT]
    return f"has:lesson in:lessons ({words})" if words else "has:lesson"


def _narrowed(params: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name: list(params[name]) for name in NARROWING if params.get(name)}


def _sources(hits: Iterable[Hit]) -> list[Source]:
    """In the order of the hits, in two statements however many they are."""
    found = list(hits)
    rows = _lessons([hit.ref for hit in found])
    cited = [ref for ref, lessons in rows.items() if any(lesson.source for lesson in lessons)]
    kinds = _kinds(cited)
    return [
        Source(hit, tuple(_learned(hit, rows[hit.ref], kinds.get(hit.ref, {}))))
        for hit in found
        if hit.ref in rows
    ]


def _lessons(refs: list[str]) -> dict[str, list[Lesson]]:
    rows = Lesson.objects.filter(postmortem__ref__in=refs).select_related("postmortem")
    by_ref: dict[str, list[Lesson]] = {}
    for lesson in rows.order_by("postmortem", "position"):
        by_ref.setdefault(lesson.postmortem.ref, []).append(lesson)
    return by_ref


def _kinds(refs: list[str]) -> dict[str, dict[str, str]]:
    """For each postmortem the kind of a source by its id and by its label."""
    if not refs:
        return {}
    rows = Reference.objects.filter(postmortem__ref__in=refs).order_by("postmortem", "position")
    by_ref: dict[str, dict[str, str]] = {}
    for ref, key, label, kind in rows.values_list("postmortem__ref", "key", "label", "kind"):
        known = by_ref.setdefault(ref, {})
        for name in filter(None, (key, label)):
            known.setdefault(name, kind)
    return by_ref


def _learned(hit: Hit, lessons: Iterable[Lesson], kinds: Mapping[str, str]) -> Iterator[Learned]:
    marked = {item.url: item.html for item in hit.snippets if item.part == "lessons"}
    meant = {*marked, *(place.url for place in hit.more_places)}
    for lesson in lessons:
        url = f"{hit.url}#{lesson.key}"
        if not meant or url in meant:
            cited = (kinds.get(name) for name in _cited(lesson.source))
            yield Learned(
                key=lesson.key,
                text=lesson.text,
                html=marked.get(url, ""),
                url=url,
                source=lesson.source,
                kinds=tuple(dict.fromkeys(kind for kind in cited if kind)),
            )


def _cited(source: str) -> list[str]:
    """The names that a source lists: as a whole, else separated by commas."""
    return [source, *(part.strip() for part in source.split(","))]
