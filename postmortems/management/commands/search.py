"""`manage.py search verify|rebuild|sync|trim`: looks after this node's search index and its log."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import Progress

from postmortems import outbox
from postmortems.models import SearchLog
from postmortems.search import sync


class Command(BaseCommand):
    help = "Verify, rebuild or bring up to date this node's search index, or shorten its log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "rebuild", "sync", "trim"])
        parser.add_argument(
            "--keep",
            type=int,
            default=outbox.LINES_KEPT,
            help="for trim: how many lines of the log stay; a node further behind rebuilds",
        )

    def handle(self, *args: Any, act: str, keep: int, **options: Any) -> None:
        if act == "trim":
            self.trim(keep)
        else:
            {"verify": self.verify, "rebuild": self.rebuild, "sync": self.sync}[act]()

    def verify(self) -> None:
        """Compare every entry with its row; exit 1 on a difference."""
        wrong = sync.verify()
        if wrong:
            raise CommandError(
                f"{len(wrong)} entries differ from their rows: {', '.join(wrong[:20])}. "
                "Mend them with: manage.py search rebuild"
            )
        self.stdout.write("Every entry agrees with its row.")

    def rebuild(self) -> None:
        """Build a new index beside the old one and switch to it."""
        with Progress(disable=not self.stdout.isatty()) as progress:
            task = progress.add_task("Indexing", total=None)
            count = sync.rebuild(
                lambda done, total: progress.update(task, completed=done, total=total)
            )
        self.stdout.write(f"Indexed {count} postmortems.")

    def sync(self) -> None:
        """Apply what is new in the log; a backlog is rebuilt in a process of its own."""
        if not sync.view().is_level:
            raise CommandError(
                "The index is not level with the log yet; a rebuild is under way, or the log of "
                "this site says what stands in its way. To wait for it: manage.py search rebuild"
            )
        self.stdout.write("The index is level with the log.")

    def trim(self, keep: int) -> None:
        """Shorten the log that the nodes follow; writing does so by itself from time to time."""
        with outbox.writing():
            count = SearchLog.objects.shorten(keep)
        self.stdout.write(f"Removed {count} lines.")
