"""`manage.py load_taxonomy [PATH]`: a vocabulary file into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.exchange.vocabularies import load_vocabularies
from postmortems.management.preparation import TAXONOMY
from postmortems.models import User


class Command(BaseCommand):
    help = (
        "Load vocabularies. What a curator changed stays; a term that the file leaves out is retired, "
        "not deleted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=TAXONOMY)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
        report = load_vocabularies(text, by=User.objects.system())
        if report.problems:
            lines = (f"{problem.where}: {problem.message}" for problem in report.problems)
            raise CommandError("\n".join(["Nothing was changed.", *lines]))
        self.stdout.write(
            f"{report.created} new, {report.changed} changed, {report.retired} retired, "
            f"{report.unchanged} as before."
        )
