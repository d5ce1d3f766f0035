"""`manage.py export_postmortems FOLDER`: every postmortem as a file, a folder for each team."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.exchange.carried import Carried
from postmortems.exchange.exporting import export_whole, file_name
from postmortems.management.choosing import team_called
from postmortems.models import Postmortem


class Command(BaseCommand):
    help = "Write postmortems as Markdown with their files, restricted ones and drafts included."

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
            for postmortem, text, files in export_whole(chosen.iterator(chunk_size=100)):
                path = folder / postmortem.team.slug / file_name(postmortem)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
                for file in files:
                    _write(file, Path(file.path(str(path).removesuffix(".md"))))
                count += 1
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{count} postmortems written to {folder}.")


def _write(file: Carried, path: Path) -> None:
    """The bytes of an attached file, if they are there."""
    source = file.open()
    if source is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
