"""When nothing has all the words: what has most of them, and which words each hit lacks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from postmortems.search import mostly
from postmortems.search.compile import Compiler
from postmortems.search.hits import Found, matching
from postmortems.search.query import And, Node, conjuncts
from postmortems.search.results import Hit, Nearest

SHOWN = 10
# One long text that happens to have every word of a question must not hide the answers.
LITTLE = 5


def query_of(node: Node, least: int) -> Node | None:
    """The query for what has most of the words; None when there are fewer than `least` words, or
    that is what was asked already."""
    children = conjuncts(node)
    if mostly.ASKED in children or len(mostly.optional(children)) + _runs(children) < least:
        return None
    return And((*children, mostly.ASKED))


def _runs(children: Iterable[Node]) -> int:
    """Chinese runs that can be taken apart count as more than one word."""
    return sum(bool(mostly.pieces(leaf)) for leaf in mostly.words_of(children))


def beyond(found: Nearest | None, known: Iterable[Hit]) -> Nearest | None:
    """What has most of the words without what has all of them; None when that is nothing."""
    refs = {hit.ref for hit in known}
    hits = tuple(hit for hit in found.hits if hit.ref not in refs) if found else ()
    return replace(found, hits=hits) if found and hits else None


def lacks_of(page: Sequence[Found], node: Node, compiler: Compiler) -> dict[str, tuple[str, ...]]:
    """By ref: the words of a `match:most` query that the hit does not have."""
    children = conjuncts(node)
    if mostly.ASKED not in children:
        return {}
    words = [
        (leaf.text, matching(page, compiler.loosely(leaf), compiler))
        for leaf in mostly.optional(children)
    ]
    return {
        found.ref: tuple(text for text, having in words if found.ref not in having)
        for found in page
    }
