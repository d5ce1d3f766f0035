"""Bars and quantiles of lengths of which some are only bounded."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postmortems.durations import KINDS, Duration, parse_duration
from postmortems.insights.spread import Quantile, Spread
from postmortems.lengths import told


def spread_of(*texts: str) -> Spread:
    return Spread(Counter(told(parse_duration(text)) for text in texts))


# What is known, then the middle: lowest and highest in seconds.
MIDDLES = [
    (("1 min", "2 min", "3 min"), (120, 120)),
    (("1 min", "~2 min", "4 min", "9 min"), (180, 180)),
    (("1 min", "2 min", "3 min", "≤ 30 min"), (90, 150)),
    (("1 min", "2 min", "3 min", "≤ 30 s"), (90, 90)),
    (("1 min", "2 min", "3 min", "≥ 30 min"), (150, 150)),
    (("5 min", "6 min", "7 min", "≥ 1 min"), (330, 390)),
    (("1 min", "2 min", "3 min", *["≥ 1 h"] * 4), (3_600, None)),
    (("1 min", "2 min", "3 min", *["≤ 30 s"] * 4), (None, 30)),
    (("1 min", "2 min", "3 min", *["≥ 1 s"] * 4), (1, None)),
    (("0 s", "0 s", "0 s"), (0, 0)),
]


@pytest.mark.parametrize(("texts", "middle"), MIDDLES)
def test_the_middle_is_as_sure_as_the_bounds_let_it_be(texts, middle):
    found = spread_of(*texts).quantile(0.5)

    assert (found.low, found.high) == middle
    assert found.n == len(texts)


@pytest.mark.parametrize("texts", [(), ("1 min", "2 min"), ("1 min", "2 min", "≤ 3 min", "≥ 1 h")])
def test_of_fewer_than_three_known_ones_there_is_no_middle(texts):
    assert spread_of(*texts).quantile(0.5) is None


def test_nothing_is_told_that_says_nothing():
    known = ("1 min", "2 min", "3 min")

    assert spread_of(*known, *["≤ 1 h"] * 8, *["≥ 0 s"] * 12).quantile(0.5) is None


def test_quarters_lie_on_both_sides_of_the_middle():
    spread = spread_of(*(f"{minutes} min" for minutes in range(1, 102)))

    assert spread.quantile(0.25) == Quantile(0.25, 26 * 60, 26 * 60, 101)
    assert spread.quantile(0.75) == Quantile(0.75, 76 * 60, 76 * 60, 101)


def test_each_known_length_stands_in_one_bar():
    bars = list(spread_of("0 s", "59 s", "1 min", "~119 s", "40 d", "≤ 5 s", "≥ 3 d").bars())

    assert [(low, high, count) for low, high, count in bars if count] == [
        (0, 60, 2),
        (60, 120, 2),
        (30 * 86_400, None, 1),
    ]
    assert [low for low, _high, _count in bars[1:]] == [high for _low, high, _count in bars[:-1]]


LENGTHS = st.builds(Duration, st.integers(0, 10_000), st.sampled_from(KINDS))


@given(st.lists(LENGTHS, min_size=1, max_size=30), st.randoms())
def test_whatever_the_truth_is_its_middle_lies_within(lengths, dice):
    found = Spread(Counter(map(told, lengths))).quantile(0.5)
    truth = sorted(_possible(length, dice) for length in lengths)
    middle = (truth[(len(truth) - 1) // 2] + truth[len(truth) // 2]) / 2

    if found:
        assert (found.low or 0) <= middle
        assert middle <= (math.inf if found.high is None else found.high + 1)


def _possible(length: Duration, dice) -> int:
    """A length that may be the true one."""
    if length.kind == "at-most":
        return dice.randint(0, length.seconds)
    return length.seconds + (dice.randint(0, 9_999) if length.kind == "at-least" else 0)
