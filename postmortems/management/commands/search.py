"""`manage.py search verify|rebuild|sync`: looks after this node's search index."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import Progress

from postmortems.search import sync


class Command(BaseCommand):
    help = "Verify, rebuild or bring up to date this node's search index."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["verify", "rebuild", "sync"])

    def handle(self, *args: Any, act: str, **options: Any) -> None:
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
        """Apply what is new in the log."""
        sync.catch_up()
        self.stdout.write("The index is level with the log.")
