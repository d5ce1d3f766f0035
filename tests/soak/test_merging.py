"""Two terms that thousands of postmortems use become one, while two processes write and search."""

import time

import pytest

from tests.soak import IS_FULL, wait_until

pytestmark = [
    pytest.mark.database,
    pytest.mark.slow,
    pytest.mark.xdist_group("soak"),
    pytest.mark.timeout(3600),
]

LONGEST = 1200
POSTMORTEMS = 10_000 if IS_FULL else 300
BOTH = POSTMORTEMS // 20
# Small enough that the index is made anew beside the one that serves, as it is at full size.
BACKLOG = 2_000 if IS_FULL else 60


def is_level(node) -> bool:
    return node.state()["is_level"]


def is_busy(node) -> bool:
    answers, writes = node.act("merging.so_far")
    return answers > 5 and writes > 1


def has_gone_on(node, before: int) -> bool:
    return node.act("merging.so_far")[0] > before


def test_no_count_is_wrong_while_two_terms_become_one(site):
    nodes = [site.node(), site.node()]
    nodes[0].act("merging.fill", count=POSTMORTEMS, both=BOTH)
    assert site.manage("search", "rebuild").wait() == 0
    for node in nodes:
        node.set_backlog(count=BACKLOG)
        node.act("merging.watch", count=POSTMORTEMS, both=BOTH, readers=2)
    wait_until(lambda: all(map(is_busy, nodes)), LONGEST, "writes and answers before the merge")
    began = time.monotonic()

    nodes[0].act("merging.merge")
    merged = time.monotonic() - began
    during = [node.act("merging.so_far")[0] for node in nodes]
    wait_until(lambda: all(map(is_level, nodes)), LONGEST, "a level index")
    whole = time.monotonic() - began
    wait_until(lambda: all(map(has_gone_on, nodes, during)), LONGEST, "answers after the merge")
    told = [node.act("merging.unwatch") for node in nodes]

    assert [wrong for _answers, _writes, wrong in told] == [[], []]
    for node in nodes:
        assert node.act("merging.counted") == [POSTMORTEMS, POSTMORTEMS, 0, POSTMORTEMS]
        assert node.differences() == []
    answers, writes = (sum(numbers) for numbers in list(zip(*told, strict=True))[:2])
    print(
        f"{POSTMORTEMS:,} postmortems merged in {merged:.1f} s, shown in {whole:.0f} s beside "
        f"{writes} writes and {answers} answers, 0 wrong"
    )
