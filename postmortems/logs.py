"""JSON log lines on standard error, one object a line, with the request's id. Called by `settings`."""

import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError

# The secret of a private feed stands in its address, and addresses stand in log lines.
FEED_SECRET = re.compile(r"/feeds/[^/\s]+/")


def without_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The line with the secrets of feeds cut out of every text in it."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = FEED_SECRET.sub("/feeds/…/", value)
    return event


def without_traces_of_outages(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A database that is away is told in one line: the trace would stand there for every request."""
    error = _exception_of(event.get("exc_info"))
    if isinstance(error, OperationalError | InterfaceError):
        event["exc_info"] = None
        event["error"] = f"{type(error).__name__}: {error}".strip()
    return event


def _exception_of(given: Any) -> BaseException | None:
    found = sys.exc_info() if given is True else given
    return found[1] if isinstance(found, tuple) else found


SHARED = (
    structlog.contextvars.merge_contextvars,
    without_secrets,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_traces_of_outages,
    structlog.processors.format_exc_info,
)


def configuration() -> dict[str, Any]:
    """The `LOGGING` dictionary: everything from INFO up as JSON; structlog is set up on the way."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        "foreign_pre_chain": list(SHARED),
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        # The default handler of Django would print tracebacks a second time, not as JSON.
        "loggers": {"django": {"handlers": [], "propagate": True, "level": "INFO"}},
    }
