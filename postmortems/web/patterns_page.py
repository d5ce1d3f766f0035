"""What the patterns page prints around its cards: what is asked, in words, and the way to narrow it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.insights.asking import Selected, selected
from postmortems.insights.options import NAMES, Options, options_of
from postmortems.search import Chip, Results, chips
from postmortems.search import search as find
from postmortems.search.chips import Chips
from postmortems.templatetags.number_tags import grouped
from postmortems.web.patterns_cards import LEFT, WIDE, Answers, Card, cards_of
from postmortems.web.search_carried import link_query, links_params
from postmortems.web.search_panels import FacetPanel, panels_of

# Of fewer nothing can be said together.
LEAST = 5
TITLE_CHIPS = 3
# What is the page's own in its address, and no part of the search.
OWN = (*NAMES, "narrow")


@dataclass(frozen=True)
class Question:
    """A request understood: the search that it is about, and what else it asks."""

    params: QueryDict
    selected: Selected
    options: Options

    @property
    def answers(self) -> Answers:
        """The answers to it."""
        return Answers(self.selected, self.options)

    @property
    def query(self) -> str:
        """The query string of the search alone."""
        kept = self.params.copy()
        for name in OWN:
            kept.pop(name, None)
        return link_query(kept)

    @property
    def whole_query(self) -> str:
        """The same with what the page is asked besides."""
        return link_query(without(self.params, "narrow"))

    @property
    def chips(self) -> tuple[Chip, ...]:
        """What narrows the search; removing one stays on this page."""
        asked = self.selected.asked
        made = Chips(
            self.selected.terms,
            asked.chosen,
            asked.reading.written,
            (),
            self.base,
            self.selected.shown_in,
        )
        return tuple(made.all())

    @property
    def base(self) -> str:
        """This page with what it is asked besides the search, for links that change the search."""
        own = [(name, self.params[name]) for name in OWN if self.params.get(name)]
        page = reverse("patterns")
        return f"{page}?{urlencode(own)}" if own else page


def question_of(request: HttpRequest) -> Question:
    """What a request asks."""
    params = links_params(request.GET)
    language = translation.get_language() or "en"
    found = selected(params.get("q", ""), params, request.user, language=language)
    return Question(params, found, options_of(params.dict(), found.terms))


def without(params: QueryDict, *names: str) -> QueryDict:
    """The parameters less some."""
    kept = params.copy()
    for name in names:
        kept.pop(name, None)
    return kept


@dataclass(frozen=True)
class PatternsPage:
    """Everything that the templates print beside the cards' own content."""

    title: str
    count: int
    is_few: bool
    words: str
    query: str
    whole_query: str
    list_url: str
    narrow_url: str
    is_narrowing: bool
    clear_url: str
    notices: tuple[str, ...]
    wide: tuple[Card, ...]
    columns: tuple[tuple[Card, ...], tuple[Card, ...]]
    own: tuple[str, ...] = OWN


def page_of(question: Question) -> PatternsPage:
    """The page; of too few postmortems without cards."""
    count = question.selected.total
    cards = cards_of(question.answers) if count >= LEAST else []
    is_narrowing = question.params.get("narrow") == "1"
    return PatternsPage(
        title=title_of(question),
        count=count,
        is_few=count < LEAST,
        words=words_of(question),
        query=question.query,
        whole_query=question.whole_query,
        list_url=question.selected.everything.url,
        narrow_url=_narrow_url(question, is_narrowing=is_narrowing),
        is_narrowing=is_narrowing,
        clear_url=question.base,
        notices=(*question.selected.notices, *question.options.problems.values()),
        wide=tuple(card for card in cards if card.name in WIDE),
        columns=(
            tuple(card for card in cards if card.name in LEFT),
            tuple(card for card in cards if card.name not in (*WIDE, *LEFT)),
        ),
    )


def words_of(question: Question) -> str:
    """What narrows the search, in words; empty for everything."""
    filters = [chips.words_of(chip) for chip in question.chips if not chip.from_query]
    text = question.selected.asked.text
    quoted = [_("“%(text)s”") % {"text": text}] if text else []
    return " · ".join([*quoted, *filters[:TITLE_CHIPS]])


def title_of(question: Question) -> str:
    """The heading: in how many, and of which."""
    count, words = question.selected.total, words_of(question)
    if not (count or words):
        return _("Patterns")
    if not words:
        said = ngettext("Patterns in %(n)s postmortem", "Patterns in all %(n)s postmortems", count)
    else:
        said = ngettext(
            "Patterns in the %(n)s postmortem with %(words)s",
            "Patterns in the %(n)s postmortems with %(words)s",
            count,
        )
    return said % {"n": grouped(count), "words": words}


def _narrow_url(question: Question, *, is_narrowing: bool) -> str:
    changed = without(question.params, "narrow", "open", "page")
    if not is_narrowing:
        changed["narrow"] = "1"
    query = changed.urlencode(safe="/:,")
    return f"{reverse('patterns')}?{query}" if query else reverse("patterns")


@dataclass(frozen=True)
class Narrowing:
    """The facets of the search, which narrow this page."""

    results: Results
    panels: list[FacetPanel]


def narrowing_of(request: HttpRequest, question: Question) -> Narrowing:
    """The facets, counted for this reader and leading back to this page."""
    language = translation.get_language() or "en"
    results = find(
        question.params.get("q", ""),
        without(question.params, "sort", "page"),
        request.user,
        page_size=1,
        language=language,
        base=question.base,
    )
    return Narrowing(results, panels_of(results, question.params, language))
