"""The one way to search: text, parameters and a viewer in, Results out. Page, API, feeds and exports use it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from postmortems.access import tokens_of
from postmortems.digits import number_in
from postmortems.models import User
from postmortems.search import (
    chips,
    facets,
    hits,
    nearest,
    paste,
    ranking,
    reasons,
    scoring,
    selection,
    sync,
    timing,
)
from postmortems.search.alternatives import Alternatives
from postmortems.search.compile import Compiler
from postmortems.search.counting import counter_of
from postmortems.search.fields import NO_FILTERS, PART_ALIASES, known_fields
from postmortems.search.notices import sentences
from postmortems.search.parser import MAX_LENGTH, Notice, parse
from postmortems.search.query import EVERYTHING, Node, has_text
from postmortems.search.questions import Question, question_of
from postmortems.search.ranking import Sort
from postmortems.search.results import Hit, Reason, Results
from postmortems.search.scoring import Clause
from postmortems.search.selection import Selection
from postmortems.search.snippets import wanted_of

MOST_PAGE_SIZE = 100
# Deeper pages cost the engine as much as all pages before them.
MOST_PAGES = 1_000


@dataclass(frozen=True)
class Reading:
    """How a text was read: as a query, or as something pasted, which has no grammar in it."""

    node: Node
    notices: tuple[Notice, ...]
    is_pasted: bool = False

    @property
    def written(self) -> Node:
        """What a person wrote as grammar, and so can take back part by part."""
        return EVERYTHING if self.is_pasted else self.node


@dataclass(frozen=True)
class Asked:
    """A search understood: what is wanted, by whom, of which state of the index."""

    text: str
    reading: Reading
    chosen: Selection
    known: Collection[str]
    view: sync.View
    compiler: Compiler
    question: Question
    sort: Sort
    page: int
    page_size: int
    problems: tuple[str, ...]
    language: str

    @property
    def aside(self) -> Compiler:
        """For what is asked beside the question itself: it must not add to what the reader is told."""
        return replace(self.compiler, notices=[], wildcards=0)

    @property
    def clauses(self) -> list[Clause]:
        """What adds to a hit's score: nothing where another order than relevance was asked for."""
        return [] if self.sort.field else list(scoring.clauses_of(self.reading.node, self.aside))


@timing.timed
@sync.mended
def search(
    text: str,
    params: Mapping[str, object],
    by: User | AnonymousUser,
    *,
    page: int | str = 1,
    page_size: int = 20,
    language: str = "en",
    explain: bool = False,
    base: str = "",
) -> Results:
    """What `by` may see of what is asked: one page of hits, all facets, the histogram, chips, notices.

    `params` is the query string (a QueryDict, or lists by name); its `q`, `page` and `page_size`
    are not read, since callers bound them. Never raises for any text or parameter: what was not
    understood stands in `notices`, a bad `page` or `sort` in `problems`. With `explain` each
    hit in order of relevance says what its score is made of, to administrators only. `base` is the
    address that chips and facets lead to where that is not the search page; it may have a query.
    """
    asked = understand(text, params, by, page=page, page_size=page_size, language=language)
    terms, base = asked.compiler.terms, base or reverse("search")
    is_told = explain and isinstance(by, User) and by.is_administrator
    shown_hits, count = _hits(asked, is_explained=is_told and not asked.sort.field)
    counter = counter_of(asked.question, facets.slugs_of(terms), (asked.view.state, terms))
    shown_in = facets.language_of(language)
    builder = facets.Builder(terms, asked.chosen, counter, shown_in, base, asked.question)
    made = tuple(builder.facets())
    shown = chips.Chips(terms, asked.chosen, asked.reading.written, made, base, language)
    literal = paste.literal(asked.text) if asked.reading.is_pasted else ""
    results = Results(
        terms=terms,
        query=asked.reading.node,
        text=asked.text,
        count=count,
        page=asked.page,
        page_size=asked.page_size,
        hits=shown_hits,
        facets=made,
        histogram=builder.histogram(),
        chips=tuple(shown.all()),
        notices=notices_of(asked),
        problems=asked.problems,
        sort=asked.sort.value,
        sorts=tuple((item.value, str(item.label), item == asked.sort) for item in ranking.SORTS),
        literal_url=asked.chosen.with_text(base, literal) if literal else "",
        drop_suggestions=(),
        collection_empty=False,
    )
    return _with_alternatives(results, asked, shown)


