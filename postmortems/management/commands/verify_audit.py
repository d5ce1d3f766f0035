"""`manage.py verify_audit`: walks the audit log's chain; exits 1 with the first row that is not as written."""

import re
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from postmortems.audit import chain

KEPT = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})")


class Command(BaseCommand):
    help = "Check that no entry of the audit log was changed, removed, swapped or slipped in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--kept",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a head that an earlier run printed and that was kept elsewhere; may be repeated",
        )

    def handle(self, *args: Any, kept: list[str], **options: Any) -> None:
        noted = dict(_read(text) for text in kept)
        began = time.perf_counter()
        verdict = chain.verify(noted)
        seconds = max(time.perf_counter() - began, 0.001)
        self.stdout.write(
            f"{verdict.count} entries read in {seconds:.1f} s, {verdict.count / seconds:,.0f} a second."
        )
        if verdict.problem:
            raise CommandError(f"{verdict.problem} The last good one is {verdict.head}")
        if missing := chain.missing_guards():
            raise CommandError(
                f"The entries agree, but the database no longer refuses changes of them: "
                f"{', '.join(missing)} is missing or switched off."
            )
        self.stdout.write(f"Every entry follows from the one before it. Head: {verdict.head}")


def _read(text: str) -> tuple[int, str]:
    found = KEPT.fullmatch(text.strip())
    if found is None:
        raise CommandError(f"{text!r} is no head; one looks like 120: and 64 hexadecimal digits.")
    return int(found[1]), found[2]
