"""`manage.py redact`: takes texts out of everything that is stored; counts unless told to do it."""

import sys
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems import redacting
from postmortems.management.choosing import sentences
from postmortems.models import User


class Command(BaseCommand):
    help = (
        "Replace texts by a marker in postmortems, revisions, drafts, names of files and searches. Reads them from "
        "standard input, one a line: a command line is kept in histories."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--really", action="store_true", help="do it; only counted otherwise")

    def handle(self, *args: Any, really: bool, **options: Any) -> None:
        texts = sys.stdin.read().splitlines()
        act = redacting.redact if really else redacting.count
        try:
            counts = act(texts, by=User.objects.system())
        except ValidationError as error:
            raise CommandError(sentences(error.message_dict)) from error
        for name, number in asdict(counts).items():
            self.stdout.write(f"{name.replace('_', ' ')}: {number}")
        if really:
            self.stdout.write("Now run `manage.py search rebuild` on each node, and renew backups.")
        else:
            self.stdout.write("Nothing was changed; --really does it.")
