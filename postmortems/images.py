"""Pictures made anew by a child process within bounds of time and memory. Called by `attachments`."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from postmortems import image_worker as worker

WAIT_SECONDS = 30.0
ROOT = Path(__file__).resolve().parent.parent


class Unreadable(Exception):
    """The picture is damaged, is none at all, or costs too much; `is_large` says that it has too many pixels."""

    def __init__(self, *, is_large: bool = False) -> None:
        self.is_large = is_large
        super().__init__("too many pixels" if is_large else "not a picture that can be read")


@dataclass(frozen=True, slots=True)
class Picture:
    """What became of a picture: its bytes lie in `whole`, `small` and `large` of the folder."""

    media: str
    width: int
    height: int
    is_animated: bool


def remake(source: Path, folder: Path) -> Picture:
    """Make the picture in `source` anew, with its thumbnails, in an empty folder; raises Unreadable."""
    command = [sys.executable, "-m", worker.__name__, str(source), str(folder)]
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Decoders of foreign bytes get neither the keys nor the database's address.
            env={"PYTHONPATH": str(ROOT)},
            cwd=folder,
            timeout=WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable from error
    if ended.returncode:
        raise Unreadable(is_large=ended.returncode == worker.TOO_LARGE)
    return Picture(**json.loads(ended.stdout))
