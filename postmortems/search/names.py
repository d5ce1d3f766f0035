"""Which terms are called by some words. Asked at query time, so that renaming a term touches no entry."""

from collections.abc import Iterable

from postmortems.search import analysis
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import TermInfo, Terms

MOST_KEPT = 2_000


def terms_named(terms: Terms, sequences: Iterable[tuple[str, ...]]) -> list[int]:
    """The terms whose name or alias, in any language, has the words next to each other."""
    wanted = tuple(f" {' '.join(sequence)} " for sequence in sequences)
    # The same words are asked for once a part: for hits, for counts, for snippets.
    kept = _named.of(terms)
    if wanted not in kept:
        kept[wanted] = [
            term_id
            for term_id, text in stemmed_names(terms)
            if any(sequence in text for sequence in wanted)
        ]
    return kept[wanted]


_named: KeptPerSnapshot[tuple[str, ...], list[int]] = KeptPerSnapshot(MOST_KEPT)
_words: KeptPerSnapshot[str, frozenset[str]] = KeptPerSnapshot()
_stemmed: KeptPerSnapshot[str, list[tuple[int, str]]] = KeptPerSnapshot()


def stemmed_names(terms: Terms) -> list[tuple[int, str]]:
    """Every term with the stems of all it is called, ready to be looked into; kept per snapshot."""
    kept = _stemmed.of(terms)
    if "" not in kept:
        kept[""] = [(term.id, "|".join(_streams(_called(term)))) for term in terms.by_id.values()]
    return kept[""]


def words_of_names(terms: Terms) -> frozenset[str]:
    """Every English word of the names and aliases of all terms; kept per snapshot."""
    kept = _words.of(terms)
    if "" not in kept:
        texts = [text for term in terms.by_id.values() for text in _called(term)]
        words = {word for text in texts for word in analysis.as_written(text) if word.isalpha()}
        kept[""] = frozenset(words)
    return kept[""]


def _called(term: TermInfo) -> list[str]:
    return [*term.names.values(), *term.aliases]


def _streams(texts: Iterable[str]) -> list[str]:
    return [f" {' '.join(sequence)} " for text in texts for sequence in analysis.forms(text)]
