"""The tree page of a vocabulary: rows with names, definitions and counts, narrowed by a filter."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from postmortems.search import Results
from postmortems.web.read_terms import term_url
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo, fold


@dataclass(frozen=True, slots=True)
class VocabularyLine:
    """One vocabulary in the list of all."""

    slug: str
    name: str
    url: str
    terms: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the tree; `count` is None where nobody counts. `is_open` shows what is below."""

    name: str
    definition: str
    symbol: str
    url: str
    count: int | None
    is_open: bool
    is_match: bool
    children: tuple["TermRow", ...]


@dataclass(frozen=True)
class TreePage:
    """Everything the page prints."""

    name: str
    slug: str
    help: str
    terms: int
    filter: str
    matches: int
    rows: tuple[TermRow, ...]
    vocabularies: list[VocabularyLine]


def tree_page_of(
    vocabulary: VocabularyInfo, terms: Terms, results: Results, wanted: str, language: str
) -> TreePage:
    """The vocabulary with counts of what the viewer may see; `wanted` filters by any name or alias."""
    counts = counts_of(results, vocabulary.slug)
    wanted_key = fold(wanted)
    roots = terms.children(None, vocabulary.slug)
    made = (_row(root, terms, counts, wanted_key, language) for root in roots)
    rows = tuple(row for row in made if row)
    return TreePage(
        name=vocabulary.name(language),
        slug=vocabulary.slug,
        help=vocabulary.help_text(language),
        terms=len(terms.terms_of(vocabulary.slug)),
        filter=wanted,
        matches=sum(map(_matches, rows)),
        rows=rows,
        vocabularies=_lines(vocabulary, terms, language),
    )


def counts_of(results: Results, slug: str) -> dict[int, int]:
    """Postmortems by term of one facet; empty for a vocabulary that is no facet."""
    facet = next((facet for facet in results.facets if facet.slug == slug), None)
    values = facet.flat() if facet else []
    return {value.term_id: value.count for value in values if value.term_id is not None}


def _row(
    term: TermInfo,
    terms: Terms,
    counts: Mapping[int, int],
    wanted: str,
    language: str,
    *,
    stays: bool = False,
) -> TermRow | None:
    """The row with what is below it; None when the filter matches neither it nor what is around it."""
    is_match = bool(wanted) and any(wanted in fold(name) for name in _names(term))
    # Below a match everything stays: it was asked for by its parent's name.
    stays = stays or is_match or not wanted
    below = (
        _row(child, terms, counts, wanted, language, stays=stays) for child in terms.children(term)
    )
    children = tuple(row for row in below if row)
    if not stays and not children:
        return None
    return TermRow(
        name=term.name(language),
        definition=term.definition(language),
        symbol=term.symbol,
        url=term_url(term.vocabulary, term.path),
        count=counts.get(term.id, 0) if counts else None,
        is_open=any(map(_matches, children)),
        is_match=is_match,
        children=children,
    )


def _names(term: TermInfo) -> tuple[str, ...]:
    return (term.slug, *term.names.values(), *term.aliases)


def _matches(row: TermRow) -> int:
    return row.is_match + sum(map(_matches, row.children))


def _lines(current: VocabularyInfo, terms: Terms, language: str) -> list[VocabularyLine]:
    return [
        VocabularyLine(
            slug=info.slug,
            name=info.name(language),
            url=reverse("vocabulary", args=[info.slug]),
            terms=len(terms.terms_of(info.slug)),
            is_current=info.slug == current.slug,
        )
        for info in terms.vocabularies
    ]
