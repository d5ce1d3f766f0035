"""Two who save at the same moment: one wins, the other is shown both texts, nobody is overwritten."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.soak import IS_FULL

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.xdist_group("soak"),
    pytest.mark.timeout(1800),
]

ROUNDS = 500 if IS_FULL else 25
# Enough for both to be waiting at the line.
AHEAD = 0.04


def test_of_two_saves_of_one_revision_exactly_one_wins(site):
    nodes = [site.node(), site.node()]
    ref = nodes[0].create(title="Walrus", text="At first")
    winners = ["At first"]

    with ThreadPoolExecutor(2) as pool:
        for number in range(1, ROUNDS + 1):
            words = [f"alice {number}", f"bob {number}"]
            at = time.time() + AHEAD
            asked = [
                pool.submit(node.act, "saving.save", ref=ref, revision=number, text=text, at=at)
                for node, text in zip(nodes, words, strict=True)
            ]
            answers = [item.result() for item in asked]
            assert sorted(answers) == [302, 409], (number, answers)
            winners.append(words[answers.index(302)])

    assert nodes[0].act("saving.texts", ref=ref) == winners
    assert nodes[1].differences() == []
