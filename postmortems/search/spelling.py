"""Did you mean: mistyped words, values and fields of a query that found nothing, each mended.

Candidates are words that stand in something the viewer may see, counted as the viewer would; so
what is suggested, and in which order, tells nothing about anything else.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from postmortems.search import analysis
from postmortems.search.combining import all_of
from postmortems.search.compile import Compiler
from postmortems.search.fields import CHOICES, canonical
from postmortems.search.hits import count_of
from postmortems.search.names import words_of_names
from postmortems.search.query import And, Any, Node, Not, Or, Word
from taxonomy.lookup import fold

SHORTEST = 4
# One slip in a short word, two in a longer one.
LONG_WORD = 7
MOST_WORDS = 6
Mend = Callable[[Node], Node | None]


def mended(node: Node, compiler: Compiler, fields: Collection[str]) -> Node | None:
    """The query with every word that nothing has replaced by the nearest that something has; None
    when there is nothing to replace."""
    budget = iter(range(MOST_WORDS))

    def mend(leaf: Node) -> Node | None:
        if next(budget, None) is None:
            return None
        if isinstance(leaf, Any):
            return _value(leaf, compiler)
        if isinstance(leaf, Word) and not leaf.prefix:
            return _field(leaf, fields) or _word(leaf, compiler)
        return None

    found = _replaced(node, mend)
    return found if found != node else None


def _replaced(node: Node, mend: Mend) -> Node:
    if isinstance(node, And | Or):
        return type(node)(tuple(_replaced(child, mend) for child in node.children))
    # What is excluded and not there does no harm.
    return node if isinstance(node, Not) else mend(node) or node


def _word(word: Word, compiler: Compiler) -> Node | None:
    tokens = analysis.as_written(word.text)
    if len(tokens) != 1 or not _may_be_mistyped(tokens[0]) or _count(word, compiler):
        return None
    nearest = [
        (text, distance)
        for text, distance in _nearest(tokens[0], _words_near(tokens[0], compiler))
        if _is_seen(text, compiler)
    ]
    # Equal distances are decided by use, then by the alphabet; all of it as the viewer sees it.
    counted = [
        (distance, -_count(Word(text, part=word.part), compiler), text)
        for text, distance in nearest
    ]
    used = sorted(item for item in counted if item[1])
    return replace(word, text=used[0][2]) if used else None


def _may_be_mistyped(token: str) -> bool:
    return len(token) >= SHORTEST and token.isalpha() and token.isascii()


def _words_near(token: str, compiler: Compiler) -> Iterator[str]:
    """Words that begin as the token does, or as its second letter: the first slip is rarely the
    first letter, and a whole dictionary is a long way to walk."""
    for start in dict.fromkeys(token[:2]):
        for text, _count in compiler.searcher.terms_with_prefix("surface", start):
            if text.isalpha():
                yield text
    yield from words_of_names(compiler.terms)


def _nearest(token: str, words: Iterable[str]) -> list[tuple[str, float]]:
    slips = 2 if len(token) >= LONG_WORD else 1
    found = process.extract(
        token, list(dict.fromkeys(words)), scorer=OSA.distance, score_cutoff=slips, limit=None
    )
    return [(text, distance) for text, distance, _key in found if distance]


def _count(word: Word, compiler: Compiler) -> int:
    query = all_of([compiler.visible(), compiler.compile(word)])
    return count_of(compiler.searcher.search(query, limit=1))


def _is_seen(text: str, compiler: Compiler) -> bool:
    """Whether the viewer can see the very word: a relative with the same stem does not vouch for it."""
    if text in words_of_names(compiler.terms):
        return True
    written = all_of([compiler.visible(), compiler.as_written([text])])
    return bool(count_of(compiler.searcher.search(written, limit=1)))


def _value(leaf: Any, compiler: Compiler) -> Node | None:
    """`cause:netwrok`: the value of the field that was meant."""
    name = canonical(leaf.field)
    slug = name.partition(".")[0]
    if compiler.terms.vocabulary(slug):
        known = [term for term in compiler.terms.terms_of(slug) if not term.retired]
        values = {fold(text): term.path for term in known for text in (term.slug, term.path)}
    else:
        values = {value: value for value in CHOICES.get(name, ())}
    mended = tuple(_known_value(value, slug, values, compiler) for value in leaf.values)
    return replace(leaf, values=mended) if mended != leaf.values else None


def _known_value(value: str, slug: str, values: dict[str, str], compiler: Compiler) -> str:
    if compiler.resolve(slug, value) or value in values:
        return value
    nearest = _nearest(fold(value), values)
    return values[min(nearest, key=lambda pair: (pair[1], pair[0]))[0]] if nearest else value


def _field(word: Word, fields: Collection[str]) -> Node | None:
    """`causse:dns`: the field that was meant."""
    name, colon, value = word.text.partition(":")
    if not colon or not value or not _may_be_mistyped(name):
        return None
    nearest = _nearest(name.lower(), fields)
    if not nearest:
        return None
    return Any(min(nearest, key=lambda pair: (pair[1], pair[0]))[0], tuple(value.split(",")))
