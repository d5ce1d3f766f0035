"""Engine hits to Hit: everything they show stands in the index, so a page of hits reads no rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

import tantivy
from django.urls import reverse
from tantivy import Query

from postmortems.document import CONTRIBUTING, PRIMARY
from postmortems.durations import Duration
from postmortems.moments import Moment
from postmortems.search import ranking
from postmortems.search.combining import all_of
from postmortems.search.compile import Compiler
from postmortems.search.fields import MOMENTS
from postmortems.search.ranking import Sort
from postmortems.search.results import Hit
from postmortems.search.snippets import named_places, snippets_of
from postmortems.search.spans import Marker, Wanted
from postmortems.section_names import KIND, SectionNames
from taxonomy import languages
from taxonomy.lookup import Terms

# A hit with its score, or with its sorting key.
Keyed = tuple[float, tantivy.DocAddress]


@dataclass(frozen=True)
class Found:
    """A hit as the engine knows it; `key` is its score, or its sorting key in another order."""

    address: tantivy.DocAddress
    payload: dict[str, Any]
    key: float = 0

    @property
    def ref(self) -> str:
        """The postmortem's public id."""
        return str(self.payload["ref"])


def page_of_hits(
    searcher: tantivy.Searcher, query: tantivy.Query, sort: Sort, *, offset: int, size: int
) -> tuple[list[Found], int]:
    """One page in total order, and how many hits there are in all."""
    found, start, count = _around(searcher, query, sort, offset, size)
    window = found[offset - start : offset - start + size]
    if not window:
        return [], count
    # The engine orders equal ones by where they stand in the index, which depends on the order of
    # commits; here the ref decides.
    highest, lowest = window[0][0], window[-1][0]
    concerned = [pair for pair in found if lowest <= pair[0] <= highest]
    payloads = payloads_of(searcher, [address for _key, address in concerned])
    made = [
        Found(address, payload, key)
        for (key, address), payload in zip(concerned, payloads, strict=True)
    ]
    in_order = sorted(made, key=lambda found: (-found.key, found.ref))
    begin = offset - start - sum(key > highest for key, _address in found)
    return in_order[begin : begin + size], count


def matching(page: Sequence[Found], query: tantivy.Query, compiler: Compiler) -> set[str]:
    """The refs of the hits on a page that a query finds too: one small question, however large the
    index is."""
    if not page:
        return set()
    refs = Query.term_set_query(compiler.schema, "ref", [found.ref for found in page])
    answer = compiler.searcher.search(all_of([refs, query]), limit=len(page))
    places = {(address.segment_ord, address.doc) for _score, address in answer.hits}
    return {found.ref for found in page if (found.address.segment_ord, found.address.doc) in places}


def _around(
    searcher: tantivy.Searcher, query: tantivy.Query, sort: Sort, offset: int, size: int
) -> tuple[list[Keyed], int, int]:
    """A page with all hits that equal its first or its last, where they start, and how many hits
    there are in all."""
    room = ranking.TIES
    while True:
        start = max(0, offset - room)
        limit = offset + size + room - start
        answer = ranked(searcher, query, sort, limit, start)
        found, count = answer.hits, count_of(answer)
        page = found[offset - start : offset - start + size]
        if not page or (
            (start == 0 or found[0][0] > page[0][0])
            and (len(found) < limit or found[-1][0] < page[-1][0])
        ):
            return found, start, count
        room *= 8


def ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, sort: Sort, limit: int, offset: int = 0
) -> tantivy.SearchResult:
    """Hits by score or sorting key, the greatest first; equal ones in any order."""
    if not sort.field:
        return searcher.search(query, limit=limit, offset=offset, weight_by_field="boost")
    return searcher.search(
        query,
        limit=limit,
        offset=offset,
        order_by_field=sort.field,
        order=tantivy.Order.Desc,
    )


def count_of(answer: tantivy.SearchResult) -> int:
    """How many entries matched in all; the engine's type stub does not know the attribute."""
    count: int = getattr(answer, "count", 0)
    return count


def payloads_of(
    searcher: tantivy.Searcher, addresses: Iterable[tantivy.DocAddress]
) -> list[dict[str, Any]]:
    """What stands in the index to show of each."""
    return [json.loads(searcher.doc(address)["payload"][0]) for address in addresses]


def hits_of(
    page: Iterable[Found], wanted: list[Wanted], terms: Terms, language: str
) -> tuple[Hit, ...]:
    """The hits as they are shown in a language."""
    # One look-up of the address for all hits: it costs as much as everything else about a hit.
    address = unquote(reverse("postmortem", kwargs={"ref": "{ref}", "slug": "{slug}"}))
    marker, sections = Marker(wanted), SectionNames(language, terms)
    return tuple(
        _hit(found.payload, address, marker, terms, language, sections=sections) for found in page
    )


def _hit(
    payload: dict[str, Any],
    address: str,
    marker: Marker,
    terms: Terms,
    language: str,
    *,
    sections: SectionNames,
) -> Hit:
    url = address.format(ref=payload["ref"], slug=quote(payload["slug"]))
    named = named_places(payload["terms"], marker.wanted, terms, language)
    kinds = [path for vocabulary, path, _role in payload["terms"] if vocabulary == KIND]
    name_of = partial(sections.of, kinds=kinds)
    snippets, more = snippets_of(_places(payload), named, marker, url, name_of)
    titles = payload["titles"] | {payload["language"]: payload["title"]}
    title, title_language = languages.best(titles, language, payload["language"])
    length = payload["duration"]
    return Hit(
        ref=payload["ref"],
        slug=payload["slug"],
        title=title,
        title_language=title_language,
        url=url,
        status=payload["status"],
        visibility=payload["visibility"],
        language=payload["language"],
        terms=_terms(payload["terms"]),
        root_causes=_root_causes(payload["terms"]),
        moments={
            name: Moment(**payload["moments"].get(name, {}))
            for name in MOMENTS
            if name != "updated"
        },
        duration=Duration(*length) if length else None,
        snippets=snippets,
        more_places=more,
        updated_at=datetime.fromisoformat(payload["updated"]),
    )


def _places(payload: dict[str, Any]) -> Sequence[Sequence[str]]:
    places: Sequence[Sequence[str]] = payload["places"]
    return places


def _terms(rows: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    terms: dict[str, list[str]] = {}
    for vocabulary, path, _role in rows:
        paths = terms.setdefault(vocabulary, [])
        if path not in paths:
            paths.append(path)
    return terms


def _root_causes(rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
    causes = [
        (role != PRIMARY, path)
        for slug, path, role in rows
        if slug == "cause" and role != CONTRIBUTING
    ]
    return tuple(path for _is_later, path in sorted(causes, key=lambda pair: pair[0]))
