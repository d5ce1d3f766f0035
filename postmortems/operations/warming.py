"""Pages asked for before anybody waits for them: the first of a process reads its templates, opens the
index and counts all that later ones keep."""

import io
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

# Not a header: nobody can send it.
WARMING = "hindsight.warming"
PATHS = ("/", "/patterns/")


class Answer(Protocol):
    """The blocks of an answer; Django's always has something to close."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None:
        """End the request."""


Application = Callable[[dict[str, Any], Callable[..., Any]], Answer]


def warm(application: Application) -> None:
    """Ask the application for what most readers open, as a visitor does. Whatever goes wrong is logged,
    and is a matter for whoever comes first."""
    for path in PATHS:
        try:
            status = _asked(application, path)
        except Exception:
            log.exception("a page could not be made ready", path=path)
            return
        if status >= 500:
            log.warning("a page could not be made ready", path=path, status=status)
            return


def _asked(application: Application, path: str) -> int:
    """The status of the answer to one request, read to its end."""
    began: list[str] = []

    def start_response(status: str, _headers: object, _error: object = None) -> None:
        began.append(status)

    answer = application(_request(path), start_response)
    try:
        deque(answer, maxlen=0)
    finally:
        # Lets go of the database.
        answer.close()
    return int(began[0].split()[0])


def _request(path: str) -> dict[str, Any]:
    """A visitor's request, as PEP 3333 has it."""
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    return {
        WARMING: True,
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": host,
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "HTTP_X_REQUEST_ID": "warming-up",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
