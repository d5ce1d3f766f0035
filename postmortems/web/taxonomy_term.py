"""The page of a term: what it means, what it goes with, and the postmortems that have it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postmortems.models import Lesson
from postmortems.near_misses import VOCABULARY as KIND
from postmortems.near_misses import near_miss_path
from postmortems.search import Bucket, Facet, FacetValue, Hit, Results
from postmortems.web.read_terms import term_url
from postmortems.web.search_rows import HitRow, rows_of
from taxonomy.lookup import TermInfo, Terms

LIST_SIZE = 5
LESSONS = 5


@dataclass(frozen=True, slots=True)
class TermLink:
    """A term by its name."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class OtherName:
    """The term's name in another language."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class CountedLink:
    """A value that goes with the term, and the search for both."""

    name: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Companions:
    """One short list: what set it off, how it was found, what it comes with."""

    title: str
    links: tuple[CountedLink, ...]


@dataclass(frozen=True, slots=True)
class LessonQuote:
    """A lesson of one of the postmortems, with the way to it."""

    text: str
    language: str
    title: str
    title_language: str
    url: str


@dataclass(frozen=True)
class TermPage:
    """Everything the page prints."""

    name: str
    symbol: str
    definition: str
    other_names: list[OtherName]
    aliases: tuple[str, ...]
    vocabulary: TermLink
    above: list[TermLink]
    beside: list[TermLink]
    below: list[TermLink]
    is_retired: bool
    count: int
    search_url: str
    words_url: str
    severities: list[CountedLink]
    years: list[CountedLink]
    companions: list[Companions]
    lessons: list[LessonQuote]
    hits: list[HitRow]
    near_misses: CountedLink | None


def term_page_of(term: TermInfo, results: Results, trend: Results, language: str) -> TermPage:
    """The term's page from a search for it; `trend` is what severities and years are counted from."""
    terms = results.terms
    parameters = QueryDict(urlencode({term.vocabulary: term.path}))
    vocabulary = terms.vocabulary(term.vocabulary)
    name = term.name(language)
    search = reverse("search")
    return TermPage(
        name=name,
        symbol=term.symbol,
        definition=term.definition(language),
        other_names=_other_names(term, name),
        aliases=term.aliases,
        vocabulary=TermLink(
            vocabulary.name(language) if vocabulary else term.vocabulary,
            reverse("vocabulary", args=[term.vocabulary]),
        ),
        above=[_link(item, language) for item in terms.ancestors(term)[:-1]],
        beside=[_link(item, language) for item in _siblings(term, terms)],
        below=[_link(item, language) for item in terms.children(term)],
        is_retired=term.retired,
        count=results.count,
        search_url=f"{search}?{parameters.urlencode(safe='/')}",
        words_url=f"{search}?{urlencode({'q': name})}",
        severities=_counted(_facet(trend, "severity")),
        years=[_year(bucket) for bucket in trend.histogram.buckets if bucket.count],
        companions=list(_companions(term, terms, results)),
        lessons=_lessons(results.hits),
        hits=rows_of(results, parameters, language),
        near_misses=_near_misses(results, trend),
    )


def _link(term: TermInfo, language: str) -> TermLink:
    return TermLink(term.name(language), term_url(term.vocabulary, term.path))


def _siblings(term: TermInfo, terms: Terms) -> list[TermInfo]:
    """The terms beside it in a tree; a flat list has too many to be neighbours."""
    if term.parent_id is None:
        return []
    return [item for item in terms.children(terms.by_id[term.parent_id]) if item != term]


def _other_names(term: TermInfo, shown: str) -> list[OtherName]:
    languages = [code for code, _name in settings.LANGUAGES if term.names.get(code)]
    names = [OtherName(term.names[code], code) for code in languages]
    return [name for name in names if name.words != shown]


def _facet(results: Results, slug: str) -> list[FacetValue]:
    facet: Facet | None = next((item for item in results.facets if item.slug == slug), None)
    return facet.flat() if facet else []


def _counted(values: Iterable[FacetValue], path: str = "") -> list[CountedLink]:
    """Those that something has; with a path that one alone."""
    known = (value for value in values if value.term_id is not None and value.count)
    known = (value for value in known if path in ("", value.value))
    return [CountedLink(value.label, value.count, value.toggle_url) for value in known]


def _near_misses(results: Results, trend: Results) -> CountedLink | None:
    """Those that the trend leaves out."""
    if results is trend:
        return None
    path = near_miss_path(results.terms)
    return next((link for link in _counted(_facet(results, KIND), path)), None)


def _year(bucket: Bucket) -> CountedLink:
    return CountedLink(bucket.label, bucket.count, bucket.url)


def _companions(term: TermInfo, terms: Terms, results: Results) -> Iterable[Companions]:
    """At most four lists of at most five, the most frequent first."""
    titles = {
        "trigger": _("Set off by"),
        "detection": _("Found by"),
        "cause": _("Comes with"),
        "component": pgettext("before a list of components", "In"),
    }
    own = {item.id for item in (*terms.ancestors(term), *terms.under(term))}
    for slug, title in titles.items():
        leaves = [
            value
            for value in _facet(results, slug)
            if not value.children and value.term_id not in own
        ]
        values = sorted(_counted(leaves), key=lambda value: -value.count)[:LIST_SIZE]
        if values:
            yield Companions(title, tuple(values))


def _lessons(hits: Iterable[Hit]) -> list[LessonQuote]:
    """A few lessons of the postmortems on this page, which the viewer may see, in their order."""
    by_ref = {hit.ref: hit for hit in hits}
    rows = (
        Lesson.objects.filter(postmortem__ref__in=list(by_ref), position=0)
        .order_by("postmortem__ref")
        .values_list("postmortem__ref", "key", "text")
    )
    found = {ref: (key, text) for ref, key, text in rows}
    return [
        LessonQuote(text, hit.language, hit.title, hit.title_language, f"{hit.url}#{key}")
        for ref, hit in by_ref.items()
        if ref in found
        for key, text in [found[ref]]
    ][:LESSONS]
