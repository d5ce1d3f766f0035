"""The one way to search: text, parameters and a viewer in, Results out. Page, API, feeds and exports use it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import tantivy
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from tantivy import Occur, Query

from postmortems.access import tokens_of
from postmortems.models import Postmortem, User
from postmortems.search import chips, facets, hits, ranking, selection, sync
from postmortems.search.compile import Compiler, all_of, any_of, none_of
from postmortems.search.fields import PART_ALIASES, known_fields
from postmortems.search.notices import sentences
from postmortems.search.parser import Notice, Parsed, parse
from postmortems.search.query import Any, Node, has_text, leaves
from postmortems.search.ranking import unscored
from postmortems.search.results import Drop, Results
from postmortems.search.selection import Choice, Selection
from postmortems.search.snippets import wanted_of
from taxonomy import lookup

MOST_PAGE_SIZE = 100
# Deeper pages cost the engine as much as all pages before them.
MOST_PAGES = 500
MOST_DROPS = 8


@dataclass(frozen=True)
class Question:
    """A search made ready for the engine: whose it is, what is written, and what each facet's
    choice adds. `archive` leaves archived ones out where they are not asked for."""

    searcher: tantivy.Searcher
    viewer: Query
    written: Query
    choices: Mapping[str, Query]
    archive: Query | None

    def query(self, without: str = "") -> Query:
        """Everything as one query, or everything but one facet's choice."""
        chosen = [query for slug, query in self.choices.items() if slug != without]
        archive = [self.archive] if self.archive is not None and without != "status" else []
        return all_of([self.viewer, self.written, *chosen, *archive])

    def count(self, query: Query) -> int:
        """How many entries a query finds."""
        return hits.count_of(self.searcher.search(query, limit=1))


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
    question = _question(view, compiler, parsed, chosen)
    sort, is_known_sort = ranking.chosen(chosen.sort, has_text=has_text(parsed.node))
    number, is_known_page = _page_number(page)
    size = max(1, min(page_size, MOST_PAGE_SIZE))
    payloads, count = hits.page_of_hits(
        view.searcher, question.query(), sort, offset=(number - 1) * size, size=size
    )
    counter = _counter(question)
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


def _question(view: sync.View, compiler: Compiler, parsed: Parsed, chosen: Selection) -> Question:
    viewer = compiler.visible()
    if view.pending:
        outdated = Query.term_set_query(view.schema, "pk", list(view.pending))
        viewer = all_of([viewer, none_of(outdated)])
    choices = {
        slug: _choice_query(compiler, slug, choice) for slug, choice in chosen.choices.items()
    }
    written, archive = compiler.compile(parsed.node), _archive(compiler, parsed.node, chosen)
    return Question(view.searcher, viewer, written, choices, archive)


def _archive(compiler: Compiler, node: Node, chosen: Selection) -> Query | None:
    """What leaves archived ones out; nothing when they are asked for."""
    asked = [
        value
        for leaf, negated in leaves(node)
        if isinstance(leaf, Any) and leaf.field == "status" and not negated
        for value in leaf.values
    ]
    wanted = {value.lower() for value in (*asked, *chosen.of("status").included)}
    archived = Postmortem.Status.ARCHIVED
    return None if archived in wanted else none_of(compiler.value("status", archived))


def _choice_query(compiler: Compiler, slug: str, choice: Choice) -> Query:
    def value(text: str) -> Query:
        # Ranges work as parameters too: `?duration=>4h`, `?started=2022..2023`.
        is_range = text[:1] in "<>" or ".." in text
        if is_range:
            return compiler.compile(parse(f"{slug}:{text}", (slug,), PART_ALIASES).node)
        return compiler.value(slug, text)

    clauses = []
    if choice.included:
        clauses.append((Occur.Must, any_of([value(text) for text in choice.included])))
    clauses += [(Occur.MustNot, value(text)) for text in choice.excluded]
    return unscored(Query.boolean_query([(Occur.Must, Query.all_query()), *clauses]))


def _counter(question: Question) -> facets.Counter:
    base = facets.count(question.searcher, question.query(), facets.AGGREGATED)
    apart = list(question.choices)
    if question.archive is not None:
        apart.append("status")
    alone = {
        slug: facets.count(question.searcher, question.query(without=slug), _columns_of(slug))
        for slug in apart
    }
    totals = {slug: sum(counts["status"].values()) for slug, counts in alone.items()}
    return facets.Counter(base, alone, sum(base["status"].values()), totals)


def _columns_of(slug: str) -> tuple[str, ...]:
    """The columns that one facet's values are counted in; `status` gives the total as well."""
    own = {"year": "when", "status": "status", "visibility": "visibility"}
    named = own.get(slug) or (slug if slug in facets.AGGREGATED else "term")
    return tuple(dict.fromkeys((named, "vocabulary", "status")))


def _drops(
    question: Question, compiler: Compiler, chosen: Selection, shown: chips.Chips
) -> tuple[Drop, ...]:
    """Each filter or word that could go, with what there would be without it, the most first."""
    found = []
    for slug, label, url in shown.facet_drops():
        others = {name: choice for name, choice in chosen.choices.items() if name != slug}
        archive = _archive(compiler, shown.node, replace(chosen, choices=others))
        rest = {name: query for name, query in question.choices.items() if name != slug}
        less = replace(question, choices=rest, archive=archive)
        found.append(Drop(label, question.count(less.query()), url))
    if alone := shown.query_alone():
        label, url = alone
        archive = _archive(compiler, shown.node, replace(chosen, choices={}))
        less = replace(question, choices={}, archive=archive)
        found.append(Drop(label, question.count(less.query()), url))
    for node, label, url in shown.query_drops():
        archive = _archive(compiler, node, chosen)
        less = replace(question, written=compiler.compile(node), archive=archive)
        found.append(Drop(label, question.count(less.query()), url))
    return tuple(sorted(found, key=lambda drop: -drop.count)[:MOST_DROPS])


def _page_number(page: int | str) -> tuple[int, bool]:
    text = str(page)
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PAGES))
    number = int(text) if is_number else 0
    is_known = 1 <= number <= MOST_PAGES
    return (number if is_known else 1), is_known
