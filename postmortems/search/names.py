"""Which terms are called by some words. Asked at query time, so that renaming a term touches no entry."""

from collections.abc import Iterable

from postmortems.search import analysis
from taxonomy.lookup import Terms


def terms_named(terms: Terms, sequences: Iterable[tuple[str, ...]]) -> list[int]:
    """The terms whose name or alias, in any language, has the words next to each other."""
    wanted = [f" {' '.join(sequence)} " for sequence in sequences]
    return [
        term_id
        for term_id, text in stemmed_names(terms)
        if any(sequence in text for sequence in wanted)
    ]


_stemmed: tuple[Terms, list[tuple[int, str]]] | None = None


def stemmed_names(terms: Terms) -> list[tuple[int, str]]:
    """Every term with the stems of all it is called, ready to be looked into; kept per snapshot."""
    global _stemmed
    if _stemmed is None or _stemmed[0] is not terms:
        names = [
            (term.id, "|".join(_streams([*term.names.values(), *term.aliases])))
            for term in terms.by_id.values()
        ]
        _stemmed = (terms, names)
    return _stemmed[1]


def _streams(texts: Iterable[str]) -> list[str]:
    return [f" {' '.join(sequence)} " for text in texts for sequence in analysis.forms(text)]
