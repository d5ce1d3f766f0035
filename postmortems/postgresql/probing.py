"""Is the server there? Asked by a connection of its own, with a limit in fractions of a second."""

import select
import time
from typing import Any

from psycopg import OperationalError, conninfo, pq

# A statement that takes longer than this makes the process ask whether the server is still there.
PATIENCE_SECONDS = 0.8
# How long it then has to say anything: a command waits for a busy machine, a web worker's reader does not.
PATIENT_PROBE_SECONDS = 10.0
QUICK_PROBE_SECONDS = 0.7
# After a probe without an answer everything fails at once for so long, and one request asks again.
CLOSED_SECONDS = 1.0

_closed_until: dict[str, float] = {}
_probe_seconds = PATIENT_PROBE_SECONDS


def be_quick() -> None:
    """Let this process, from now on, find out within two seconds that the server hangs."""
    global _probe_seconds
    _probe_seconds = QUICK_PROBE_SECONDS


def refuse_if_hanging(address: str) -> None:
    """Raise OperationalError when the server does not answer, or did not a moment ago."""
    if time.monotonic() < _closed_until.get(address, 0.0):
        raise OperationalError("The database did not answer a moment ago.")
    if is_answering(address):
        _closed_until.pop(address, None)
        return
    _closed_until[address] = time.monotonic() + CLOSED_SECONDS
    raise OperationalError(f"The database does not answer within {_probe_seconds} seconds.")


def is_closed(address: str) -> bool:
    """Whether the server did not answer a moment ago, without asking it."""
    return time.monotonic() < _closed_until.get(address, 0.0)


def is_answering(address: str) -> bool:
    """Whether the server says anything at all within the time, and be it that it refuses."""
    ends = time.monotonic() + _probe_seconds
    attempt = pq.PGconn.connect_start(address.encode())
    try:
        return _is_settled(attempt, ends)
    finally:
        attempt.finish()


def address_of(parameters: dict[str, Any]) -> str:
    """The connection string for Django's connection parameters."""
    known = {item.keyword.decode() for item in pq.Conninfo.get_defaults()}
    given = {name: value for name, value in parameters.items() if name in known}
    return conninfo.make_conninfo("", **given)


def _is_settled(attempt: pq.abc.PGconn, ends: float) -> bool:
    while attempt.status != pq.ConnStatus.BAD:
        wanted = attempt.connect_poll()
        if wanted in (pq.PollingStatus.OK, pq.PollingStatus.FAILED):
            return True
        remaining = ends - time.monotonic()
        if remaining <= 0:
            return False
        reading = [attempt.socket] if wanted == pq.PollingStatus.READING else []
        writing = [attempt.socket] if wanted == pq.PollingStatus.WRITING else []
        select.select(reading, writing, [], remaining)
    return True
