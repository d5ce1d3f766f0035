"""Where the words of a query stand in a text: what is wanted, and its spans in the original characters."""

import re
from collections.abc import Iterable, Iterator
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

    @cached_property
    def words(self) -> re.Pattern[str]:
        """Every word that begins like one of the starts."""
        starts = "|".join(map(re.escape, self.starts)) or "(?!)"
        return re.compile(f"(?<![0-9A-Za-z])(?:{starts})[0-9A-Za-z]*", re.IGNORECASE)

    def is_about(self, part: str, anchor: str = "") -> bool:
        """Whether that part was asked for."""
        return not self.parts or part in self.parts or anchor in self.parts


def spans_of(text: str, wanted: Wanted) -> list[Span]:
    """Where the sequences stand in the text, as character spans of the original."""
    if text.isascii():
        return [*_plain_spans(text, wanted), *_spans_in(analysis.inner_stems(text), text, wanted)]
    streams = [analysis.pieces(text), *analysis.other_pieces(text)]
    return _spans_in(streams, text, wanted)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _plain_spans(text: str, wanted: Wanted) -> Iterator[Span]:
    """The same without taking the whole text apart: only words that begin right are looked at,
    which is what makes highlighting a page of long texts quick."""
    for match in wanted.words.finditer(text):
        word = match.group().lower()
        if wanted.prefix and word.startswith(wanted.prefix):
            yield match.span()
        for sequence in wanted.sequences:
            if analysis.stem_of(word) == sequence[0]:
                end = _end_of(text, match.end(), sequence[1:])
                if end is not None:
                    yield match.start(), end


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
