"""`manage.py import_postmortems PATH…`: files into the database, with a report."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from postmortems.exchange.importing import OUTCOMES, Report, Row, find_files, import_files
from postmortems.management.choosing import team_called
from postmortems.models import User


class Command(BaseCommand):
    help = "Import Markdown files, or all of them below a folder. Again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--team", default="", help="slug of the team that files go to")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")

    def handle(self, *args: Any, paths: list[Path], team: str, **options: Any) -> None:
        files = find_files(paths)
        if not files:
            raise CommandError("There are no .md files there.")
        with progress() as on_progress:
            report = import_files(
                files,
                by=User.objects.system(),
                team=team_called(team),
                dry_run=options["dry_run"],
                on_progress=on_progress,
            )
        is_long = options["dry_run"] or options["verbosity"] > 1
        self.stdout.write("\n".join(lines(report, is_long=is_long)))
        if report.counts["problem"]:
            what = "would go in" if options["dry_run"] else "went in"
            raise CommandError(f"Files with problems were left out; the rest {what}.")


@contextmanager
def progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Importing")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def lines(report: Report, *, is_long: bool) -> Iterator[str]:
    """The report: problems as an editor finds them, then how many of each; rows when it is long."""
    for row in report.rows:
        if row.outcome == "problem":
            yield from problem_lines(row)
        elif is_long:
            yield f"{row.outcome:<8} {row.ref}  {row.import_id}"
    yield "  ".join(f"{outcome}: {report.counts[outcome]}" for outcome in OUTCOMES)


def problem_lines(row: Row) -> Iterator[str]:
    """`file:line: key: what is wrong, and what to do`."""
    for problem in row.problems:
        where = f"{row.file}:{problem.line}" if problem.line else row.file
        key = f"{problem.key}: " if problem.key else ""
        yield f"{where}: {key}{problem.message} {problem.advice}".rstrip()
