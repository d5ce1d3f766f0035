"""Two texts word by word: what stayed, what came, what went. Pure; `differences` calls it.

The work is bounded: equal lines at both ends are set aside, then equal lines between, then words;
what is left over and too large for that is told as gone and come.
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

KEPT, ADDED, REMOVED = "kept", "added", "removed"

# Rows times columns of one alignment: 10,000 words against 10,000 take some 50 ms and 13 MB.
MOST_CELLS = 100_000_000
# A few words that happen to stand on both sides of a rewritten sentence make it no easier to read.
STRAY_LENGTH = 24

# Chinese and Japanese write no spaces: there each character stands for a word.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A word or a mark, and the space behind it, which must not count when two texts are aligned.
_TOKEN = re.compile(rf"([{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+|[^\w\s]|^)(\s*)")
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+")
# Empty lines go with the line before them: alone they would be equal everywhere.
_LINE = re.compile(r"[^\n]*\n+|[^\n]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one kind: KEPT, ADDED or REMOVED."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of two sequences, with where it starts in each: the same on both sides, or different."""

    old: slice
    new: slice
    same: bool


def runs(before: str, after: str) -> tuple[Run, ...]:
    """The texts as runs: those kept and removed make `before`, those kept and added make `after`."""
    if before == after:
        return (Run(KEPT, before),) if before else ()
    old, new = _LINE.findall(before), _LINE.findall(after)
    pairs: list[tuple[str, str]] = []
    for part in aligned(old, new):
        texts = "".join(old[part.old]), "".join(new[part.new])
        pairs.extend([texts] if part.same else _by_words(*texts))
    parted = [part for pair in _joined(pairs) for part in _space_apart(*pair)]
    return tuple(_runs_of(_without_strays(_joined(parted))))


def count_words(text: str) -> int:
    """How many words a text has; each Chinese character counts."""
    return sum(1 for _match in _WORD.finditer(text))


def count_changed(found: Iterable[Run]) -> tuple[int, int]:
    """The words added and the words removed."""
    counts = {KEPT: 0, ADDED: 0, REMOVED: 0}
    for run in found:
        counts[run.kind] += 0 if run.kind == KEPT else count_words(run.text)
    return counts[ADDED], counts[REMOVED]


def aligned(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Stretch]:
    """Both sequences from their start to their end, same and different stretches in turn."""
    head = _equal_at_start(old, new)
    tail = _equal_at_start(old[head:][::-1], new[head:][::-1])
    ends = len(old) - tail, len(new) - tail
    if head:
        yield Stretch(slice(0, head), slice(0, head), same=True)
    yield from _aligned_between(old, new, head, ends)
    if tail:
        yield Stretch(slice(ends[0], len(old)), slice(ends[1], len(new)), same=True)


def _equal_at_start(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))


def _aligned_between(
    old: Sequence[Hashable], new: Sequence[Hashable], head: int, ends: tuple[int, int]
) -> Iterator[Stretch]:
    at_old = at_new = head
    for start_old, start_new, size in _blocks(old[head : ends[0]], new[head : ends[1]]):
        first, second = head + start_old, head + start_new
        if first > at_old or second > at_new:
            yield Stretch(slice(at_old, first), slice(at_new, second), same=False)
        at_old, at_new = first + size, second + size
        if size:
            yield Stretch(slice(first, at_old), slice(second, at_new), same=True)


def _blocks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Where both are equal: start in each and length; the last one is empty and stands at the end."""
    end = (len(old), len(new), 0)
    if not old or not new or len(old) * len(new) > MOST_CELLS:
        return [end]
    # Numbers, because the library compares hashes, and two words might share one.
    numbers: dict[Hashable, int] = {}
    first, second = (
        [numbers.setdefault(item, len(numbers)) for item in items] for items in (old, new)
    )
    found = LCSseq.editops(first, second).as_matching_blocks()
    return [*((block.a, block.b, block.size) for block in found if block.size), end]


def _by_words(before: str, after: str) -> list[tuple[str, str]]:
    """Two different texts as pairs of what stands on either side; equal pairs are kept."""
    # Splitting into words what is too long to be aligned would only cost memory.
    if len(before) * len(after) > MOST_CELLS * 100:
        return [(before, after)]
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pairs: list[tuple[str, str]] = []
    for part in aligned([word for word, _space in old], [word for word, _space in new]):
        if not part.same:
            pairs.append((_text_of(old[part.old]), _text_of(new[part.new])))
            continue
        for (word, space), (_same_word, other_space) in zip(
            old[part.old], new[part.new], strict=True
        ):
            pairs.extend([(word, word), (space, other_space)])
    return [pair for pair in pairs if any(pair)]


def _text_of(tokens: Iterable[tuple[str, str]]) -> str:
    return "".join(word + space for word, space in tokens)


def _space_apart(old: str, new: str) -> list[tuple[str, str]]:
    """A change without the space that stands behind it on both sides: a line ends once."""
    first, second = old.rstrip(), new.rstrip()
    space = old[len(first) :]
    if old == new or not space or space != new[len(second) :]:
        return [(old, new)]
    return [(first, second), (space, space)]


def _joined(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Neighbours of the same kind as one pair."""
    result: list[tuple[str, str]] = []
    is_open = False
    for old, new in pairs:
        is_same = old == new
        if result and is_open is is_same:
            result[-1] = (result[-1][0] + old, result[-1][1] + new)
        else:
            result.append((old, new))
        is_open = is_same
    return result


def _without_strays(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same, with kept stretches that are shorter than the changes around them given up."""
    texts = list(pairs)
    is_change = [old != new for old, new in texts]
    for place in range(1, len(texts) - 1):
        if not is_change[place] and _is_stray(texts[place - 1], texts[place], texts[place + 1]):
            is_change[place] = True
    return _joined_by(texts, is_change)


def _is_stray(before: tuple[str, str], kept: tuple[str, str], after: tuple[str, str]) -> bool:
    text = kept[0]
    if len(text) > STRAY_LENGTH or "\n" in text:
        return False
    around = min(max(map(len, before)), max(map(len, after)))
    return len(text.strip()) == 0 or len(text) <= around


def _joined_by(texts: list[tuple[str, str]], is_change: list[bool]) -> list[tuple[str, str]]:
    result: list[tuple[str, str]] = []
    for place, (old, new) in enumerate(texts):
        if place and is_change[place] and is_change[place - 1]:
            result[-1] = (result[-1][0] + old, result[-1][1] + new)
        else:
            result.append((old, new))
    return result


def _runs_of(pairs: Iterable[tuple[str, str]]) -> Iterator[Run]:
    for old, new in pairs:
        if old == new:
            yield Run(KEPT, old)
            continue
        if old:
            yield Run(REMOVED, old)
        if new:
            yield Run(ADDED, new)
