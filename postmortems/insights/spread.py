"""How lengths of time are spread: bars, and where a share of them lies. A bound is never a value. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain

from postmortems.durations import KINDS

EXACT, APPROXIMATE, AT_MOST, AT_LEAST = range(len(KINDS))

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


@dataclass(frozen=True, slots=True)
class Quantile:
    """Where a share of the `n` known and bounded times lies, as exactly as the bounds allow: from
    `low` to `high` seconds, both the same where no bound matters. `low` None: there is no lower
    limit; `high` None: no upper one."""

    share: float
    low: int | None
    high: int | None
    n: int


class _Steps:
    """Lengths in order, each so many times: as the numbers that `lengths.told` makes of them, whose
    kind changes no order of seconds. `before` of them are shorter than anything, `after` longer."""

    def __init__(
        self, numbers: Sequence[int], counts: Mapping[int, int], *, before: int = 0, after: int = 0
    ) -> None:
        self.numbers, self.before = numbers, before
        self.passed = list(accumulate(map(counts.__getitem__, numbers), initial=before))
        self.total = self.passed[-1] + after

    def below(self, seconds: float) -> int:
        """How many are less."""
        return self.passed[bisect_left(self.numbers, seconds * len(KINDS))]

    def at(self, share: float) -> float:
        """The value with the share below it; between two neighbours what lies in the middle."""
        place = share * (self.total - 1)
        below, above = map(self._value, (math.floor(place), math.ceil(place)))
        return below if below == above else (below + above) / 2

    def _value(self, place: int) -> float:
        if place < self.before:
            return 0.0
        found = bisect_right(self.passed, place) - 1
        return self.numbers[found] // len(KINDS) if found < len(self.numbers) else math.inf


@dataclass(frozen=True)
class Spread:
    """How many there are of each length, by the number that `lengths.told` makes of it."""

    counts: Mapping[int, int]

    @cached_property
    def _kinds(self) -> tuple[list[int], ...]:
        """The numbers of each kind, in order."""
        kinds: tuple[list[int], ...] = tuple([] for _kind in KINDS)
        for number in sorted(self.counts):
            kinds[number % len(KINDS)].append(number)
        return kinds

    def _of(self, *kinds: int) -> list[int]:
        """The numbers of some kinds, in order."""
        return sorted(chain.from_iterable(self._kinds[kind] for kind in kinds))

    def _number(self, kind: int) -> int:
        return sum(map(self.counts.__getitem__, self._kinds[kind]))

    @cached_property
    def _known(self) -> _Steps:
        return _Steps(self._of(EXACT, APPROXIMATE), self.counts)

    @cached_property
    def _shortest(self) -> _Steps:
        """Every bounded one as short as it can be: of at most so long nothing is left."""
        numbers = self._of(EXACT, APPROXIMATE, AT_LEAST)
        return _Steps(numbers, self.counts, before=self._number(AT_MOST))

    @cached_property
    def _longest(self) -> _Steps:
        """Every bounded one as long as it can be: at least so long may be without end."""
        numbers = self._of(EXACT, APPROXIMATE, AT_MOST)
        return _Steps(numbers, self.counts, after=self._number(AT_LEAST))

    @property
    def known(self) -> int:
        """How many have an exact or approximate length."""
        return self._known.total

    @cached_property
    def bounded(self) -> int:
        """How many have only a bound."""
        return sum(self.counts.values()) - self.known

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The shortest and the longest length or bound; None and None for nothing."""
        if not self.counts:
            return None, None
        return min(self.counts) // len(KINDS), max(self.counts) // len(KINDS)

    def bars(self) -> Iterator[tuple[int, int | None, int]]:
        """From, to but without, and how many known ones lie there; every bar, the empty ones too."""
        for low, high in zip((0, *BAR_ENDS), (*BAR_ENDS, None), strict=True):
            upper = math.inf if high is None else high
            yield low, high, self._known.below(upper) - self._known.below(low)

    def quantile(self, share: float) -> Quantile | None:
        """Where the share lies when every bounded one is as short as it can be, and when it is as
        long; None where too few are known, or nothing would be told."""
        if self.known < LEAST_KNOWN:
            return None
        low, high = self._shortest.at(share), self._longest.at(share)
        if not low and math.isinf(high):
            return None
        return Quantile(
            share,
            low=int(low) if low or low == high else None,
            high=None if math.isinf(high) else int(high),
            n=self.known + self.bounded,
        )
