"""`manage.py export_site DIR --as USER`: what somebody may read, as files that need no server."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.access import Viewer
from postmortems.management.choosing import user_called
from postmortems.operations import site_copy

VISITOR = "visitor"


class Command(BaseCommand):
    help = "Write what a visitor or an account may read as static pages with a local search."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--as",
            dest="viewer",
            default=VISITOR,
            help="the name of an account; without it the copy holds what is public",
        )
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", default="en", choices=languages)

    def handle(self, *args: Any, folder: Path, viewer: str, language: str, **options: Any) -> None:
        reader: Viewer = AnonymousUser() if viewer == VISITOR else user_called(viewer)
        if viewer != VISITOR and not reader.is_active:
            raise CommandError(
                f"The account {viewer!r} is not active: it may read nothing of its own."
            )
        try:
            count = site_copy.write(folder.absolute(), reader, language=language)
        except (OSError, ValueError) as error:
            raise CommandError(f"No copy: {error}") from error
        self.stdout.write(f"{count} postmortems, as {viewer} may read them: {folder}/index.html")
