"""The one way to search: text, parameters and a viewer in, Results out. Page, API, feeds and exports use it."""

from collections.abc import Mapping
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from postmortems.access import tokens_of
from postmortems.models import User
from postmortems.search import chips, facets, hits, ranking, selection, sync
from postmortems.search.compile import Compiler
from postmortems.search.counting import counter_of
from postmortems.search.fields import PART_ALIASES, known_fields
from postmortems.search.notices import sentences
from postmortems.search.parser import Notice, parse
from postmortems.search.query import has_text
from postmortems.search.questions import Question, archive_of, question_of
from postmortems.search.results import Drop, Results
from postmortems.search.selection import Selection
from postmortems.search.snippets import wanted_of
from taxonomy import lookup

MOST_PAGE_SIZE = 100
# Deeper pages cost the engine as much as all pages before them.
MOST_PAGES = 500
MOST_DROPS = 8


def search(
    text: str,
    params: Mapping[str, object],
    by: User | AnonymousUser,
    *,
    page: int | str = 1,
    page_size: int = 20,
    language: str = "en",
) -> Results:
    """What `by` may see of what is asked: one page of hits, all facets, the histogram, chips, notices.

    `params` is the query string (a QueryDict, or lists by name); its `q`, `page` and `page_size`
    are not read, since callers bound them. Never raises for any text or parameter: what was not
    understood stands in `notices`, a bad `page` or `sort` in `problems`.
    """
    view = sync.view()
    terms = lookup.current()
    known = known_fields(terms)
    text = selection.readable(text).strip()
    parsed = parse(text, known, PART_ALIASES)
    chosen = selection.read(params, text, known - {"in"})
    compiler = Compiler(view.searcher, view.schema, terms, tokens_of(by))
    question = question_of(view, compiler, parsed.node, chosen)
    sort, is_known_sort = ranking.chosen(chosen.sort, has_text=has_text(parsed.node))
    number, is_known_page = _page_number(page)
    size = max(1, min(page_size, MOST_PAGE_SIZE))
    payloads, count = hits.page_of_hits(
        view.searcher, question.query(), sort, offset=(number - 1) * size, size=size
    )
    counter = counter_of(question, facets.slugs_of(terms), (view.state, terms))
    base = reverse("search")
    builder = facets.Builder(terms, chosen, counter, facets.language_of(language), base)
    made = tuple(builder.facets())
    shown = chips.Chips(terms, chosen, parsed.node, made, base, language)
    notices: list[Notice | tuple[str, str]] = [*parsed.notices, *compiler.notices]
    problems = [
        name for name, known in (("page", is_known_page), ("sort", is_known_sort)) if not known
    ]
    return Results(
        terms=terms,
        query=parsed.node,
        text=text,
        count=count,
        page=number,
        page_size=size,
        hits=hits.hits_of(payloads, wanted_of(parsed.node, terms), terms, language),
        facets=made,
        histogram=builder.histogram(),
        chips=tuple(shown.all()),
        notices=sentences(notices, problems, is_catching_up=bool(view.pending)),
        problems=tuple(problems),
        sort=sort.value,
        sorts=tuple((item.value, str(item.label), item == sort) for item in ranking.SORTS),
        drop_suggestions=_drops(question, compiler, chosen, shown) if not count else (),
        collection_empty=not count and not question.count(compiler.visible()),
    )


def _drops(
    question: Question, compiler: Compiler, chosen: Selection, shown: chips.Chips
) -> tuple[Drop, ...]:
    """Each filter or word that could go, with what there would be without it, the most first."""
    found = []
    for slug, label, url in shown.facet_drops():
        others = {name: choice for name, choice in chosen.choices.items() if name != slug}
        archive = archive_of(compiler, shown.node, replace(chosen, choices=others))
        rest = {name: query for name, query in question.choices.items() if name != slug}
        less = replace(question, choices=rest, archive=archive)
        found.append(Drop(label, question.count(less.query()), url))
    if alone := shown.query_alone():
        label, url = alone
        archive = archive_of(compiler, shown.node, replace(chosen, choices={}))
        less = replace(question, choices={}, archive=archive)
        found.append(Drop(label, question.count(less.query()), url))
    for node, label, url in shown.query_drops():
        archive = archive_of(compiler, node, chosen)
        less = replace(question, written=compiler.compile(node), archive=archive)
        found.append(Drop(label, question.count(less.query()), url))
    return tuple(sorted(found, key=lambda drop: -drop.count)[:MOST_DROPS])


def _page_number(page: int | str) -> tuple[int, bool]:
    text = str(page)
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PAGES))
    number = int(text) if is_number else 0
    is_known = 1 <= number <= MOST_PAGES
    return (number if is_known else 1), is_known
