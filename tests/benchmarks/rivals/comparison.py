"""The engines side by side in one run: same documents, same questions, answers that must agree."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.progress import track
from rich.table import Table

from taxonomy import lookup
from tests.benchmarks.rivals import shape
from tests.benchmarks.rivals.hindsight import Hindsight
from tests.benchmarks.rivals.postgresql import AsAnOrmAsks, InOneStatement, fill
from tests.benchmarks.rivals.shape import Engine, Question
from tests.benchmarks.rivals.sqlite_fts import SqliteFts
from tests.benchmarks.rivals.xapian_engine import Xapian, module
from tests.benchmarks.timing import median_of

ROUNDS = 5


def table(count: int, length: float, url: str) -> Table:
    """A line for each engine: its time for each question, and how many times ours that is."""
    terms = lookup.current()
    asked = shape.questions(terms)
    result = Table(title=f"The same {count:,} documents and questions")
    result.add_column("engine")
    for question in asked:
        result.add_column(question.name, justify="right")
    folder = Path(tempfile.mkdtemp(prefix="hindsight-rivals-"))
    try:
        ours = Hindsight(terms)
        times = [median_of(lambda q=q: ours.ask(q), 4 * ROUNDS) for q in asked]
        result.add_row(ours.name, *(f"{time:.1f} ms" for time in times))
        for engine in _others(count, length, url, folder):
            _agree(engine, ours, asked)
            theirs = [median_of(lambda e=engine, q=q: e.ask(q), ROUNDS) for q in asked]
            pairs = zip(theirs, times, strict=True)
            result.add_row(engine.name, *(f"{a:.1f} ms = {a / b:.1f} ×" for a, b in pairs))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _others(count: int, length: float, url: str, folder: Path) -> Iterator[Engine]:
    terms = lookup.current()
    vocabularies = [info.slug for info in terms.vocabularies]

    def rows(name: str) -> Iterator[shape.Row]:
        every = shape.rows(count, length, terms)
        return iter(track(every, total=count, description=f"Filling {name}"))

    if url:
        connection = fill(url, rows("PostgreSQL"))
        yield AsAnOrmAsks(connection, vocabularies)
        yield InOneStatement(connection)
        connection.close()
    yield SqliteFts(folder / "fts.sqlite3", rows("SQLite FTS5"))
    if module():
        yield Xapian(folder / "xapian", rows("Xapian"), vocabularies)


def _agree(engine: Engine, ours: Engine, asked: list[Question]) -> None:
    """Ends the run when an engine counts otherwise: a time for another answer is no comparison."""
    for question in asked:
        mine, theirs = ours.ask(question), engine.ask(question)
        if mine != theirs:
            wrong = {
                k for k in mine.terms | theirs.terms if mine.terms.get(k) != theirs.terms.get(k)
            }
            raise SystemExit(
                f"{engine.name}, {question.name}: {theirs.count} instead of {mine.count} in all, "
                f"{len(wrong)} terms counted otherwise"
            )
