"""`python -m tests.benchmarks.patterns_times --documents N`: times, chains, debt and gaps by the clock.

The collection is the planted one with times, bounds, permanent actions and relations; it has rows only
where something is joined. Each round asks anew: nothing is kept of the answers.
"""

import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

from tests.benchmarks.folders import in_a_folder

# One in so many is the same defect as its neighbours among these, three of them at a time.
EVERY_RELATED = 33
TOGETHER = 3
LENGTHS = ("exact", "exact", "exact", "approximate", "at-most", "at-least")


def measure(count: int) -> None:
    """Fill the index unless it is full, then print all figures."""
    fill_if_needed(count)
    for name, milliseconds in times():
        print(f"{name:44} {milliseconds:9.1f} ms")


def fill_if_needed(count: int) -> None:
    """A site with an index of so many postmortems, unless there is one."""
    from django.core.management import call_command

    from postmortems.search import sync
    from taxonomy import lookup
    from tests.benchmarks.collection import fill
    from tests.makers import load_shipped_vocabularies

    call_command("migrate", verbosity=0)
    if sync.view().searcher.num_docs <= count:
        load_shipped_vocabularies()
        lookup.forget()
        relate(count)
        print(fill(timed_rows(count), count).value)


def relate(count: int) -> None:
    """The rows of those that are related, and their relations."""
    from postmortems import outbox
    from postmortems.document import Document
    from postmortems.models import Postmortem, Relation, Team
    from tests.benchmarks.collection import source_of

    team = Team.objects.create(slug="bench", name="Bench")
    numbers = range(0, count, EVERY_RELATED)
    rows = [source_of(number, Document(title=f"Planted {number}")).postmortem for number in numbers]
    for row in rows:
        row.team = team
    Postmortem.objects.bulk_create(rows)
    Relation.objects.bulk_create(
        Relation(postmortem=row, position=0, kind="same-defect", target_ref=rows[place - 1].ref)
        for place, row in enumerate(rows)
        if place % TOGETHER
    )
    # From a line of the log the index can follow what is saved; nobody is to build one of the rows.
    hooks, outbox.after_commit[:] = list(outbox.after_commit), []
    with outbox.writing():
        outbox.log_changes([rows[0].pk])
    outbox.after_commit[:] = hooks


def timed_rows(count: int) -> Iterator[Any]:
    """The entries, made by two processes, some parts at a time."""
    import django

    from tests.planted import PART

    context = multiprocessing.get_context("spawn")
    parts = [(first, min(PART, count - first)) for first in range(0, count, PART)]
    with ProcessPoolExecutor(2, context, django.setup) as pool:
        for ahead in range(0, len(parts), 4):
            for made in pool.map(part, parts[ahead : ahead + 4]):
                yield from made


def part(place: tuple[int, int]) -> list[Any]:
    """One part, in a process of its own."""
    from postmortems.search import entries
    from taxonomy import lookup
    from tests.benchmarks.collection import source_of
    from tests.planted import Planted

    first, size = place
    terms = lookup.current()
    made = []
    for at, document in enumerate(Planted(terms).documents(first, size)):
        number = first + at
        source = source_of(number, _timed(document, number))
        related = ("same-defect@everyone",) if number % EVERY_RELATED == 0 else ()
        made.append(entries.fields(replace(source, relations=related), terms))
    return made


def _timed(document: Any, number: int) -> Any:
    """With lengths of every kind for seven in ten, times to detect, and a permanent action for half."""
    from postmortems.document import Action
    from postmortems.durations import Duration
    from postmortems.moments import Moment

    started = document.started
    if len(started.date) == len("2023-03"):
        started = replace(started, date=f"{started.date}-14", time="12:00", zone="UTC")
    detected = Moment()
    if started.time and number % 4:
        bound = "not-after" if number % 5 == 0 else ""
        detected = replace(started, time=f"12:{number * 7 % 60:02}", bound=bound)
    # Most are short, some take days.
    minutes = 5 + number * 7919 % 3_000 * (1 + number % 7) // 7
    kind = LENGTHS[number % len(LENGTHS)]
    return replace(
        document,
        started=started,
        detected=detected,
        duration=Duration(60 * minutes, kind) if number % 10 < 7 else None,
        actions=(Action("a1", "Fix it", "permanent" if number % 2 else "process", "open"),),
    )


def times() -> Iterator[tuple[str, float]]:
    """Each question alone, and all of them, with and without a choice."""
    from django.contrib.auth.models import AnonymousUser

    from postmortems.insights import chains, debt, gaps, keeping
    from postmortems.insights.asking import selected
    from postmortems.insights.times import times_of
    from tests.benchmarks.patterns import clocked

    visitor = AnonymousUser()

    for title, params in (("all", {}), ("one cause", {"cause": ["network"]})):
        found = selected("", params, visitor)
        questions = {
            "times to resolve by severity": lambda f=found: times_of(f),
            "times to resolve by cause": lambda f=found: times_of(f, vocabulary="cause"),
            "times to detect by severity": lambda f=found: times_of(f, measure="detect"),
            "chains": lambda f=found: chains.chains_of(f),
            "debt": lambda f=found: debt.debt_of(f),
            "gaps": lambda f=found: gaps.gaps_of(f),
        }
        for name, question in questions.items():
            yield f"{title}: {name}", clocked(question, 5, keeping.forget)


if __name__ == "__main__":
    sys.exit(
        in_a_folder(
            "tests.benchmarks.patterns_times",
            __doc__,
            lambda documents, _is_kept: measure(documents),
        )
    )
