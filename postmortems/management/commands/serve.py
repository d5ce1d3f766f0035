"""`manage.py serve`: collects static files when they changed, then becomes gunicorn."""

import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Serve the site with gunicorn; replaces this process."
    # All of them are made below at once, those of the database too.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        self.check(databases=["default"])
        refuse_taken_address(host, port)
        collect_static_files()
        self.stdout.write(f"Hindsight is at http://{host}:{port}  (Ctrl+C stops it)")
        self.stdout.flush()
        gunicorn = Path(sys.executable).with_name("gunicorn")
        os.chdir(settings.BASE_DIR)
        os.execv(gunicorn, gunicorn_arguments(host, port, workers))


def gunicorn_arguments(host: str, port: int, workers: int) -> list[str]:
    """The server's command line; everything else stands in `postmortems.server`."""
    return [
        "gunicorn",
        "--config=python:postmortems.server",
        f"--bind={host}:{port}",
        f"--workers={workers}",
    ]


def refuse_taken_address(host: str, port: int) -> None:
    """Raise CommandError when something else already listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host}:{port} cannot be used ({error.strerror}). Choose another: PORT={port + 1} make run"
            ) from error


def collect_static_files() -> None:
    """Copy, hash and compress the static files, unless they are as at the last start."""
    stamp = settings.STATIC_ROOT / "collected"
    # A folder, or one under a prefix of its own.
    named = (item[1] if isinstance(item, tuple) else item for item in settings.STATICFILES_DIRS)
    fingerprint = _fingerprint([Path(str(folder)) for folder in named])
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)


def _fingerprint(folders: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return digest.hexdigest()
