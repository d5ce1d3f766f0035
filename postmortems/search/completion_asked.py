"""The rest of a query, around the place that is completed, made ready to count in: one viewer, one time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tantivy import Query

from postmortems.access import Viewer, tokens_of
from postmortems.search import query, selection
from postmortems.search.caret import Caret
from postmortems.search.combining import all_of
from postmortems.search.compile import Compiler
from postmortems.search.fields import NO_FILTERS, PART_ALIASES, known_fields
from postmortems.search.parser import parse
from postmortems.search.query import And, Node, Word
from postmortems.search.questions import Question, question_of
from postmortems.search.sync import View
from taxonomy.lookup import Terms

# Stands in the query for what is being typed: a word of nothing that is indexed, so it narrows nothing.
MARK = "\ue000"


@dataclass(frozen=True)
class Asked:
    """What is typed, and the question that everything else asks. `part` is what `in:` holds at the
    caret; `language` that of the names shown."""

    caret: Caret
    terms: Terms
    compiler: Compiler
    question: Question
    part: str
    language: str

    def count(self, node: Node) -> int:
        """How many entries of the rest match this as well."""
        return self.question.count(all_of([self._rest(node), self.compiler.compile(node)]))

    def read(self, text: str) -> Node:
        """The tree of a word or `field:value` as it would be typed."""
        return parse(text, known_fields(self.terms), PART_ALIASES).node

    def counts(
        self,
        column: str,
        prefix: str = "",
        *,
        most: int | None = None,
        beside: Node = query.EVERYTHING,
    ) -> dict[str, int]:
        """The values of a column that start so, the commonest first, each with how many entries of
        the rest have it. A value of which the viewer sees nothing is not there."""
        narrowed = all_of([self.question.query(), self.compiler.compile(beside)])
        return dict(self.question.searcher.terms_with_prefix(column, prefix, narrowed, most))

    def _rest(self, node: Node) -> Query:
        """Archived ones count where they are asked for."""
        is_status = isinstance(node, query.Any) and node.field == "status"
        asked = replace(self.question, archive=None) if is_status else self.question
        return asked.query()


def asked_of(
    text: str,
    caret: Caret,
    params: Mapping[str, object],
    by: Viewer,
    *,
    view: View,
    terms: Terms,
    language: str,
) -> Asked:
    """What is asked beside the word at the caret."""
    known = known_fields(terms)
    marked = f"{text[: caret.word_start]}{MARK}{text[caret.word_end :]}"
    node, part = _rest_of(parse(marked, known, PART_ALIASES).node)
    compiler = Compiler(view, terms, tokens_of(by))
    chosen = selection.read(params, "", known - NO_FILTERS)
    return Asked(
        caret=caret,
        terms=terms,
        compiler=compiler,
        question=question_of(view, compiler, node, chosen),
        part=part,
        language=language,
    )


def _rest_of(node: Node) -> tuple[Node, str]:
    """The tree without the mark, where it stands beside others, and the part that it is in."""
    mark = next(
        (leaf for leaf, _no in query.leaves(node) if isinstance(leaf, Word) and leaf.text == MARK),
        None,
    )
    if mark is None:
        return node, ""
    if mark == node:
        return And(), mark.part
    return query.without(node, mark), mark.part
