"""`manage.py create_administrator NAME`: the first account of a new site, which makes all others."""

import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems import accounts
from postmortems.management.choosing import sentences
from postmortems.models import User


class Command(BaseCommand):
    help = (
        "Make an account that administers. The password is asked for, or read from standard input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        try:
            user = accounts.create_user(
                name,
                by=User.objects.system(),
                password=_password(),
                is_curator=True,
                is_administrator=True,
            )
        except ValidationError as error:
            raise CommandError(sentences(error.message_dict)) from error
        self.stdout.write(f"{user.username} can sign in and administers.")


def _password() -> str:
    """What is typed twice, unseen, or the first line of standard input; raises CommandError for none."""
    if sys.stdin.isatty():
        password = getpass("Password: ")
        if getpass("The same again: ") != password:
            raise CommandError("The two were not the same. Nothing was made.")
    else:
        password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise CommandError("An administrator needs a password. Nothing was made.")
    return password
