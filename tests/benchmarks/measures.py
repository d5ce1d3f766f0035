"""All measures of the performance budget, in one table. Runs inside a set-up Django; called by `__main__`."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from taxonomy import lookup
from tests.benchmarks import asking, collection, judging, serving
from tests.benchmarks.rivals import comparison
from tests.benchmarks.synthetic import Generator
from tests.benchmarks.timing import Figure
from tests.makers import load_shipped_vocabularies


@dataclass(frozen=True)
class Options:
    """What is measured: how many documents, how many times as long as usual, and what beside."""

    documents: int
    length: float
    is_engine_only: bool
    rivals_url: str
    has_rivals: bool


def run(options: Options) -> None:
    """Build the collection and print all figures."""
    console = Console()
    call_command("migrate", verbosity=0)
    load_shipped_vocabularies()
    console.print(table(options, list(figures(options))))
    if options.has_rivals:
        console.print(comparison.table(options.documents, options.length, options.rivals_url))


def figures(options: Options) -> Iterator[Figure]:
    """Line by line, as they are measured."""
    count = options.documents
    words = Generator(lookup.current()).words[:5]
    if options.is_engine_only:
        yield collection.straight_into_the_index(count, options.length)
    else:
        yield collection.through_the_verbs(count, options.length)
        yield collection.index_build(count)
    yield from asking.front_door_figures(count, words)
    yield from asking.overhead_figures(words)
    if not options.is_engine_only:
        yield serving.saving()
        with serving.server() as (port, process):
            yield from serving.over_http(port, process)
        yield from (Figure(*line) for line in judging.figures())


def table(options: Options, lines: list[Figure]) -> Table:
    """All figures beside the budget, which is meant for N = 100,000 of the usual length."""
    folder = settings.SEARCH_INDEX_DIR
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    long = f", {options.length:g} times as long" if options.length != 1 else ""
    result = Table(title=f"Hindsight, N = {options.documents:,}{long}; index {size / 1e6:,.0f} MB")
    for column in ("work", "measured", "budget"):
        result.add_column(column)
    for line in lines:
        result.add_row(line.work, line.value, line.budget)
    return result
