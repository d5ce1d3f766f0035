"""The bytes of stored files: in `attachments` of the data directory, by the id of their row.

Several web nodes share this folder. Bytes stand there before their row is committed and go after it:
what a crash leaves is bytes without a row, which `orphans` finds.
"""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

# What a file may lie there as: itself, and a picture's thumbnails.
WHOLE = ""
SIZES = ("small", "large")
BLOCK = 64 * 1024
INCOMING = "incoming"


def folder() -> Path:
    """Where all of it lies; only this site's user may look into it."""
    path = Path(settings.ATTACHMENTS_DIR)
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def path_of(file_id: str, size: str = WHOLE) -> Path:
    """Where the bytes of a file lie, or of one of its thumbnails."""
    name = f"{file_id[2:]}.{size}" if size else file_id[2:]
    return folder() / file_id[:2] / name


@contextmanager
def desk() -> Iterator[Path]:
    """An empty folder beside the stored files, for what is not stored yet; gone afterwards."""
    incoming = folder() / INCOMING
    incoming.mkdir(mode=0o700, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=incoming))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def keep(file_id: str, sources: dict[str, Path]) -> None:
    """Move files into their places, by size; when this returns they outlive a power failure."""
    home = path_of(file_id).parent
    home.mkdir(mode=0o700, exist_ok=True)
    for size, source in sources.items():
        source.chmod(0o600)
        with source.open("rb") as written:
            os.fsync(written.fileno())
        source.replace(path_of(file_id, size))
    for place in (home, home.parent):
        sync_folder(place)


def sync_folder(place: Path) -> None:
    """Let the names of a folder's files survive a loss of power, which those files alone do not."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def open_bytes(file_id: str, size: str = WHOLE) -> BinaryIO:
    """The bytes to be read; raises FileNotFoundError."""
    return path_of(file_id, size).open("rb")


def erase(file_ids: Iterable[str]) -> None:
    """Remove the bytes of files whose rows are gone; what is gone already stays gone."""
    for file_id in file_ids:
        for size in (WHOLE, *SIZES):
            path_of(file_id, size).unlink(missing_ok=True)


def orphans(known: set[str], older_than: float) -> Iterator[Path]:
    """What lies there for longer than so many seconds and belongs to no file in `known`."""
    limit = time.time() - older_than
    for path in folder().rglob("*"):
        inside = path.relative_to(folder()).parts
        file_id = inside[0] + inside[-1].partition(".")[0]
        is_ours = len(inside) == 2 and inside[0] != INCOMING and file_id in known
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and not is_ours and path.stat().st_mtime < limit:
                yield path
