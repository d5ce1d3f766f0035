"""When nothing has all the words: what has most of them, and which words each hit lacks."""

from collections.abc import Iterable, Sequence

from postmortems.search import mostly
from postmortems.search.compile import Compiler
from postmortems.search.hits import Found, matching
from postmortems.search.query import And, Node, conjuncts

SHOWN = 5


def query_of(node: Node) -> Node | None:
    """The query for what has most of the words; None when there are too few words to lack one, or
    that is what was asked already."""
    children = conjuncts(node)
    if mostly.ASKED in children or len(mostly.optional(children)) + _runs(children) < 2:
        return None
    return And((*children, mostly.ASKED))


def _runs(children: Iterable[Node]) -> int:
    """Chinese runs that can be taken apart count as more than one word."""
    return sum(bool(mostly.pieces(leaf)) for leaf in mostly.words_of(children))


def lacks_of(page: Sequence[Found], node: Node, compiler: Compiler) -> dict[str, tuple[str, ...]]:
    """By ref: the words of a `match:most` query that the hit does not have."""
    children = conjuncts(node)
    if mostly.ASKED not in children or not page:
        return {}
    words = [
        (leaf.text, matching(page, compiler.loosely(leaf), compiler))
        for leaf in mostly.optional(children)
    ]
    return {
        found.ref: tuple(text for text, having in words if found.ref not in having)
        for found in page
    }
