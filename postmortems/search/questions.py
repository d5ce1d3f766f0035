"""A search made ready for the engine, in parts that can be left out one by one."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

import tantivy
from tantivy import Occur, Query

from postmortems.models import Postmortem
from postmortems.search.combining import all_of, any_of, none_of
from postmortems.search.compile import Compiler
from postmortems.search.fields import LENGTHS, MOMENTS, PART_ALIASES, canonical_value
from postmortems.search.hits import count_of
from postmortems.search.parser import parse
from postmortems.search.query import EVERYTHING, Any, Node, Range, leaves
from postmortems.search.ranking import unscored
from postmortems.search.selection import Choice, Selection
from postmortems.search.sync import View


@dataclass(frozen=True)
class Question:
    """A search made ready for the engine: whose it is, what is written, and what each facet's
    choice adds, as a whole and value by value. `archive` leaves archived ones out where they are
    not asked for; `key` tells questions apart within one state of the index."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    viewer: Query
    written: Query
    choices: Mapping[str, Query]
    archive: Query | None
    key: tuple[Hashable, ...]
    chosen: Mapping[str, Choice]
    values: Mapping[str, Mapping[str, Query]] = field(default_factory=dict)

    def query(self, without: str = "") -> Query:
        """Everything as one query, or everything but one facet's choice."""
        chosen = [query for slug, query in self.choices.items() if slug != without]
        archive = [self.archive] if self.archive is not None and without != "status" else []
        return all_of([self.viewer, self.written, *chosen, *archive])

    def unnarrowed(self) -> "Question":
        """The question for all that its viewer may see; archived ones if this one asks for them."""
        (audience, pending, _node) = self.key
        return replace(
            self,
            written=Query.all_query(),
            choices={},
            chosen={},
            values={},
            key=(audience, pending, EVERYTHING),
        )

    def narrowed(self, name: str, query: Query) -> "Question":
        """The question for what another query finds as well; `name` must tell that query apart from
        all others in one state of the index."""
        (audience, pending, node) = self.key
        written = all_of([self.written, query])
        return replace(self, written=written, key=(audience, pending, (node, name)))

    def count(self, query: Query) -> int:
        """How many entries a query finds."""
        return count_of(self.searcher.search(query, limit=1))

    def count_alone(self, slug: str, value: str) -> int:
        """How many entries a chosen value would find alone in its facet, all else kept."""
        return self.count(all_of([self.query(without=slug), self.values[slug][value]]))

    def key_of(self, without: str) -> tuple[Hashable, ...]:
        """The key of the query without one facet's choice."""
        chosen = frozenset(item for item in self.chosen.items() if item[0] != without)
        is_archive_out = self.archive is not None and without != "status"
        return (*self.key, chosen, is_archive_out)


def question_of(view: View, compiler: Compiler, node: Node, chosen: Selection) -> Question:
    """The question that a query tree and chosen parameters are."""
    values = {slug: _values_of(compiler, slug, choice) for slug, choice in chosen.choices.items()}
    choices = {slug: _choice_query(values[slug], choice) for slug, choice in chosen.choices.items()}
    return Question(
        searcher=view.searcher,
        schema=view.schema,
        viewer=compiler.visible(),
        written=compiler.compile(node),
        choices=choices,
        archive=archive_of(compiler, node, chosen),
        key=(compiler.audience, view.pending, node),
        chosen=chosen.choices,
        values=values,
    )


def archive_of(compiler: Compiler, node: Node, chosen: Selection) -> Query | None:
    """What leaves archived ones out; nothing when they are asked for."""
    asked = [
        value
        for leaf, negated in leaves(node)
        if isinstance(leaf, Any) and leaf.field == "status" and not negated
        for value in leaf.values
    ]
    written = (*asked, *chosen.of("status").included)
    wanted = {canonical_value("status", value) for value in written}
    return None if Postmortem.Status.ARCHIVED in wanted else without_archived(compiler)


def without_archived(compiler: Compiler) -> Query:
    """All but what is archived."""
    return none_of(compiler.value("status", Postmortem.Status.ARCHIVED))


def _choice_query(values: Mapping[str, Query], choice: Choice) -> Query:
    included = any_of([values[text] for text in choice.included])
    wanted = included if choice.included else Query.all_query()
    unwanted = [(Occur.MustNot, values[text]) for text in choice.excluded]
    return unscored(Query.boolean_query([(Occur.Must, wanted), *unwanted]))


def _values_of(compiler: Compiler, slug: str, choice: Choice) -> dict[str, Query]:
    """The query of each chosen value. Ranges are values too: `?duration=>4h`, `?started=2022..2023`."""
    return {
        text: _value_query(compiler, slug, text) for text in (*choice.included, *choice.excluded)
    }


def _value_query(compiler: Compiler, slug: str, text: str) -> Query:
    node = range_of(slug, text)
    found = compiler.range(node) if node else compiler.value(slug, text)
    if found is None:
        # Unlike in a text there are no words to read it as instead.
        compiler.notices.append(("unknown-value", f"{slug}:{text}"))
        return Query.empty_query()
    return found


def range_of(slug: str, text: str) -> Range | None:
    """The range that a parameter's value is; None for a plain value. A date or a length is the
    range from itself to itself."""
    if text[:1] in "<>" or ".." in text:
        node = parse(f"{slug}:{text.replace(' ', '')}", (slug,), PART_ALIASES).node
        if isinstance(node, Range):
            return node
    return Range(slug, text, text) if slug in (*MOMENTS, *LENGTHS) else None
