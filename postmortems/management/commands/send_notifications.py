"""`manage.py send_notifications`: sends the mail that is due; `--loop` goes on doing so until it is ended."""

import os
import signal
import threading
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections
from django.utils import timezone

from postmortems.notifications import mail_times, reminding, sending

log = structlog.get_logger("postmortems.notifications")

SECONDS_BETWEEN = 10
# When the mail server is away: it is not asked for each mail whether it still is.
SECONDS_AWAY = 60
SECONDS_BETWEEN_REMINDERS = 3_600


class Command(BaseCommand):
    help = "Send the notifications that are due by mail. Any number of these may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until ended by a signal")
        parser.add_argument(
            "--parent", type=int, default=0, help="end when this is no longer the parent process"
        )

    def handle(self, *args: Any, loop: bool, parent: int, **options: Any) -> None:
        if not mail_times.is_on():
            raise CommandError("No mail server is named: set HINDSIGHT_MAIL_HOST.")
        if loop:
            Loop(parent).run()
            return
        reminding.remind(timezone.now().date())
        report = sending.send_due()
        self.stdout.write(
            f"Sent {report.sent} mails; {report.failed} failed, "
            f"{report.dropped} notifications were of what is no longer to be seen."
        )
        if report.failed:
            raise CommandError("Some mail could not be sent; the log says why. It is tried again.")


class Loop:
    """Passes with pauses between them, until a signal comes or the parent process is gone."""

    def __init__(self, parent: int) -> None:
        self.parent = parent
        self.ended = threading.Event()
        self.remind_at = 0.0

    def run(self) -> None:
        """Ends after the mail that is being sent."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ended.set())
        log.info("sender started")
        while not self._is_over():
            self._pause(self._pass())
        log.info("sender ended")

    def _pass(self) -> float:
        """One pass; returns how many seconds to wait after it."""
        close_old_connections()
        try:
            if time.monotonic() >= self.remind_at:
                reminding.remind(timezone.now().date())
                self.remind_at = time.monotonic() + SECONDS_BETWEEN_REMINDERS
            report = sending.send_due()
        except Error as error:
            log.warning("the database is away; mail waits", said=type(error).__name__)
            return SECONDS_BETWEEN
        return SECONDS_AWAY if report.is_cut_short else SECONDS_BETWEEN

    def _pause(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while not self._is_over() and time.monotonic() < ends:
            self.ended.wait(1)

    def _is_over(self) -> bool:
        is_orphan = bool(self.parent) and os.getppid() != self.parent
        return self.ended.is_set() or is_orphan
