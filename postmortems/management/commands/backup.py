"""`manage.py backup FILE`: everything this site is in one file; `--verify` reads one and says if it is whole."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.operations import archive, backup, tables


class Command(BaseCommand):
    help = "Back up database, attachments and secret key into one file, while the site serves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--verify", action="store_true", help="read an existing backup and check every hash"
        )

    def handle(self, *args: Any, file: Path, verify: bool, **options: Any) -> None:
        path = file.absolute()
        try:
            manifest = archive.verified(path) if verify else backup.back_up(path)
        except (OSError, archive.Broken, ValueError, *tables.Failed) as error:
            raise CommandError(f"No backup: {error}") from error
        size = path.stat().st_size
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"{path} is whole: {size:,} bytes, {rows} rows, of {manifest['made_at']}. "
            "It holds the secret key and every text: keep it where nobody else reads."
        )
