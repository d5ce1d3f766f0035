"""Calls deep in the stack cost no memory that is asked for and given back."""

import resource
import sys

from postmortems.deep_calls import with_room

CALLS = 1_000
# More frames than lie between two ends of a chunk of 16 KB.
DEPTHS = range(0, 400)


def nothing() -> None:
    """A call."""


def faults_at(depth: int, _unused: object = None) -> int:
    """How many pages the system had to give for a thousand calls so deep."""
    if depth:
        return faults_at(depth - 1)
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _call in range(CALLS):
        nothing()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def test_with_room_calls_are_cheap_at_every_depth():
    roomy = with_room(faults_at)

    assert max(roomy(depth, None) for depth in DEPTHS) < CALLS / 10
    # It is the room that makes them cheap, in versions that give chunks back at once.
    bare = max(map(faults_at, DEPTHS))
    assert bare >= CALLS or sys.version_info >= (3, 13)


def test_what_is_called_with_room_answers_as_before():
    assert with_room(lambda one, other: (other, one))("a", "b") == ("b", "a")
