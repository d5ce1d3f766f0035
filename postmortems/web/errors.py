"""Error pages: each says what happened and what to do, and keeps the search box."""

import re
import sys
from urllib.parse import unquote

import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from postmortems.audit import notes
from postmortems.web.context import site_of
from postmortems.web.preferences import THEME_COOKIE
from postmortems.web.resending import is_long_form, sent_again

WORD = re.compile(r"[^\W_]+")
ROUTE_WORDS = {"p", "taxonomy", "help", "api", "v1", "edit", "history", "new", "html", "php"}
# Refs of postmortems, ids of files.
REF = re.compile(r"(?=.*\d)(?:[0-9a-hjkmnp-tv-z]{8}|[0-9a-hjkmnp-tv-z]{20})")
MOST_WORDS = 8
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
RETRY_SECONDS = "10"
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
TITLES = {
    400: gettext_lazy("That cannot be read"),
    413: gettext_lazy("That is too much at once"),
    500: gettext_lazy("That should not have happened"),
    503: gettext_lazy("Not ready"),
}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, also for what is hidden: offers a search for the words of the address."""
    return render(request, "errors/404.html", {"words": words_of(request.path)}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the sentence of the PermissionDenied, which names who may."""
    says = str(exception) if isinstance(exception, PermissionDenied) else ""
    match = request.resolver_match
    if match and isinstance(exception, PermissionDenied) and request.method in CHANGING:
        object_id = str(match.kwargs.get("ref", ""))
        notes.refused(request.user, match.view_name, method=request.method, object_id=object_id)
    return render(request, "errors/403.html", {"reason": says}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token, usually one that was open for very long."""
    if is_long_form(request):
        return sent_again(request)
    says = _(
        "This form was open for too long, or cookies are blocked. Reload the page and send it again."
    )
    return render(request, "errors/403.html", {"reason": says}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself makes no sense; 413: it brings more than is taken in at a time."""
    if isinstance(exception, TOO_MUCH):
        return _bare(request, "errors/413.html", 413)
    return _bare(request, "errors/400.html", 400)


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """405 with words for who opened the address of a form; tools get the answer as it is."""
    is_page = request.method == "GET" and not request.path.startswith("/api/")
    if response.status_code != 405 or response.content or not is_page:
        return response
    told = render(request, "errors/405.html", status=405)
    told["Allow"] = response["Allow"]
    return told


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the request id; 503 when it was the database that did not answer."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = _bare(request, "errors/503.html", 503)
        response["Retry-After"] = response["Refresh"] = RETRY_SECONDS
        return response
    return _bare(request, "errors/500.html", 500)


def words_of(path: str) -> str:
    """What an address may have been about: its last words, without ids and our own route words."""
    words = WORD.findall(unquote(path))
    kept = [word for word in words if word.lower() not in ROUTE_WORDS and not REF.fullmatch(word)]
    return " ".join(kept[-MOST_WORDS:])


def _bare(request: HttpRequest, template: str, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        # The request id stands in a header: equal failures have equal bodies.
        problem = {"type": "about:blank", "title": str(TITLES[status]), "status": status}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    # Without the request: context processors would ask for the user, and so for the database.
    theme = request.COOKIES.get(THEME_COOKIE, "")
    context = {
        "site": site_of("", theme if theme in ("light", "dark") else "", is_bare=True),
        "request_id": request_id,
    }
    return HttpResponse(render_to_string(template, context), status=status)
