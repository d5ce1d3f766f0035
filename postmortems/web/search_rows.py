"""Hits as the rows that the templates print: names for terms, facts in reading order, causes first to last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from postmortems.durations import Duration
from postmortems.moments import Moment
from postmortems.search import Hit, Results
from taxonomy.lookup import TermInfo, Terms

CAUSES_SHOWN = 3
FACTS = ("organisation", "trigger", "detection", "environment")
STEPS = 5

# The icon before a snippet's part; what is not named here is a paragraph.
PART_ICONS = {
    "timeline": "clock",
    "signals": "bell",
    "workarounds": "shield",
    "hypotheses": "scale",
    "lessons": "book",
    "actions": "check",
    "references": "link",
    "causes": "branch",
    "root-cause": "branch",
}


@dataclass(frozen=True)
class SeverityMark:
    """A severity badge: its step 1 (loudest) to 5, 0 for not assigned, and its name."""

    step: int
    name: str


@dataclass(frozen=True)
class TierMark:
    """A tier's symbol with its name."""

    symbol: str
    name: str


@dataclass(frozen=True)
class CauseChip:
    """A root cause that adds itself as a filter."""

    name: str
    url: str
    is_primary: bool


@dataclass(frozen=True)
class SnippetRow:
    """A highlighted place in a postmortem; `html` is escaped but for its `<mark>`."""

    icon: str
    label: str
    html: SafeString
    url: str


@dataclass(frozen=True)
class HitRow:
    """One result row."""

    url: str
    title: str
    title_language: str
    language: str
    severity: SeverityMark
    tier: TierMark | None
    facts: list[str]
    has_organisation: bool
    causes: list[CauseChip]
    snippets: list[SnippetRow]
    more_places: int
    started: Moment
    duration: Duration | None
    terms: Mapping[str, list[TermInfo]] = field(default_factory=dict)


def rows_of(results: Results, params: QueryDict, language: str) -> list[HitRow]:
    """The rows of a page of hits; links carry the reader's query on."""
    return [row_of(hit, results.terms, params, language) for hit in results.hits]


def row_of(hit: Hit, terms: Terms, params: QueryDict, language: str) -> HitRow:
    """One hit as a row."""
    known = {slug: _known(terms, slug, paths) for slug, paths in hit.terms.items()}
    came_from = params.urlencode()
    return HitRow(
        url=f"{hit.url}?{urlencode({'from': came_from})}" if came_from else hit.url,
        title=hit.title,
        title_language=hit.title_language,
        language=hit.language,
        severity=severity_mark(terms, known.get("severity", []), language),
        tier=_tier_mark(known.get("tier", []), language),
        facts=[term.name(language) for slug in FACTS for term in known.get(slug, [])[:1]],
        has_organisation=bool(known.get("organisation")),
        causes=_causes(_known(terms, "cause", hit.root_causes), language),
        snippets=[
            SnippetRow(
                icon=PART_ICONS.get(snippet.part, "quote"),
                label=snippet.label,
                html=mark_safe(snippet.html),
                url=snippet.url,
            )
            for snippet in hit.snippets
        ],
        more_places=hit.more_places,
        started=hit.moments["started"],
        duration=hit.duration,
        terms=known,
    )


def severity_mark(terms: Terms, assigned: list[TermInfo], language: str) -> SeverityMark:
    """The badge of the severity assigned; scales of more than five ranks share steps."""
    if not assigned:
        return SeverityMark(0, "SEV ?")
    term = assigned[0]
    return SeverityMark(step_of(terms, term), term.name(language))


def step_of(terms: Terms, term: TermInfo) -> int:
    """A rank within its scale as one of the five steps of weight, 1 the loudest."""
    ranks = sorted(
        item.rank or 0 for item in terms.by_id.values() if item.vocabulary == term.vocabulary
    )
    place = ranks.index(term.rank or 0)
    return place + 1 if len(ranks) <= STEPS else 1 + place * STEPS // len(ranks)


def _known(terms: Terms, vocabulary: str, paths: Iterable[str]) -> list[TermInfo]:
    found = (terms.get(vocabulary, path) for path in paths)
    return [term for term in found if term]


def _tier_mark(assigned: list[TermInfo], language: str) -> TierMark | None:
    return TierMark(assigned[0].symbol, assigned[0].name(language)) if assigned else None


def _causes(assigned: list[TermInfo], language: str) -> list[CauseChip]:
    return [
        CauseChip(
            name=term.name(language),
            url=f"{reverse('search')}?cause={term.path}",
            is_primary=index == 0,
        )
        for index, term in enumerate(assigned[:CAUSES_SHOWN])
    ]
