"""`manage.py restore FILE`: makes this site what a backup says, and verifies that it is."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.operations import archive, backup, tables


class Command(BaseCommand):
    help = "Restore a backup, verify every table by hash, and make the search index anew."
    # An empty database fails checks that a restored one passes.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace", action="store_true", help="remove all that this site holds now"
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            backup.restore(file.absolute(), replaces=replace, say=self.stdout.write)
        except (OSError, archive.Broken, ValueError, *tables.Failed) as error:
            raise CommandError(f"Not restored: {error}") from error
        self.stdout.write("Restored and verified. Start the site.")
