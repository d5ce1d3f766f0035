"""What load balancers ask: is the process alive, and can it serve."""

import structlog
from django.db import Error, connection
from django.http import HttpResponse, JsonResponse

from postmortems.search import sync

log = structlog.get_logger(__name__)


def livez() -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def readyz() -> JsonResponse:
    """200 when database and search index can be read, else 503; the body says which cannot."""
    # Both are asked even when the first fails: the body is what an operator reads.
    parts = {"database": is_database_readable(), "index": is_index_readable()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def is_database_readable() -> bool:
    """Whether the database answers the smallest question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        log.warning("database not readable", error=str(error))
        return False
    return True


def is_index_readable() -> bool:
    """Whether this node's copy of the index opens."""
    return sync.is_readable()
