"""How lengths of time are spread: bars, and where a share of them lies. A bound is never a value. Pure."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from postmortems.durations import Duration

# Of fewer known times no quantile is told.
LEAST_KNOWN = 3
MINUTE, HOUR, DAY = 60, 3_600, 86_400
# Where bars end and the next begin, evenly on a logarithmic axis as far as round figures go; the
# first begins at nothing, the last is open.
BAR_ENDS = (
    *(MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE),
    *(80 * MINUTE, 160 * MINUTE, 5 * HOUR, 10 * HOUR, 20 * HOUR, 40 * HOUR),
    *(3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY),
)

Weighted = list[tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Quantile:
    """Where a share of the `n` known and bounded times lies, as exactly as the bounds allow: from
    `low` to `high` seconds, both the same where no bound matters. `low` None: there is no lower
    limit; `high` None: no upper one."""

    share: float
    low: int | None
    high: int | None
    n: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many there are of each length, by kind of knowledge."""

    counts: Mapping[Duration, int]

    @property
    def known(self) -> int:
        """How many have an exact or approximate length."""
        return sum(count for length, count in self.counts.items() if _is_known(length))

    @property
    def bounded(self) -> int:
        """How many have only a bound."""
        return sum(count for length, count in self.counts.items() if not _is_known(length))

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The shortest and the longest length or bound; None and None for nothing."""
        seconds = [length.seconds for length in self.counts]
        return (min(seconds), max(seconds)) if seconds else (None, None)

    def bars(self) -> Iterator[tuple[int, int | None, int]]:
        """From, to but without, and how many known ones lie there; every bar, the empty ones too."""
        known = {length: count for length, count in self.counts.items() if _is_known(length)}
        for low, high in zip((0, *BAR_ENDS), (*BAR_ENDS, None), strict=True):
            yield low, high, sum(known[length] for length in known if _lies_in(length, low, high))

    def quantile(self, share: float) -> Quantile | None:
        """Where the share lies when every bounded one is as short as it can be, and when it is as
        long; None where too few are known, or nothing would be told."""
        if self.known < LEAST_KNOWN:
            return None
        low = _at(sorted(_shortest(self.counts)), share)
        high = _at(sorted(_longest(self.counts)), share)
        if not low and math.isinf(high):
            return None
        return Quantile(
            share,
            low=int(low) if low or low == high else None,
            high=None if math.isinf(high) else int(high),
            n=self.known + self.bounded,
        )


def _is_known(length: Duration) -> bool:
    return length.kind in ("exact", "approximate")


def _lies_in(length: Duration, low: int, high: int | None) -> bool:
    return low <= length.seconds and (high is None or length.seconds < high)


def _shortest(counts: Mapping[Duration, int]) -> Iterator[tuple[float, int]]:
    for length, count in counts.items():
        yield 0 if length.kind == "at-most" else length.seconds, count


def _longest(counts: Mapping[Duration, int]) -> Iterator[tuple[float, int]]:
    for length, count in counts.items():
        yield math.inf if length.kind == "at-least" else length.seconds, count


def _at(ordered: Weighted, share: float) -> float:
    """The value with the share below it; between two neighbours what lies in the middle."""
    place = share * (sum(count for _value, count in ordered) - 1)
    below, above = (_nth(ordered, math.floor(place)), _nth(ordered, math.ceil(place)))
    return below if below == above else (below + above) / 2


def _nth(ordered: Iterable[tuple[float, int]], place: int) -> float:
    passed = 0
    for value, count in ordered:
        passed += count
        if place < passed:
            return value
    raise IndexError(place)
