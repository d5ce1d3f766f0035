"""Counts every request, and shows the figures to the monitoring and to nobody else."""

import secrets
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from postmortems.operations import metrics, warming
from postmortems.web.requests import GetResponse

PATH = "/metrics"
BEFORE_ROUTES = {"/livez": "livez", "/readyz": "readyz", PATH: "metrics"}
LOOPBACK = {"127.0.0.1", "::1"}
# What proxies add: behind one on the same machine everybody seems to come from here.
FORWARDED = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP")


class MetricsMiddleware:
    """Adds each answer to the figures, whichever part of the site gave it; what nobody asked for is
    not among them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if warming.WARMING in request.META:
            with metrics.uncounted():
                return self.get_response(request)
        began = time.perf_counter()
        with metrics.stopwatch() as watch:
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        method, status = request.method or "", response.status_code
        metrics.count_request(route_of(request), method, status, seconds, watch)
        return response


def route_of(request: HttpRequest) -> str:
    """The name of the address; one word for all that have none, whatever they ask for."""
    match = request.resolver_match
    if match:
        return match.view_name or "unnamed"
    if request.path in BEFORE_ROUTES:
        return BEFORE_ROUTES[request.path]
    return "static" if request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}") else "none"


def figures(request: HttpRequest) -> HttpResponse:
    """The figures, or 404 for whoever may not read them."""
    if not may_read(request):
        return HttpResponse(status=404, content_type="text/plain; charset=utf-8")
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)


def may_read(request: HttpRequest) -> bool:
    """Holders of the token; without one, programs on this machine that came through no proxy."""
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {token}".encode())
    is_forwarded = any(name.startswith(FORWARDED) for name in request.META)
    # gunicorn on a socket in the file system sees no address at all: only proxies connect to it.
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not is_forwarded
