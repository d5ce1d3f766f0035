"""Fisher's exact test against published values and sums by hand, and Benjamini and Hochberg's own example."""

from fractions import Fraction
from math import comb, exp, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from postmortems.insights.fisher import LITTLE, Table, is_little, is_unremarkable, log_p, log_q

# Benjamini and Hochberg 1995, section 4: fifteen hypotheses, of which the first four stand.
PUBLISHED = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
)


def p_value(table: Table) -> float:
    """Fisher's p itself."""
    return exp(log_p(table))


def by_hand(table: Table) -> Fraction:
    """The hypergeometric distribution summed as fractions."""
    every = comb(table.all, table.second)
    ways = (
        comb(table.first, both) * comb(table.all - table.first, table.second - both)
        for both in range(table.both, min(table.first, table.second) + 1)
    )
    return Fraction(sum(ways), every)


@pytest.mark.parametrize(
    ("table", "p"),
    [
        # The lady tasting tea, Fisher 1935: three of four cups, and all four.
        (Table(3, 4, 4, 8), 17 / 70),
        (Table(4, 4, 4, 8), 1 / 70),
        # Convictions of twins, Fisher 1934: ten of thirteen, and two of seventeen.
        (Table(10, 13, 12, 30), 0.00046518),
        (Table(0, 5, 5, 20), 1.0),
        (Table(5, 5, 20, 20), 1.0),
    ],
)
def test_fishers_test_gives_known_values(table, p):
    assert p_value(table) == pytest.approx(p, rel=1e-4)


tables = st.integers(1, 120).flatmap(
    lambda every: st.tuples(st.integers(0, every), st.integers(0, every)).flatmap(
        lambda sides: st.integers(max(0, sum(sides) - every), min(sides)).map(
            lambda both: Table(both, *sides, every)
        )
    )
)


@given(tables)
def test_fishers_test_is_the_sum_by_hand(table):
    assert p_value(table) == pytest.approx(float(by_hand(table)), rel=1e-9, abs=1e-12)


@given(tables, st.floats(-8, -0.01))
def test_a_test_that_is_broken_off_is_above_its_limit(table, most):
    exact, found = log_p(table), log_p(table, most)

    assert found == pytest.approx(exact, abs=1e-9) if exact < most - 1e-9 else found >= most - 1e-9


@given(tables)
def test_what_is_left_out_as_unremarkable_could_not_stand_out(table):
    excess = table.both - table.expected

    assert not is_unremarkable(excess, table.variance) or p_value(table) > 0.05


@given(st.integers(5_000, 50_000), st.integers(2, 2_000), st.integers(2, 60), st.floats(0, LITTLE))
def test_what_is_left_out_as_little_could_not_stand_out(every, first, both, excess):
    second = max(both, round((both - excess) * every / first))
    table = Table(both, first, min(second, every), every)
    assume(both <= first and both > table.expected)
    assume(is_little(both - table.expected, *table[1:]))

    assert p_value(table) > 0.05


def test_few_things_or_marks_on_most_of_them_are_never_left_out_as_little():
    assert not is_little(0.5, 2, 2, 8)
    assert not is_little(1.0, 9_999, 9_999, 10_000)


def test_many_are_tested_without_running_out_of_numbers():
    far, near = Table(9_000, 10_000, 20_000, 1_000_000), Table(200_600, 400_000, 500_000, 1_000_000)

    assert log_p(far) < -10_000
    assert 0 < p_value(near) < 0.05


def test_false_discoveries_are_controlled_as_published():
    found = [exp(q) for q in log_q([log(p) for p in PUBLISHED], len(PUBLISHED))]

    assert [q <= 0.05 for q in found] == [True] * 4 + [False] * 11
    assert found[3] == pytest.approx(0.0095 * 15 / 4)
    # A greater p never has the lesser q.
    assert found == sorted(found)


def test_what_is_not_given_counts_as_tested():
    given_all = log_q([log(p) for p in PUBLISHED], 15)

    assert log_q([log(p) for p in PUBLISHED[:9]], 15)[:9] == pytest.approx(given_all[:9])
    assert log_q([log(0.0001)], 27_000)[0] == 0.0
