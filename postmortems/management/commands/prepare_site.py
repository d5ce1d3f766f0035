"""`manage.py prepare_site`: tables, vocabularies, demonstration and index; safe to run at every start."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from postmortems.management import preparation


class Command(BaseCommand):
    help = "Make the site ready to serve; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--quiet-when-current",
            action="store_true",
            help="say only who can sign in when there is nothing to do",
        )

    def handle(self, *args: Any, quiet_when_current: bool, **options: Any) -> None:
        has_changed = False
        for step in preparation.steps():
            if done := step():
                has_changed = True
                self.stdout.write(done)
        if not has_changed and not quiet_when_current:
            self.stdout.write("Everything is as it should be.")
        if accounts := preparation.demonstration_accounts():
            self.stdout.write(accounts)
