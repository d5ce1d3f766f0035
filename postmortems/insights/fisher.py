"""Whether two things meet more often than by chance: Fisher's exact test, and how many such tests mislead.

Pure. Fisher's exact test, one-sided: R. A. Fisher, Statistical Methods for Research Workers (1934),
§ 21.02. Control of the false discovery rate: Y. Benjamini and Y. Hochberg, Journal of the Royal
Statistical Society B 57 (1995), 289–300.
"""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p, sqrt
from typing import NamedTuple

# What is added to a sum by its next term when nothing more will change in it.
NEGLIGIBLE = 1e-14
# From this variance on the normal curve tells a great probability from a small one: what is nearer to
# the expected than this many deviations, squared, has a p of eight in a hundred or more.
GREAT_VARIANCE = 9.0
NEAR = 2.0
# Among so many things, of which no more than all have the two marks taken together, two or more with both
# that are no more than this above the expected are done by chance more often than one time in twenty. The
# rarest is both of two where one in four has the other mark: one in sixteen.
MANY, LITTLE = 5_000, 1.5


class Table(NamedTuple):
    """Of `all` things `first` have one mark, `second` another, and `both` have both."""

    both: int
    first: int
    second: int
    all: int

    @property
    def expected(self) -> float:
        """How many would have both if the marks had nothing to do with each other."""
        return self.first * self.second / self.all if self.all else 0.0

    @property
    def variance(self) -> float:
        """The variance of how many have both, if the marks have nothing to do with each other."""
        if not self.all:
            return 0.0
        return self.expected * (1 - self.first / self.all) * (1 - self.second / self.all)

    @property
    def deviation(self) -> float:
        """By how many standard deviations there are more than expected."""
        spread = sqrt(self.variance)
        return (self.both - self.expected) / spread if spread else 0.0


def is_unremarkable(excess: float, variance: float) -> bool:
    """Whether it can be told without the test that chance alone does as much more often than one time
    in twenty: the excess is small against the deviation of the normal curve, which is near enough
    where the variance is great."""
    return variance > GREAT_VARIANCE and excess * excess < NEAR * variance


def is_little(excess: float, first: int, second: int, every: int) -> bool:
    """The same of two or more with both, however small the variance is."""
    return excess <= LITTLE and first + second <= every and every >= MANY


def log_p(table: Table, most: float = 0.0) -> float:
    """The natural logarithm of Fisher's p: how probable so many or more with both are, given how many
    have each. A logarithm, because of many things it is smaller than any float. Where it turns out
    to be above `most`, what comes back is above it, too, but need not be exact."""
    low = max(0, table.first + table.second - table.all)
    if table.both <= low:
        return 0.0
    if table.both <= table.expected:
        below = _log_sum(table, table.both - 1, -1)
        return log1p(-exp(below)) if below < 0 else float("-inf")
    return min(0.0, _log_sum(table, table.both, 1, most))


def _log_sum(table: Table, start: int, step: int, most: float = 0.0) -> float:
    """The logarithm of the probabilities of `start` and all beyond it, away from what is expected.

    Each follows from its neighbour by a ratio that only falls. Ends when the sum is above `most`.
    """
    begun = _log_probability(table, start)
    enough = exp(min(most - begun, 700.0)) if most < 0 else float("inf")
    first, second = table.first, table.second
    rest = table.all - first - second
    low, high = max(0, -rest), min(first, second)
    term = total = 1.0
    both = start
    while low < both if step < 0 else both < high:
        if step > 0:
            term *= (first - both) * (second - both) / ((both + 1) * (rest + both + 1))
        else:
            term *= both * (rest + both) / ((first - both + 1) * (second - both + 1))
        total += term
        if term < total * NEGLIGIBLE or total > enough:
            break
        both += step
    return begun + log(total)


def _log_probability(table: Table, both: int) -> float:
    """The hypergeometric distribution: three binomial coefficients, each of three factorials."""
    first, second, every = table.first, table.second, table.all
    rest, other = every - first, second - both
    return (
        (lgamma(first + 1) - lgamma(both + 1) - lgamma(first - both + 1))
        + (lgamma(rest + 1) - lgamma(other + 1) - lgamma(rest - other + 1))
        - (lgamma(every + 1) - lgamma(second + 1) - lgamma(every - second + 1))
    )


def log_q(log_ps: Sequence[float], tested: int) -> list[float]:
    """The logarithm of Benjamini and Hochberg's adjusted p of each, in the order given.

    `tested` is how many hypotheses there were: those that are not given count as p = 1, so that
    leaving out what cannot stand out makes nothing else stand out.
    """
    order = sorted(range(len(log_ps)), key=log_ps.__getitem__)
    adjusted, least = [0.0] * len(log_ps), 0.0
    for rank in range(len(order), 0, -1):
        place = order[rank - 1]
        least = min(least, log_ps[place] + log(tested / rank))
        adjusted[place] = least
    return adjusted
