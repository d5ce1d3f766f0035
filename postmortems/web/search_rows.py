"""Hits as the rows that the templates print: names for terms, facts in reading order, causes first to last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from postmortems.durations import Duration
from postmortems.models import Postmortem
from postmortems.moments import Moment
from postmortems.near_misses import VOCABULARY as KIND
from postmortems.near_misses import is_near_miss
from postmortems.search import FacetValue, Hit, Results
from postmortems.search.results import PlaceLink, Reason
from taxonomy.lookup import TermInfo, Terms

Status = Postmortem.Status
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
    "terms": "branch",
}


@dataclass(frozen=True)
class SeverityMark:
    """A severity badge: its step 1 (loudest) to 5, 0 for not assigned, and its name.

    Of a near miss it is what it could have been, and the name says so.
    """

    step: int
    name: str
    could_have_been: bool = False


@dataclass(frozen=True)
class TierMark:
    """A tier's symbol with its name."""

    symbol: str
    name: str


@dataclass(frozen=True)
class CauseChip:
    """A root cause that adds itself as a filter; without an address where it is one already."""

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

    ref: str
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
    more_places: list[PlaceLink]
    started: Moment
    duration: Duration | None
    lacks: tuple[str, ...]
    reasons: tuple[Reason, ...]
    terms: Mapping[str, list[TermInfo]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """What the rows of a page share: the search that the reader came from, the names, the links."""

    results: Results
    came_from: str
    language: str

    def link(self, url: str) -> str:
        """The address of a postmortem or of a place in it, with the way back."""
        page, hash_mark, place = url.partition("#")
        query = f"?{urlencode({'from': self.came_from})}" if self.came_from else ""
        return f"{page}{query}{hash_mark}{place}"

    @cached_property
    def causes(self) -> dict[str, FacetValue]:
        """The causes as their facet shows them, by path."""
        facets = (facet for facet in self.results.facets if facet.slug == "cause")
        return {value.value: value for facet in facets for value in facet.flat()}


def rows_of(results: Results, params: QueryDict, language: str) -> list[HitRow]:
    """The rows of a page of hits; links carry the reader's query on."""
    reader = Reader(results, params.urlencode(safe="/:,"), language)
    return [row_of(hit, reader) for hit in results.hits]


def nearest_rows_of(results: Results, params: QueryDict, language: str) -> list[HitRow]:
    """The rows of what has most of the words, where nothing has all of them."""
    reader = Reader(results, params.urlencode(safe="/:,"), language)
    return [row_of(hit, reader) for hit in results.nearest.hits] if results.nearest else []


def row_of(hit: Hit, reader: Reader) -> HitRow:
    """One hit as a row."""
    terms, language = reader.results.terms, reader.language
    known = {slug: _known(terms, slug, paths) for slug, paths in hit.terms.items()}
    return HitRow(
        ref=hit.ref,
        url=reader.link(hit.url),
        title=hit.title,
        title_language=hit.title_language,
        language=hit.language,
        severity=severity_mark(
            terms,
            known.get("severity", []),
            language,
            near_miss=is_near_miss(hit.terms.get(KIND, ()), terms),
        ),
        tier=_tier_mark(known.get("tier", []), language),
        facts=[
            *(term.name(language) for slug in FACTS for term in known.get(slug, [])[:1]),
            *status_words(hit.status),
        ],
        has_organisation=bool(known.get("organisation")),
        causes=_causes(_known(terms, "cause", hit.root_causes), reader),
        snippets=[
            SnippetRow(
                icon=PART_ICONS.get(snippet.part, "quote"),
                label=snippet.label,
                html=mark_safe(snippet.html),
                url=reader.link(snippet.url),
            )
            for snippet in hit.snippets
        ],
        more_places=[PlaceLink(item.label, reader.link(item.url)) for item in hit.more_places],
        started=hit.moments["started"],
        duration=hit.duration,
        lacks=hit.lacks,
        reasons=hit.reasons,
        terms=known,
    )


def status_words(status: str) -> list[str]:
    """The status, where it is not published as most are."""
    return [] if status == Status.PUBLISHED else [str(Status(status).label)]


def severity_mark(
    terms: Terms, assigned: list[TermInfo], language: str, *, near_miss: bool
) -> SeverityMark:
    """The badge of the severity assigned; scales of more than five ranks share steps."""
    if not assigned:
        return SeverityMark(0, "SEV ?")
    term = assigned[0]
    name = severity_words(term, language, near_miss=near_miss)
    return SeverityMark(step_of(terms, term), name, near_miss)


def severity_words(term: TermInfo, language: str, *, near_miss: bool) -> str:
    """A severity by its name; of a near miss what it could have been."""
    name = term.name(language)
    return _("could have been %(severity)s") % {"severity": name} if near_miss else name


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


def _causes(assigned: list[TermInfo], reader: Reader) -> list[CauseChip]:
    return [
        CauseChip(term.name(reader.language), _cause_url(term, reader), is_primary=place == 0)
        for place, term in enumerate(assigned[:CAUSES_SHOWN])
    ]


def _cause_url(term: TermInfo, reader: Reader) -> str:
    value = reader.causes.get(term.path)
    if value is None:
        return f"{reverse('search')}?cause={term.path}"
    return "" if value.selected else value.toggle_url
