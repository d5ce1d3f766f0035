"""Starts the process that makes the index anew beside the one that serves; `sync` says when."""

import os
import subprocess
import sys
import time
from io import TextIOWrapper

import structlog
from django.conf import settings

from postmortems.search import generations

log = structlog.get_logger(__name__)

# A rebuild that fails at once must not be started again by every search.
SECONDS_BETWEEN = 30.0


def start(reason: str, serving: str) -> None:
    """Start `manage.py search rebuild`, unless it runs or was started a moment ago.

    `serving` names the generation that searches are answered from meanwhile, empty for none.
    """
    with generations.try_locked(generations.BACKGROUND) as lock:
        if lock is None or not _is_due(lock):
            return
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "search", "rebuild"]
        environment = {**os.environ, "HINDSIGHT_DATA_DIR": str(settings.DATA_DIR)}
        # The child inherits the open file: the lock is held until it ends, however it ends. It logs
        # where this process logs.
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )
    then = (
        "searches are answered from the old one, less what has changed"
        if serving
        else "searches find nothing and say so"
    )
    log.warning("search index is made anew", reason=reason, generation=serving, then=then)


def _is_due(lock: TextIOWrapper) -> bool:
    """Whether the last start is long enough ago; then this is the last start."""
    lock.seek(0)
    try:
        last = float(lock.read())
    except ValueError:
        last = 0.0
    now = time.time()
    if 0 <= now - last < SECONDS_BETWEEN:
        return False
    lock.truncate(0)
    lock.write(str(now))
    lock.flush()
    return True
