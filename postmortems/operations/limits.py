"""How long a web worker waits for its database. Called by `wsgi` alone: commands may wait as they like."""

from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

from postmortems.postgresql import probing

# A save waits so long for other writers; then a 503 says that it may be tried again.
SQLITE_LOCK_SECONDS = 1.5
POSTGRESQL_LIMITS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    # A worker that is stopped in the midst of a transaction must not keep its locks.
    "idle_in_transaction_session_timeout": "60s",
}


def bound_waiting() -> None:
    """Bound every wait for the server, locks and statements on connections that this process will make."""
    probing.be_quick()
    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"]["timeout"] = SQLITE_LOCK_SECONDS
    connection_created.connect(_set_limits, dispatch_uid="limits of a web worker")


def _set_limits(connection: Any, **_kwargs: Any) -> None:
    if connection.vendor != "postgresql":
        return
    # Not as options of the connection, which poolers between here and the server refuse.
    with connection.cursor() as cursor:
        for name, value in POSTGRESQL_LIMITS.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
