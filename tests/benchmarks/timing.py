"""How things are timed, and the line of the table that comes of it."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 40


@dataclass(frozen=True)
class Figure:
    """One line of the table; `budget` is what the product promises at the size it names."""

    work: str
    value: str
    budget: str = "–"


def times_of(
    work: Callable[[], object], rounds: int = ROUNDS, before: Callable[[], object] | None = None
) -> list[float]:
    """Milliseconds of each round, after a few that only warm up; `before` is not timed."""
    times = []
    for number in range(rounds + 3):
        if before:
            before()
        started = time.perf_counter()
        work()
        if number >= 3:
            times.append(1000 * (time.perf_counter() - started))
    return times


def median_of(
    work: Callable[[], object], rounds: int = ROUNDS, before: Callable[[], object] | None = None
) -> float:
    """The median of some rounds, in milliseconds."""
    return statistics.median(times_of(work, rounds, before))


def percentiles(
    work: Callable[[], object], rounds: int = ROUNDS, before: Callable[[], object] | None = None
) -> str:
    """p50 and p95 of some rounds."""
    times = sorted(times_of(work, rounds, before))
    return f"p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms"
