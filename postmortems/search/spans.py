"""Where the words of a query stand in a text: what is wanted, and its spans in the original characters."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from postmortems.search import analysis

Span = tuple[int, int]
ASCII_WORD = re.compile("[0-9A-Za-z]+")


@dataclass(frozen=True)
class Wanted:
    """Token sequences to mark, in some parts or, when these are empty, in all; `terms` are the
    vocabulary and path of each term that is called so, or lies below one that is."""

    sequences: tuple[tuple[str, ...], ...]
    parts: frozenset[str]
    prefix: str = ""
    terms: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """What a text must hold to be worth a closer look: a stem and its word agree but for the
        last letter or two."""
        stems = (sequence[0] for sequence in self.sequences)
        starts = (*(stem[: max(1, len(stem) - 2)] for stem in stems), self.prefix)
        return tuple(start for start in starts if start)

    def is_about(self, part: str, anchor: str = "") -> bool:
        """Whether that part was asked for."""
        return not self.parts or part in self.parts or anchor in self.parts


class Marker:
    """Finds all that is wanted in one walk over a text."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self.wanted = wanted
        self._starts = sorted({start for one in wanted for start in one.starts})
        # Only words that begin right are looked at, which is what makes a page of long texts quick.
        any_start = "|".join(map(re.escape, self._starts)) or "(?!)"
        self._words = re.compile(f"(?<![0-9A-Za-z])(?:{any_start})[0-9A-Za-z]*", re.IGNORECASE)
        self._by_stem: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for number, one in enumerate(wanted):
            for first, *rest in one.sequences:
                self._by_stem.setdefault(first, []).append((number, tuple(rest)))
        self._prefixes = [(number, one.prefix) for number, one in enumerate(wanted) if one.prefix]

    def spans(self, text: str) -> dict[int, list[Span]]:
        """Where each thing wanted stands, by its number, as character spans of the original."""
        found: dict[int, list[Span]] = {}
        if text.isascii():
            folded = text.lower()
            if not any(start in folded for start in self._starts):
                return found
            for number, span in self._plain(text):
                found.setdefault(number, []).append(span)
            streams = analysis.inner_stems(text)
        else:
            streams = [analysis.pieces(text), *analysis.other_pieces(text)]
        for number, one in enumerate(self.wanted) if streams else ():
            if spans := _spans_in(streams, text, one):
                found.setdefault(number, []).extend(spans)
        return found

    def _plain(self, text: str) -> Iterator[tuple[int, Span]]:
        for match in self._words.finditer(text):
            word = match.group().lower()
            for number, prefix in self._prefixes:
                if word.startswith(prefix):
                    yield number, match.span()
            for number, rest in self._by_stem.get(analysis.stem_of(word), ()):
                end = _end_of(text, match.end(), rest)
                if end is not None:
                    yield number, (match.start(), end)


def spans_of(text: str, wanted: Wanted) -> list[Span]:
    """Where the sequences of one thing wanted stand in the text."""
    return Marker([wanted]).spans(text).get(0, [])


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _end_of(text: str, start: int, rest: tuple[str, ...]) -> int | None:
    """Where the rest of a sequence ends if it follows at once; None when something else does."""
    end = start
    for stem in rest:
        following = ASCII_WORD.search(text, end)
        if following is None or analysis.stem_of(following.group().lower()) != stem:
            return None
        end = following.end()
    return end


def _spans_in(streams: Iterable[list[analysis.Piece]], text: str, wanted: Wanted) -> list[Span]:
    found = []
    for stream in streams:
        if wanted.prefix:
            found += [
                (piece.start, piece.end)
                for piece in stream
                if text[piece.start : piece.end].casefold().startswith(wanted.prefix)
            ]
        for sequence in wanted.sequences:
            found += _sequence_spans(stream, sequence)
    return found


def _sequence_spans(stream: list[analysis.Piece], sequence: tuple[str, ...]) -> list[Span]:
    size = len(sequence)
    texts = [piece.text for piece in stream]
    return [
        (stream[start].start, stream[start + size - 1].end)
        for start, text in enumerate(texts)
        if text == sequence[0] and tuple(texts[start : start + size]) == sequence
    ]
