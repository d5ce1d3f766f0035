"""`python -m tests.benchmarks.patterns_page --documents N`: the patterns page over HTTP by the clock.

The collection is that of `patterns_times`; the site is served as `manage.py serve` does it, by one
worker so that each request meets what the one before has left.
"""

import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations

from tests.benchmarks.folders import in_a_folder

ROUNDS = 9


def measure(documents: int) -> None:
    """Fill the index unless it is full, then print all figures."""
    from django.core.management import call_command

    from tests.benchmarks.patterns_times import fill_if_needed
    from tests.benchmarks.serving import server

    fill_if_needed(documents)
    call_command("collectstatic", interactive=False, verbosity=0)
    with server(workers=1) as (port, _process):
        for name, took in figures(port):
            print(f"{name:44} {took}")


def figures(port: int) -> Iterator[tuple[str, str]]:
    """How long the page took, in the states that a worker can be in."""
    from tests.benchmarks.serving import fetch

    def page(query: str = "") -> None:
        status, _length = fetch(port, f"/patterns/{query}")
        if status != 200:
            raise SystemExit(f"The patterns page answered {status} to {query!r}.")

    nearly_all, halves, chosen = without_one_cause(), halves_by_severity(), causes()
    yield "first of a process", clocked(page, 1)
    yield "asked again", clocked(page)
    yield "after a save that its reader sees", clocked(page, before=save)
    yield "after a draft was saved", clocked(page, before=lambda: save(status="draft"))
    yield "a new search over nearly all", clocked(lambda: page(next(nearly_all)))
    yield "a new search over about half", clocked(lambda: page(next(halves)))
    yield "one cause, a new one each time", clocked(lambda: page(next(chosen)))


def causes() -> Iterator[str]:
    """Searches for one cause each, the wide ones first."""
    from taxonomy import lookup

    roots = lookup.current().children(None, "cause")
    yield from (f"?cause={term.path}" for term in roots)
    yield from (
        f"?cause={child.path}" for term in roots for child in lookup.current().children(term)
    )


def without_one_cause() -> Iterator[str]:
    """Searches that leave out one narrow cause each."""
    return (query.replace("=", "=-") for query in reversed([*causes()]))


def halves_by_severity() -> Iterator[str]:
    """Searches for some severities each, two or three of five."""
    from taxonomy import lookup

    paths = [term.path for term in lookup.current().children(None, "severity")]
    for number in (2, 3):
        for some in combinations(paths, number):
            yield "?" + "&".join(f"severity={path}" for path in some)


def save(status: str = "published") -> None:
    """One more postmortem."""
    from tests.makers import make_document, make_postmortem

    terms = ("cause:network/dns", "component:calico", "trigger:upgrade")
    make_postmortem(make_document(f"Saved at {time.time_ns()}", terms), status=status)


def clocked(
    work: Callable[[], object], rounds: int = ROUNDS, before: Callable[[], object] | None = None
) -> str:
    """The median and the slowest of some rounds, in milliseconds."""
    took = []
    for _round in range(rounds):
        if before:
            before()
        began = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - began))
    took.sort()
    return f"{took[len(took) // 2]:7.0f} ms, at most {took[-1]:.0f} ms"


if __name__ == "__main__":
    sys.exit(
        in_a_folder(
            "tests.benchmarks.patterns_page",
            __doc__,
            lambda documents, _is_kept: measure(documents),
        )
    )
