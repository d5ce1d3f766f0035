"""Health answers, request ids with one log line a request, and each reader's language and theme."""

import re
import time
import uuid
from zoneinfo import ZoneInfo

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from postmortems.audit import origin
from postmortems.models import User
from postmortems.notifications.mail_times import zone_of
from postmortems.web import errors, health, metrics
from postmortems.web.client_address import client_address
from postmortems.web.preferences import language_of
from postmortems.web.requests import GetResponse
from postmortems.web.sessions import note_visit

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
UNUSED_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
ON_EVERY_ANSWER = {
    "Permissions-Policy": UNUSED_FEATURES,
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing from elsewhere is shown, so nothing from elsewhere has to agree to be shown.
    "Cross-Origin-Embedder-Policy": "require-corp",
}

log = structlog.get_logger("postmortems.requests")


class HeadersMiddleware:
    """Headers that every answer carries, static files, errors and health included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in ON_EVERY_ANSWER.items():
            response.headers.setdefault(name, value)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses answers; those of the API keep a strong tag, which changes are made over.

    Most clients ask for compressed answers, and a weak tag may not be named in If-Match.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer, compressed where that saves something."""
        tag = response.headers.get("ETag", "")
        answer = super().process_response(request, response)
        if request.path.startswith("/api/v1/") and answer.headers.get("ETag", "") == f"W/{tag}":
            answer.headers["ETag"] = f'{tag[:-1]}-gzip"'
        return answer


class HealthMiddleware:
    """Answers /livez, /readyz and /metrics before anything that could fail: hosts, sessions, users."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return health.livez()
        if request.path == "/readyz":
            return health.readyz()
        if request.path == metrics.PATH:
            return metrics.figures(request)
        return self.get_response(request)


class RequestIdMiddleware:
    """Gives each request an id, a proxy's if it sent a sane one, and logs the request when answered.

    The line has no query string: what people search for is theirs.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Only a sane id is taken over: it goes into the log and back into a header.
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        # The worker's thread served somebody else before, whose id must not stand in this log line.
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        origin.begin(request_id=request_id, address=client_address(request.META))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
        finally:
            # What the thread does next is not this request's doing.
            origin.forget()
        response["X-Request-Id"] = request_id
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        return response


class NotAllowedMiddleware:
    """Puts words into the empty answer to who opens an address that only takes what a form sends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return errors.not_allowed(request, self.get_response(request))


class PreferencesMiddleware:
    """Speaks the reader's language, keeps their clock, names them in the log; keeps pages out of shared caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            # Every query of this request is about the same rights.
            request.user.is_of_request = True
            structlog.contextvars.bind_contextvars(user=request.user.pk)
        # Asked for after the user, which has loaded the session.
        note_visit(request)
        language = language_of(request)
        with translation.override(language), timezone.override(_zone_of(request)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        # Every page depends on who looks; only what says otherwise itself may be kept by others.
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The zone that the reader chose, for what the site itself recorded; tools get UTC whoever asks."""
    is_page = not request.path.startswith("/api/")
    return zone_of(request.user) if is_page and isinstance(request.user, User) else None
