"""The settings of gunicorn: `manage.py serve` starts it with them, or `gunicorn -c python:postmortems.server`."""

import gc
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from postmortems import environment
from postmortems.operations import warming

BASE_DIR = Path(__file__).resolve().parent.parent
# How long a worker that should end goes on because its successor still loads the site.
PATIENCE_SECONDS = 20.0
STARTING = "starting-"
# After how many new objects the collector looks at these, and after how many such looks at older ones.
RARELY = (20_000, 20, 50)
# The name is that of the library, whose figures lie there.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class PatientWorker(ThreadWorker):
    """Goes on taking requests, when told to end, while new workers are loading the site.

    On a reload gunicorn ends the old workers as soon as the new ones are forked, and nobody would
    be answered for the seconds in between.
    """

    is_ending = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End as gunicorn says, once those that start are ready; it says so again every second."""
        if self.is_ending:
            return
        self.is_ending = True
        threading.Thread(target=self._end_when_relieved, args=(sig, frame), daemon=True).start()

    def _end_when_relieved(self, sig: int, frame: FrameType | None) -> None:
        ends = time.monotonic() + PATIENCE_SECONDS
        while _are_any_starting() and time.monotonic() < ends:
            time.sleep(0.05)
        super().handle_exit(sig, frame)


wsgi_app = "postmortems.wsgi:application"
bind = environment.read_list("HINDSIGHT_BIND") or ["127.0.0.1:8000"]
workers = int(environment.read_text("HINDSIGHT_WORKERS", "2"))
worker_class = PatientWorker
# One thread a worker: more of them halve the throughput under the interpreter's lock.
threads = 1
max_requests = 20_000
max_requests_jitter = 2_000
# The most that gunicorn allows: a pasted error message travels in the address.
limit_request_line = 8190
# What was accepted is answered, after TERM as after HUP, as long as it takes no longer than this.
graceful_timeout = 30
# More than any number of connections that wait during a reload.
backlog = 2048
# Its commands could stop the site, and it lies in a home directory that services do not have.
control_socket_disable = True
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Before there are workers: an empty folder for the figures that they share."""
    data = environment.read_directory("HINDSIGHT_DATA_DIR", BASE_DIR / "var")
    # A folder for each address: two servers of one node may share a data directory.
    name = "".join(letter if letter.isalnum() else "-" for letter in str(server.cfg.bind))
    folder = data / "metrics" / name.strip("-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)


def pre_fork(_server: Any, worker: Any) -> None:
    """A worker will be there in a moment; noted before any other is told to end."""
    _mark_of(worker).touch()
    keep_sender()


def on_reload(_server: Any) -> None:
    """New workers run new code, and so does the process that sends mail; it ends its mail first."""
    for sender in senders:
        sender.terminate()
    senders.clear()


senders: list["subprocess.Popen[bytes]"] = []


def keep_sender() -> None:
    """Start the process that sends notifications, where a mail server is named and none is running.

    It ends when this process does.
    """
    if environment.read_text("HINDSIGHT_MAIL_HOST", "none") == "none":
        return
    if any(sender.poll() is None for sender in senders):
        return
    command = ["manage.py", "send_notifications", "--loop", f"--parent={os.getpid()}"]
    started = subprocess.Popen([sys.executable, *command], cwd=BASE_DIR, stdin=subprocess.DEVNULL)
    senders[:] = [started]


def post_worker_init(worker: Any) -> None:
    """It has loaded the site, and answers from now on, the first page as quickly as any.

    What it has loaded stays: the collector of garbage need not look at it again, which took a tenth
    of a second at a time, in the middle of some page.
    """
    warming.warm(worker.wsgi)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
    _mark_of(worker).unlink(missing_ok=True)


def child_exit(_server: Any, worker: Any) -> None:
    """It is gone; one that died while it loaded relieves nobody."""
    _mark_of(worker).unlink(missing_ok=True)


def _mark_of(worker: Any) -> Path:
    return Path(os.environ[FOLDER]) / f"{STARTING}{worker.age}"


def _are_any_starting() -> bool:
    return any(Path(os.environ[FOLDER]).glob(f"{STARTING}*"))
