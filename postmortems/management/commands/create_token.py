"""`manage.py create_token USER --scope read`: prints a new key for tools and nothing else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems import accounts
from postmortems.management.choosing import sentences, user_called
from postmortems.models import ApiToken, User


class Command(BaseCommand):
    help = "Print a new key for tools that act as the user. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user")
        parser.add_argument("--scope", required=True, choices=ApiToken.Scope.values)
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, help="days until it ends; never unless given")

    def handle(self, *args: Any, user: str, scope: str, name: str, **options: Any) -> None:
        try:
            _token, secret = accounts.create_token(
                user_called(user),
                by=User.objects.system(),
                scope=scope,
                name=name,
                days=options["days"],
            )
        except ValidationError as error:
            raise CommandError(sentences(error.message_dict)) from error
        self.stdout.write(secret)
