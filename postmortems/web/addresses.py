"""Absolute addresses, for what is read outside of the site: feeds, files."""

from django.conf import settings
from django.http import HttpRequest


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of a path of this site: as configured, else as the request reached it."""
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)


def query_of(request: HttpRequest, *, without: tuple[str, ...] = ()) -> str:
    """The query string of the request, less some parameters."""
    params = request.GET.copy()
    for name in ("page", *without):
        params.pop(name, None)
    return params.urlencode(safe="/:,")
