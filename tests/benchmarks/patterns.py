"""`python -m tests.benchmarks.patterns --documents N`: the questions of the patterns page by the clock.

Each round asks anew: nothing is kept of the answers. It also says whether the planted pairs came
first and how many others were called significant by mistake.
"""

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from tests.benchmarks.folders import in_a_folder

ROUNDS = 5


def measure(count: int, *, is_kept: bool) -> None:
    """Fill the index unless it is kept and full, then print all figures."""
    from django.core.management import call_command

    from postmortems.search import sync

    call_command("migrate", verbosity=0)
    fill_if_needed(count, is_kept=is_kept, searcher_of=lambda: sync.view().searcher)
    began = memory()
    for name, milliseconds in times(count):
        print(f"{name:44} {milliseconds:9.1f} ms")
    print(f"{'memory, before and after':44} {began:5.0f} MB {memory():5.0f} MB")
    print(judged())


def fill_if_needed(count: int, *, is_kept: bool, searcher_of: Callable[[], Any]) -> None:
    """An index of so many planted postmortems."""
    from taxonomy import lookup
    from tests.benchmarks.collection import fill
    from tests.makers import load_shipped_vocabularies

    if is_kept and searcher_of().num_docs > count:
        return
    load_shipped_vocabularies()
    lookup.forget()
    print(fill(planted_rows(count), count).value)


def planted_rows(count: int) -> Iterator[Any]:
    """The entries, made by two processes, some parts at a time."""
    import django

    from tests.planted import PART

    context = multiprocessing.get_context("spawn")
    parts = [(first, min(PART, count - first)) for first in range(0, count, PART)]
    with ProcessPoolExecutor(2, context, django.setup) as pool:
        for ahead in range(0, len(parts), 4):
            for made in pool.map(part, parts[ahead : ahead + 4]):
                yield from made


def part(place: tuple[int, int]) -> Any:
    """One part, in a process of its own."""
    from taxonomy import lookup
    from tests.planted import rows

    return rows(lookup.current(), *place)


def times(count: int) -> Iterator[tuple[str, float]]:
    """Each question alone, and all of them; first of a process that has read nothing yet."""
    from django.contrib.auth.models import AnonymousUser

    from postmortems.insights import (
        findings,
        keeping,
        matrix,
        meetings,
        overrepresented,
        together,
        trends,
    )
    from postmortems.insights.asking import selected
    from postmortems.search import finding, members

    visitor = AnonymousUser()

    def forget() -> None:
        for kept in (keeping, finding, meetings):
            kept.forget()

    def whole(params: dict[str, list[str]] | None = None) -> None:
        forget()
        found = selected("", params or {}, visitor)
        for ask in (
            matrix.matrix_of,
            trends.trends_of,
            overrepresented.overrepresented_of,
            together.together_of,
            findings.findings_of,
        ):
            ask(found)

    yield "everything, in a fresh process", clocked(whole, 1)
    yield "everything, nothing kept of the index", clocked(whole, ROUNDS, members.forget)
    yield "everything", clocked(whole)
    yield "everything, of one cause", clocked(lambda: whole({"cause": ["network"]}))
    yield "understanding and finding", clocked(lambda: selected("", {}, visitor), ROUNDS, forget)
    found = selected("", {}, visitor)
    yield (
        "  reading the sets",
        clocked(lambda: members.members_of(found.question.searcher), ROUNDS, members.forget),
    )
    questions: dict[str, Callable[[Any], object]] = {
        "  matrix": matrix.matrix_of,
        "  trends by quarter": trends.trends_of,
        "  pairs": together.together_of,
        "  findings": findings.findings_of,
    }
    for name, question in questions.items():
        yield name, clocked(lambda q=question: q(selected("", {}, visitor)), ROUNDS, forget)
    narrow = {"cause": ["network"]}
    yield (
        "  over-represented, of one cause",
        clocked(
            lambda: overrepresented.overrepresented_of(selected("", narrow, visitor)),
            ROUNDS,
            forget,
        ),
    )


def clocked(
    work: Callable[[], object], rounds: int = ROUNDS, before: Callable[[], object] | None = None
) -> float:
    """The median of some rounds, in milliseconds."""
    took = []
    for _round in range(rounds):
        if before:
            before()
        began = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - began))
    return sorted(took)[len(took) // 2]


def judged() -> str:
    """Whether the planted pairs came first, and how many others are called significant."""
    from django.contrib.auth.models import AnonymousUser

    from postmortems.insights.asking import selected
    from tests.planted import verdict

    found = verdict(selected("", {}, AnonymousUser()))
    return (
        f"planted {found.planted_first} of {found.planted} first; significant "
        f"{found.significant} of {found.tested}, by mistake {found.mistaken}"
    )


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(
        in_a_folder(
            "tests.benchmarks.patterns",
            __doc__,
            lambda documents, is_kept: measure(documents, is_kept=is_kept),
        )
    )
