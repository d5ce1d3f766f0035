"""`python -m tests.benchmarks.patterns_page --documents N`: the patterns page over HTTP by the clock.

The collection is that of `patterns_times`; the site is served as `manage.py serve` does it, by one
worker so that each request meets what the one before has left.
"""

import sys
import time
from collections.abc import Callable, Iterator

from tests.benchmarks.folders import in_a_folder

ROUNDS = 9
# Searches that hardly narrow anything: each is a new one over nearly everything.
NEARLY_ALL = tuple(f"-walrus{number}" for number in range(ROUNDS))


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
    from urllib.parse import quote

    from tests.benchmarks.serving import fetch

    def page(query: str = "") -> None:
        status, _length = fetch(port, f"/patterns/{query}")
        if status != 200:
            raise SystemExit(f"The patterns page answered {status} to {query!r}.")

    searches = iter(NEARLY_ALL)
    yield "first of a process", clocked(page, 1)
    yield "asked again", clocked(page)
    yield "after a save that its reader sees", clocked(page, before=save)
    yield "after a draft was saved", clocked(page, before=lambda: save(status="draft"))
    yield "a new search over nearly all", clocked(lambda: page(f"?q={quote(next(searches))}"))
    chosen = causes()
    yield "one cause, a new one each time", clocked(lambda: page(next(chosen)))


def causes() -> Iterator[str]:
    """Searches for one cause each."""
    from taxonomy import lookup

    roots = lookup.current().children(None, "cause")
    yield from (f"?cause={term.path}" for term in roots)
    yield from (
        f"?cause={child.path}" for term in roots for child in lookup.current().children(term)
    )


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
