"""The settings of gunicorn: `manage.py serve` starts it with them, or `gunicorn -c python:postmortems.server`."""

import os
import shutil
from pathlib import Path
from typing import Any

from postmortems import environment

BASE_DIR = Path(__file__).resolve().parent.parent

wsgi_app = "postmortems.wsgi:application"
bind = environment.read_list("HINDSIGHT_BIND") or ["127.0.0.1:8000"]
workers = int(environment.read_text("HINDSIGHT_WORKERS", "2"))
worker_class = "gthread"
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
    os.environ.update(PROMETHEUS_MULTIPROC_DIR=str(folder))
