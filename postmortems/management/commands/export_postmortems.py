"""`manage.py export_postmortems FOLDER`: every postmortem as a file, a folder for each team."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.exchange.exporting import export_many, file_name
from postmortems.management.choosing import team_called
from postmortems.models import Postmortem


class Command(BaseCommand):
    help = "Write postmortems as Markdown files, restricted ones and drafts included."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--team", default="", help="slug of the only team to export")

    def handle(self, *args: Any, folder: Path, team: str, **options: Any) -> None:
        chosen = Postmortem.objects.live().select_related("team").order_by("pk")
        chosen = chosen.prefetch_related("authors", "named_people")
        if team:
            chosen = chosen.filter(team=team_called(team))
        count = 0
        try:
            for postmortem, text in export_many(chosen.iterator(chunk_size=100)):
                path = folder / postmortem.team.slug / file_name(postmortem)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
                count += 1
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{count} postmortems written to {folder}.")
