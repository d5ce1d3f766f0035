"""The page of a term: what it means, what it goes with, and the postmortems that have it."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postmortems.gathered import Gathered, companions_of, counted, values_of
from postmortems.near_misses import VOCABULARY as KIND
from postmortems.near_misses import near_miss_path
from postmortems.search import FacetValue, Results
from postmortems.web.read_terms import term_url
from postmortems.web.search_rows import HitRow, rows_of
from postmortems.web.term_gathered import TermGathered, term_gathered_of
from postmortems.web.term_quarters import Quarters, quarters_of
from taxonomy.lookup import TermInfo, Terms


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
    query: str
    words_url: str
    severities: list[CountedLink]
    quarters: Quarters | None
    companions: list[Companions]
    gathered: TermGathered
    hits: list[HitRow]
    near_misses: CountedLink | None


def term_page_of(
    term: TermInfo, results: Results, trend: Results, gathered: Gathered, language: str
) -> TermPage:
    """The term's page from a search for it; `trend` is what severities and quarters are counted from."""
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
        query=parameters.urlencode(safe="/"),
        words_url=f"{search}?{urlencode({'q': name})}",
        severities=_counted(values_of(trend, "severity")),
        quarters=quarters_of(trend.histogram, list(_filters(term, results, trend))),
        companions=list(_companions(term, terms, results)),
        gathered=term_gathered_of(gathered, term.vocabulary, term.path),
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


def _counted(values: Iterable[FacetValue], path: str = "") -> list[CountedLink]:
    """Those that something has; with a path that one alone."""
    known = (value for value in counted(values) if path in ("", value.value))
    return [CountedLink(value.label, value.count, value.toggle_url) for value in known]


def _near_misses(results: Results, trend: Results) -> CountedLink | None:
    """Those that the trend leaves out."""
    if results is trend:
        return None
    path = near_miss_path(results.terms)
    return next(iter(_counted(values_of(results, KIND), path)), None)


def _filters(term: TermInfo, results: Results, trend: Results) -> Iterable[tuple[str, str]]:
    """What finds the trend again, as parameters of an address."""
    yield term.vocabulary, term.path
    if results is not trend:
        yield KIND, f"-{near_miss_path(results.terms)}"


def _companions(term: TermInfo, terms: Terms, results: Results) -> Iterable[Companions]:
    """What it goes with, each list under its words."""
    titles = {
        "trigger": _("Set off by"),
        "detection": _("Found by"),
        "cause": _("Comes with"),
        "component": pgettext("before a list of components", "In"),
    }
    for slug, values in companions_of(term, terms, results).items():
        yield Companions(titles[slug], tuple(_counted(values)))
