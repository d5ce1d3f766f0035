"""A search made ready for the engine, in parts that can be left out one by one."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from postmortems.models import Postmortem
from postmortems.search.combining import all_of, any_of, none_of
from postmortems.search.compile import Compiler
from postmortems.search.fields import PART_ALIASES
from postmortems.search.hits import count_of
from postmortems.search.parser import parse
from postmortems.search.query import Any, Node, leaves
from postmortems.search.ranking import unscored
from postmortems.search.selection import Choice, Selection
from postmortems.search.sync import View


@dataclass(frozen=True)
class Question:
    """A search made ready for the engine: whose it is, what is written, and what each facet's
    choice adds. `archive` leaves archived ones out where they are not asked for; `key` tells
    questions apart within one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    viewer: Query
    written: Query
    choices: Mapping[str, Query]
    archive: Query | None
    key: tuple[Hashable, ...]
    chosen: Mapping[str, Choice]

    def query(self, without: str = "") -> Query:
        """Everything as one query, or everything but one facet's choice."""
        chosen = [query for slug, query in self.choices.items() if slug != without]
        archive = [self.archive] if self.archive is not None and without != "status" else []
        return all_of([self.viewer, self.written, *chosen, *archive])

    def count(self, query: Query) -> int:
        """How many entries a query finds."""
        return count_of(self.searcher.search(query, limit=1))

    def key_of(self, without: str) -> tuple[Hashable, ...]:
        """The key of the query without one facet's choice."""
        chosen = frozenset(item for item in self.chosen.items() if item[0] != without)
        is_archive_out = self.archive is not None and without != "status"
        return (*self.key, chosen, is_archive_out)


def question_of(view: View, compiler: Compiler, node: Node, chosen: Selection) -> Question:
    """The question that a query tree and chosen parameters are."""
    viewer = compiler.visible()
    if view.pending:
        outdated = Query.term_set_query(view.schema, "pk", list(view.pending))
        viewer = all_of([viewer, none_of(outdated)])
    choices = {
        slug: _choice_query(compiler, slug, choice) for slug, choice in chosen.choices.items()
    }
    return Question(
        searcher=view.searcher,
        schema=view.schema,
        viewer=viewer,
        written=compiler.compile(node),
        choices=choices,
        archive=archive_of(compiler, node, chosen),
        key=(compiler.audience, view.pending, node),
        chosen=chosen.choices,
    )


def archive_of(compiler: Compiler, node: Node, chosen: Selection) -> Query | None:
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
