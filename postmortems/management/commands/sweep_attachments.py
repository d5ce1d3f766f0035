"""`manage.py sweep_attachments`: removes uploads that were never saved and bytes that belong to no file."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems import attachments


class Command(BaseCommand):
    help = "Remove uploads that were never saved, and bytes that belong to no file. Run it daily."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hours", type=int, default=24, help="how old they must be; at least 1, usually 24"
        )

    def handle(self, *args: Any, hours: int, **options: Any) -> None:
        if hours < 1:
            raise CommandError("An upload may be under way: choose at least 1 hour.")
        swept = attachments.sweep(timedelta(hours=hours))
        self.stdout.write(
            f"Removed {swept.unclaimed} uploads that were never saved and {swept.orphans} left-over files."
        )
        if swept.missing:
            raise CommandError(
                f"{len(swept.missing)} files have no bytes: {', '.join(swept.missing[:20])}. "
                "Is the folder `attachments` of the data directory shared with all nodes? "
                "Else bring it back from a backup."
            )
