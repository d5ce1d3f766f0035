"""Every failure as problem+json (RFC 9457), with nothing in it that differs from request to request."""

from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from postmortems.audit import notes

TITLES = {
    400: gettext_lazy("That cannot be read"),
    401: gettext_lazy("That credential is not valid"),
    403: gettext_lazy("Not yours to do"),
    404: gettext_lazy("Nothing at this address"),
    405: gettext_lazy("Not possible here"),
    406: gettext_lazy("Only JSON is spoken here"),
    415: gettext_lazy("Only JSON is read here"),
    429: gettext_lazy("Too many requests"),
}
CONTENT_TYPE = "application/problem+json"


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document for an exception of the API; None lets the server's own 500 answer."""
    if isinstance(exception, RecursionError):
        exception = exceptions.ParseError(_("It is nested too deeply."))
    elif isinstance(exception, SuspiciousOperation):
        exception = exceptions.ParseError(_("It has too many parameters or is too large."))
    response = exception_handler(exception, context)
    if response is None:
        return None
    if response.status_code == 403:
        _note_refusal(context["request"])
    status = response.status_code
    problem = {
        "type": "about:blank",
        "title": str(TITLES.get(status) or _("That did not work")),
        "status": status,
        "detail": _detail(exception),
    }
    if isinstance(exception, exceptions.ValidationError):
        problem["errors"] = list(_errors(response.data))
    response.data = problem
    response.content_type = CONTENT_TYPE
    return response


def _note_refusal(request: Request) -> None:
    """Tell the audit log whom something was refused; reading that is refused is no act."""
    match = request.resolver_match
    if match and request.method and request.method not in SAFE_METHODS:
        object_id = str(match.kwargs.get("ref", ""))
        notes.refused(request.user, match.view_name, method=request.method, object_id=object_id)


def _detail(exception: Exception) -> str:
    if isinstance(exception, Http404):
        return _("It may have moved, been deleted, or never been here.")
    if isinstance(exception, exceptions.ValidationError):
        return _("Some values were not understood; see errors.")
    if isinstance(exception, exceptions.APIException | PermissionDenied):
        return str(getattr(exception, "detail", exception)) or str(TITLES[403])
    return ""


def _errors(data: Any, pointer: str = "") -> list[dict[str, str]]:
    """Each message with the JSON pointer of the field it is about."""
    if isinstance(data, dict):
        return [item for key, value in data.items() for item in _errors(value, f"{pointer}/{key}")]
    if isinstance(data, list):
        return [item for value in data for item in _errors(value, pointer)]
    return [{"pointer": pointer, "detail": str(data)}]