@sync.mended
def numbers_of(searches: Sequence[Mapping[str, object]], by: User | AnonymousUser) -> list[int]:
    """How many postmortems each of several searches without words would list, counted at one moment."""
    asked = understand("", {}, by)
    known = known_fields(asked.compiler.terms) - NO_FILTERS
    numbers = []
    for params in searches:
        chosen = selection.read(params, "", known)
        question = question_of(asked.view, asked.aside, asked.reading.node, chosen)
        numbers.append(question.count(question.query()))
    return numbers


def understand(
    text: str,
    params: Mapping[str, object],
    by: User | AnonymousUser,
    *,
    page: int | str = 1,
    page_size: int = 20,
    language: str = "en",
) -> Asked:
    """The question that a text and parameters are, ready for the index as it now stands."""
    view = sync.view()
    terms = view.terms()
    known = known_fields(terms)
    text = selection.readable(text).strip()
    reading = read(text, known)
    chosen = selection.read(params, text, known - NO_FILTERS)
    compiler = Compiler(view, terms, tokens_of(by))
    sort, is_known_sort = ranking.chosen(chosen.sort, has_text=has_text(reading.node))
    number, is_known_page = _page_number(page)
    checks = (("page", is_known_page), ("sort", is_known_sort))
    return Asked(
        text=text,
        reading=reading,
        chosen=chosen,
        known=known,
        view=view,
        compiler=compiler,
        question=question_of(view, compiler, reading.node, chosen),
        sort=sort,
        page=number,
        page_size=max(1, min(page_size, MOST_PAGE_SIZE)),
        problems=tuple(name for name, is_known in checks if not is_known),
        language=language,
    )


def read(text: str, known: Collection[str]) -> Reading:
    """How a text is read: a pasted error message has words alone, whatever it looks like."""
    parsed = parse(text, known, PART_ALIASES)
    if paste.is_pasted(text, parsed.node) and (node := paste.read(text[:MAX_LENGTH], known)):
        # The box takes no more than this, and cuts a paste without a word.
        cut = (Notice("too-long", ""),) if len(text) >= MAX_LENGTH else ()
        return Reading(node, (Notice("pasted", ""), *cut), is_pasted=True)
    return Reading(parsed.node, parsed.notices)


def _hits(asked: Asked, *, is_explained: bool) -> tuple[tuple[Hit, ...], int]:
    """One page of hits, with what each lacks and why it stands where it does, and how many in all."""
    node, aside, terms = asked.reading.node, asked.aside, asked.compiler.terms
    clauses = asked.clauses
    found, count = hits.page_of_hits(
        asked.view.searcher,
        scoring.scored(asked.question.query(), clauses),
        asked.sort,
        offset=(asked.page - 1) * asked.page_size,
        size=asked.page_size,
    )
    lacks = nearest.lacks_of(found, node, aside)
    why = reasons.reasons_of(found, clauses, aside) if is_explained else {}
    shown = hits.hits_of(found, wanted_of(node, terms), terms, asked.language)
    return _told(shown, lacks, why), count


def _told(
    shown: Sequence[Hit],
    lacks: Mapping[str, tuple[str, ...]],
    why: Mapping[str, tuple[Reason, ...]],
) -> tuple[Hit, ...]:
    if not lacks and not why:
        return tuple(shown)
    return tuple(
        replace(hit, lacks=lacks.get(hit.ref, ()), reasons=why.get(hit.ref, ())) for hit in shown
    )


def notices_of(asked: Asked) -> tuple[str, ...]:
    """What the reader is told: what was not understood, and how it was read instead."""
    notices: list[Notice | tuple[str, str]] = [*asked.reading.notices, *asked.compiler.notices]
    notices += [Notice("too-many-values", slug) for slug in asked.chosen.cut]
    return sentences(notices, asked.problems, is_catching_up=bool(asked.view.pending))


def _with_alternatives(results: Results, asked: Asked, shown: chips.Chips) -> Results:
    """What to do instead, where nothing was found; where little was, what has most of the words."""
    instead = Alternatives(
        asked.question, asked.aside, asked.chosen, asked.reading.node, asked.language
    )
    if results.count:
        is_little = results.count < nearest.LITTLE and asked.page == 1
        more = instead.nearest(least=3) if is_little else None
        return replace(results, nearest=nearest.beyond(more, results.hits))
    return replace(
        results,
        drop_suggestions=instead.drops(shown),
        did_you_mean=instead.did_you_mean(asked.known),
        nearest=instead.nearest(),
        collection_empty=not asked.question.count(asked.compiler.visible()),
    )


def _page_number(page: int | str) -> tuple[int, bool]:
    number = number_in(str(page), 1, MOST_PAGES)
    return number or 1, number is not None
