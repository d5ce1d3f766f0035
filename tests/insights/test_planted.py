"""Pairs that were planted among terms that come by chance alone: they come first, and hardly another is told."""

import pytest

from postmortems.insights.asking import selected
from postmortems.insights.shapes import RATE
from postmortems.insights.together import together_of
from taxonomy import lookup
from tests import planted
from tests.benchmarks.collection import fill
from tests.search.asking import VISITOR

pytestmark = pytest.mark.django_db

POSTMORTEMS = 3_000


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_what_was_planted_comes_first_and_nothing_else_is_significant(seed):
    fill(iter(planted.rows(lookup.current(), 0, POSTMORTEMS, seed)), POSTMORTEMS)

    found = selected("", {}, VISITOR)
    verdict = planted.verdict(found)

    assert verdict.planted_first == verdict.planted == len(planted.PAIRS)
    assert verdict.mistaken <= RATE * verdict.significant
    assert verdict.tested > 20_000
    assert not together_of(found).is_small


def test_a_pair_is_told_once_with_what_says_the_same():
    fill(iter(planted.rows(lookup.current(), 0, POSTMORTEMS, 11)), POSTMORTEMS)

    made = together_of(selected("", {}, VISITOR))

    told = [frozenset((pair.given.key, pair.found.key)) for pair in made.pairs]
    assert len(told) == len(set(told))
    # The branch of a planted cause goes with its partner as well, and is told with it.
    assert [pair for pair in made.pairs if pair.same]
    assert made.significant > len([pair for pair in made.pairs if pair.contrast.is_significant])
