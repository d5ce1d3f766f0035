"""What the words of a query are worth, clause by clause; the weights stand in `fields` and `ranking`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tantivy import Occur, Query

from postmortems.document import SECTIONS
from postmortems.search import analysis, mostly, ranking
from postmortems.search.compile import Compiler, is_about_terms
from postmortems.search.fields import PART_BY_NAME, TEXT_PARTS, parts_named
from postmortems.search.query import And, Node, Or, Phrase, Word

# What `explain` calls the clauses that belong to no single part.
AS_WRITTEN, TOGETHER, MATCHED = "as-written", "together", "matched"


@dataclass(frozen=True)
class Clause:
    """What adds to a hit's score where it matches: some text, in a part, by a weight."""

    text: str
    part: str
    weight: float
    query: Query


def scored(filter_query: Query, clauses: Sequence[Clause]) -> Query:
    """What the filter finds, each with the sum of the clauses that match it; without any, the filter."""
    if not clauses:
        return filter_query
    wanted = [(Occur.Should, ranking.scored(item.query, item.weight)) for item in clauses]
    return Query.boolean_query([(Occur.Must, ranking.unscored(filter_query)), *wanted])


def clauses_of(node: Node, compiler: Compiler) -> Iterator[Clause]:
    """Every clause of a query. What is excluded adds nothing, and fields only narrow."""
    match node:
        case And(children):
            yield from _together(children, compiler)
            if mostly.ASKED in children:
                yield from _matched(children, compiler)
            few = len(children) <= ranking.MANY
            for child in children:
                yield from clauses_of(child, compiler) if few else _in_heavy_parts(child, compiler)
        case Or(children):
            for child in children:
                yield from clauses_of(child, compiler)
        case Word(text, True, part) if compiler.may_widen(node):
            yield from _starting(text, part, compiler)
        case Word(text, _, part):
            for run in analysis.script_runs(text):
                yield from _of_text(run, part, compiler)
        case Phrase(text, part):
            yield from _of_text(text, part, compiler)


def weights_of(part: str) -> dict[str, float]:
    """The parts that text is looked for in, with what a match there is worth."""
    wanted = parts_named(part)
    parts = {item.name: item.weight for item in TEXT_PARTS}
    if not wanted:
        return parts
    known = parts | dict.fromkeys(SECTIONS, PART_BY_NAME["sections"].weight)
    return {name: weight for name, weight in known.items() if name in wanted}


def _of_text(text: str, part: str, compiler: Compiler) -> Iterator[Clause]:
    sequences = analysis.forms(text)
    if not sequences:
        return
    for name, weight in weights_of(part).items():
        yield Clause(text, name, weight, compiler.in_field(f"text_{name}", sequences))
    if is_about_terms(part):
        weight = PART_BY_NAME["terms"].weight
        yield Clause(text, "terms", weight, compiler.called(sequences))
    if written := analysis.as_written(text):
        yield Clause(text, AS_WRITTEN, ranking.AS_WRITTEN, compiler.as_written(written))


def _in_heavy_parts(node: Node, compiler: Compiler) -> Iterator[Clause]:
    """One of many words: only the parts that say what an incident is about are looked into."""
    heavy = {part.name for part in TEXT_PARTS if part.weight >= ranking.HEAVY}
    for clause in clauses_of(node, compiler) if isinstance(node, Word | Phrase) else ():
        if clause.part in heavy:
            yield clause


def _starting(text: str, part: str, compiler: Compiler) -> Iterator[Clause]:
    before, last = analysis.last_token(text)
    if not last:
        return
    for name, weight in weights_of(part).items():
        query = compiler.starting(f"text_{name}", before, last)
        yield Clause(f"{text}*", name, weight, query)


def _together(children: Sequence[Node], compiler: Compiler) -> Iterator[Clause]:
    """Words that stand side by side in the query, where they stand near each other in the text."""
    for first, second in list(pairwise(children))[: ranking.MOST_PAIRS]:
        if not (isinstance(first, Word) and isinstance(second, Word)) or second.prefix:
            continue
        tokens = [*_tokens(first), *_tokens(second)]
        if len(tokens) > 1 and not first.prefix:
            query = compiler.near(tokens, ranking.SLOP)
            yield Clause(f"{first.text} {second.text}", TOGETHER, ranking.TOGETHER, query)


def _tokens(word: Word) -> tuple[str, ...]:
    return next(iter(analysis.forms(word.text)), ())


def _matched(children: Sequence[Node], compiler: Compiler) -> Iterator[Clause]:
    """Where not all words are needed, how many are there counts before where they stand."""
    for leaf in mostly.optional(children):
        weight = ranking.MATCHED * (2 if mostly.is_identifier(leaf) else 1)
        yield Clause(leaf.text, MATCHED, weight, compiler.loosely(leaf))
        for piece in mostly.pieces(leaf):
            yield from _of_text(piece, leaf.part, compiler)
