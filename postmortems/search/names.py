"""Which terms are called by some words. Asked at query time, so that renaming a term touches no entry."""

from collections.abc import Iterable

from postmortems.search import analysis
from taxonomy.lookup import TermInfo, Terms

MOST_KEPT = 2_000


def terms_named(terms: Terms, sequences: Iterable[tuple[str, ...]]) -> list[int]:
    """The terms whose name or alias, in any language, has the words next to each other."""
    global _named
    if _named is None or _named[0] is not terms or len(_named[1]) > MOST_KEPT:
        _named = (terms, {})
    wanted = tuple(f" {' '.join(sequence)} " for sequence in sequences)
    # The same words are asked for once a part: for hits, for counts, for snippets.
    kept = _named[1]
    if wanted not in kept:
        kept[wanted] = [
            term_id
            for term_id, text in stemmed_names(terms)
            if any(sequence in text for sequence in wanted)
        ]
    return kept[wanted]


_named: tuple[Terms, dict[tuple[str, ...], list[int]]] | None = None
_words: tuple[Terms, frozenset[str]] | None = None
_stemmed: tuple[Terms, list[tuple[int, str]]] | None = None


def stemmed_names(terms: Terms) -> list[tuple[int, str]]:
    """Every term with the stems of all it is called, ready to be looked into; kept per snapshot."""
    global _stemmed
    if _stemmed is None or _stemmed[0] is not terms:
        names = [(term.id, "|".join(_streams(_called(term)))) for term in terms.by_id.values()]
        _stemmed = (terms, names)
    return _stemmed[1]


def words_of_names(terms: Terms) -> frozenset[str]:
    """Every English word of the names and aliases of all terms; kept per snapshot."""
    global _words
    if _words is None or _words[0] is not terms:
        texts = [text for term in terms.by_id.values() for text in _called(term)]
        words = {word for text in texts for word in analysis.as_written(text) if word.isalpha()}
        _words = (terms, frozenset(words))
    return _words[1]


def _called(term: TermInfo) -> list[str]:
    return [*term.names.values(), *term.aliases]


def _streams(texts: Iterable[str]) -> list[str]:
    return [f" {' '.join(sequence)} " for text in texts for sequence in analysis.forms(text)]
