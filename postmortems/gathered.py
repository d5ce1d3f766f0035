"""The record of a term: the postmortems that have it, what they come with, have taught and left to do.

The page of the term and the API show it, each reader's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet

from postmortems.access import Viewer
from postmortems.document import UNDONE
from postmortems.models import Action, Classification, Lesson, Postmortem
from postmortems.near_misses import VOCABULARY as KIND
from postmortems.near_misses import is_near_miss, near_miss_path
from postmortems.search import FacetValue, Hit, Results
from postmortems.search import search as find
from postmortems.search.few import Wanted, few
from taxonomy.lookup import TermInfo, Terms

SHOWN = 5
# To count more takes longer than anybody waits for a number that says no more than "many".
MOST_COUNTED, MANY = 1_000, 2_000
# What is told beside it: what set it off, how it was found, which causes it comes with, in what.
COMPANIONS = ("trigger", "detection", "cause", "component")
QUARTERS = 4

Item = TypeVar("Item", Lesson, Action)


@dataclass(frozen=True, slots=True)
class Quarter:
    """How many started in a quarter of a year; `value` finds them as `?year=VALUE`."""

    year: str
    number: int
    value: str
    count: int


@dataclass(frozen=True)
class Gathered:
    """What stands on the page of a term: the newest lessons and open actions, each with the hit that
    it is from, and how many there are, None for very many; the first and the last postmortem whose start is known."""

    first: Hit | None
    last: Hit | None
    lessons: tuple[tuple[Lesson, Hit], ...]
    lesson_count: int | None
    actions: tuple[tuple[Action, Hit], ...]
    action_count: int | None


def found_of(
    term: TermInfo,
    viewer: Viewer,
    *,
    page: int | str = 1,
    page_size: int = 20,
    language: str = "en",
) -> Results:
    """The postmortems with the term or one below it."""
    # In the query and not as a parameter: so it narrows the counts of its own vocabulary too.
    asked = f"{term.vocabulary}:{term.path}"
    return find(asked, {}, viewer, page=page, page_size=page_size, language=language)


def trend_of(term: TermInfo, results: Results, viewer: Viewer, language: str = "en") -> Results:
    """What its severities and quarters are counted from: near misses only where they are what is asked for."""
    path = near_miss_path(results.terms)
    is_asked_for = term.vocabulary == KIND and is_near_miss([term.path], results.terms)
    has_some = any(value.value == path and value.count for value in values_of(results, KIND))
    if is_asked_for or not has_some:
        return results
    asked = f"{term.vocabulary}:{term.path}"
    return find(asked, {KIND: [f"-{path}"]}, viewer, page_size=1, language=language)


def values_of(results: Results, slug: str) -> list[FacetValue]:
    """All values of one facet, parents before children."""
    facet = next((item for item in results.facets if item.slug == slug), None)
    return facet.flat() if facet else []


def counted(values: Iterable[FacetValue]) -> list[FacetValue]:
    """Those of the terms that something has."""
    return [value for value in values if value.term_id is not None and value.count]


def companions_of(term: TermInfo, terms: Terms, results: Results) -> dict[str, list[FacetValue]]:
    """By vocabulary at most five of the narrowest terms that it goes with, the most frequent first."""
    own = {item.id for item in (*terms.ancestors(term), *terms.under(term))}
    found = {}
    for slug in COMPANIONS:
        values = counted(values_of(results, slug))
        leaves = [item for item in values if not item.children and item.term_id not in own]
        if leaves:
            found[slug] = sorted(leaves, key=lambda value: -value.count)[:SHOWN]
    return found


def quarters_of(year: str, counts: Mapping[str, int]) -> tuple[Quarter, ...]:
    """The quarters of a year from the counts of its months. A start known to its year alone is in none."""
    quarters = []
    for number in range(1, QUARTERS + 1):
        months = [f"{year}-{month:02}" for month in range(number * 3 - 2, number * 3 + 1)]
        count = sum(counts.get(month, 0) for month in months)
        quarters.append(Quarter(year, number, f"{months[0]}..{months[-1]}", count))
    return tuple(quarters)


def gathered_of(
    term: TermInfo, results: Results, trend: Results, viewer: Viewer, language: str = "en"
) -> Gathered:
    """All of it as the viewer may see it, of the postmortems that a search for the term found; the
    first and the last of those that `trend` counts."""
    left_out = None if trend is results else (KIND, near_miss_path(results.terms))
    wanted = (
        Wanted(1, is_oldest=True, is_dated=True, without=left_out),
        Wanted(1, is_dated=True, without=left_out),
        Wanted(SHOWN, "has", ("lesson",)),
        Wanted(SHOWN, "action", UNDONE),
    )
    found = few(f"{term.vocabulary}:{term.path}", wanted, viewer, language=language)
    oldest, newest, taught, undone = found
    lessons, actions = Lesson.objects.all(), Action.objects.filter(status__in=UNDONE)
    stands_for = results.terms.ids_under(term) if results.count <= MANY else None
    return Gathered(
        first=next(iter(oldest), None),
        last=next(iter(newest), None),
        lessons=_newest(lessons, taught),
        lesson_count=_count(lessons, stands_for, viewer),
        actions=_newest(actions, undone),
        action_count=_count(actions, stands_for, viewer),
    )


def _count(rows: QuerySet[Item], stands_for: set[int] | None, viewer: Viewer) -> int | None:
    """How many of the rows belong to postmortems with the term that the viewer sees; None for very many."""
    if stands_for is None:
        return None
    with_term = Classification.objects.filter(term__in=stands_for).values("postmortem")
    # Archived ones stay out of searches, and so out of what is gathered.
    visible = Postmortem.objects.visible_to(viewer).exclude(status=Postmortem.Status.ARCHIVED)
    is_seen = Exists(visible.filter(pk=OuterRef("postmortem")))
    count = rows.filter(is_seen, postmortem__in=with_term)[: MOST_COUNTED + 1].count()
    return count if count <= MOST_COUNTED else None


def _newest(rows: QuerySet[Item], hits: tuple[Hit, ...]) -> tuple[tuple[Item, Hit], ...]:
    """The first few of the hits' rows, in the order of the hits."""
    place = {hit.ref: number for number, hit in enumerate(hits)}
    named = rows.filter(postmortem__ref__in=list(place)).annotate(ref=F("postmortem__ref"))
    in_order = sorted(named, key=lambda row: (place[row.ref], row.position))
    return tuple((row, hits[place[row.ref]]) for row in in_order[:SHOWN])
