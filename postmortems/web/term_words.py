"""What else terms are called, for choosing them by typing: other languages, aliases, what they took in.
The editor's page carries it once a vocabulary, and its script looks into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from postmortems.search.analysis import HAN_RUN, simplify_characters
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import TermInfo, Terms

# The Chinese characters in everyday use; the rarer planes have no pairs that a term would need.
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF


@dataclass(frozen=True, slots=True)
class TermWords:
    """By the path of a term its other names, one a line; and Chinese characters of the other script,
    each followed by the Simplified one that stands in a name."""

    also: tuple[tuple[str, str], ...] = ()
    scripts: str = ""


_kept: KeptPerSnapshot[tuple[str, str], TermWords] = KeptPerSnapshot()


def words_of(vocabulary: str, terms: Terms, language: str) -> TermWords:
    """The other names of all terms of a vocabulary that can be chosen."""
    kept = _kept.of(terms)
    key = (vocabulary, language)
    if key not in kept:
        kept[key] = _words_of(vocabulary, terms, language)
    return kept[key]


def _words_of(vocabulary: str, terms: Terms, language: str) -> TermWords:
    every = terms.terms_of(vocabulary, retired=True)
    taken_in: dict[int, list[TermInfo]] = {}
    for term in every:
        heir = terms.heir(term)
        if heir is not term:
            taken_in.setdefault(heir.id, []).append(term)
    also = [
        (term.path, "\n".join(_names(term, taken_in.get(term.id, []), language)))
        for term in every
        if not term.retired
    ]
    shown = "".join(term.name(language) for term in every)
    written = shown + "".join(words for _path, words in also)
    return TermWords(tuple(pair for pair in also if pair[1]), _scripts(written))


def _names(term: TermInfo, taken_in: list[TermInfo], language: str) -> Iterator[str]:
    """Each other name once; what differs in case alone is found by the first of them."""
    seen = {term.name(language).casefold()}
    for item in (term, *taken_in):
        for name in (*item.names.values(), *item.aliases):
            if name.casefold() not in seen:
                seen.add(name.casefold())
                yield name


def _scripts(written: str) -> str:
    found = {char for run in HAN_RUN.findall(written) for char in simplify_characters(run)}
    pairs = _simplified().items()
    return "".join(char + simple for char, simple in pairs if simple in found)


@cache
def _simplified() -> dict[str, str]:
    """Every character that has another Simplified form, with that form."""
    every = (chr(code) for code in range(FIRST_HAN, LAST_HAN + 1))
    return {char: simple for char in every if (simple := simplify_characters(char)) != char}
