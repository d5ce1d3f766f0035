"""A few of what a search finds by when it started, the newest or the oldest: hits alone, without facets and counts."""

from collections.abc import Iterable
from dataclasses import dataclass

import tantivy
from tantivy import Query

from postmortems.access import Viewer
from postmortems.search import front_door, hits, sync
from postmortems.search.combining import all_of, any_of, none_of
from postmortems.search.fields import BOUNDED, UNKNOWN
from postmortems.search.front_door import Asked
from postmortems.search.hits import Found
from postmortems.search.ranking import SORT_BY_VALUE
from postmortems.search.results import Hit

BY_START = SORT_BY_VALUE["started"]


@dataclass(frozen=True)
class Wanted:
    """How many of which: those with one of the values of a field, or all, but for those with the value
    of the field `without`; `is_oldest` for the first."""

    limit: int
    field: str = ""
    values: tuple[str, ...] = ()
    is_oldest: bool = False
    is_dated: bool = False
    without: tuple[str, str] | None = None


@sync.mended
def few(
    text: str, wanted: Iterable[Wanted], by: Viewer, *, language: str = "en"
) -> list[tuple[Hit, ...]]:
    """Of what `by` may see of what the text finds, for each thing wanted the hits, in its order."""
    asked = front_door.understand(text, {}, by, language=language)
    return [_shown(asked, _found(asked, item)) for item in wanted]


def _found(asked: Asked, wanted: Wanted) -> list[Found]:
    query, searcher = _query(asked, wanted), asked.view.searcher
    if not wanted.is_oldest:
        return hits.page_of_hits(searcher, query, BY_START, offset=0, size=wanted.limit)[0]
    answer = searcher.search(
        query, limit=wanted.limit, order_by_field=BY_START.field, order=tantivy.Order.Asc
    )
    addresses = [address for _key, address in answer.hits]
    payloads = hits.payloads_of(searcher, addresses)
    return [Found(*pair) for pair in zip(addresses, payloads, strict=True)]


def _query(asked: Asked, wanted: Wanted) -> Query:
    parts = [asked.question.query()]
    if wanted.field:
        parts.append(any_of([asked.aside.value(wanted.field, value) for value in wanted.values]))
    if wanted.without:
        parts.append(none_of(asked.aside.value(*wanted.without)))
    if wanted.is_dated:
        # Neither those that began before some day, nor those of which nobody knows when.
        undated = [asked.aside.value("year", value) for value in (BOUNDED, UNKNOWN)]
        parts.append(none_of(any_of(undated)))
    return all_of(parts)


def _shown(asked: Asked, found: list[Found]) -> tuple[Hit, ...]:
    return hits.hits_of(found, [], asked.compiler.terms, asked.language)
