"""Every failure as problem+json (RFC 9457), with nothing in it that differs from request to request."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import ValidationError as Refused
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from postmortems.api.refusals import Moved, PreconditionFailed, TooLarge
from postmortems.audit import notes
from postmortems.authoring import Conflict
from postmortems.document_json import Invalid, Problem

TITLES = {
    400: gettext_lazy("That cannot be read"),
    401: gettext_lazy("That credential is not valid"),
    403: gettext_lazy("Not yours to do"),
    404: gettext_lazy("Nothing at this address"),
    405: gettext_lazy("Not possible here"),
    406: gettext_lazy("Only JSON is spoken here"),
    409: gettext_lazy("Not possible as things stand"),
    412: gettext_lazy("It has changed since you read it"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Only JSON is read here"),
    416: gettext_lazy("Nothing there to send"),
    422: gettext_lazy("That key was used for something else"),
    428: gettext_lazy("Say which version you read"),
    429: gettext_lazy("Too many requests"),
}
WHOLE = (NON_FIELD_ERRORS, api_settings.NON_FIELD_ERRORS_KEY)
CONTENT_TYPE = "application/problem+json"


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document for an exception of the API; None lets the server's own 500 answer."""
    exception = _known(exception, context)
    response = exception_handler(exception, context)
    if response is None:
        return None
    if response.status_code == 403:
        _note_refusal(context["request"])
    status = response.status_code
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": str(TITLES.get(status) or _("That did not work")),
        "status": status,
        "detail": _detail(exception),
    }
    if isinstance(exception, exceptions.ValidationError):
        problem["errors"] = list(_errors(response.data))
    if isinstance(exception, Moved) and exception.reasons:
        problem["errors"] = list(_errors(exception.reasons))
    if isinstance(exception, PreconditionFailed):
        response["ETag"] = exception.tag
    response.data = problem
    response.content_type = CONTENT_TYPE
    return response


def _known(exception: Exception, context: dict[str, Any]) -> Exception:
    """What the features raise, as the exception of DRF that answers for it."""
    if isinstance(exception, Conflict):
        return _conflict(context)
    # It went for good between being found and being held.
    if isinstance(exception, ObjectDoesNotExist):
        return Http404()
    if isinstance(exception, Invalid):
        return exceptions.ValidationError(_by_pointer(exception.problems))
    if isinstance(exception, Refused) and getattr(context["view"], "is_act", False):
        return Moved(" ".join(exception.messages), reasons=_messages(exception))
    if isinstance(exception, RecursionError):
        return exceptions.ParseError(_("It is nested too deeply."))
    if isinstance(exception, RequestDataTooBig):
        return TooLarge(_("More was sent than is read here."))
    if isinstance(exception, SuspiciousOperation):
        return exceptions.ParseError(_("It has too many parameters or is too large."))
    if isinstance(exception, Refused):
        return exceptions.ValidationError(_messages(exception))
    return exception


def _conflict(context: dict[str, Any]) -> Exception:
    """412 to who named a version, with the tag of the present one; 404 where that is gone."""
    view, request = context["view"], context["request"]
    if "If-Match" not in request.headers or not hasattr(view, "tag_now"):
        return Moved(_("It is being changed by others right now. Read it again and try again."))
    try:
        return PreconditionFailed(view.tag_now(request))
    except Http404 as gone:
        return gone


def _messages(exception: Refused) -> Any:
    return exception.message_dict if hasattr(exception, "error_dict") else exception.messages


def _by_pointer(found: list[Problem]) -> dict[str, list[str]]:
    messages: dict[str, list[str]] = {}
    for item in found:
        messages.setdefault(item.pointer, []).append(item.message)
    return messages


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


def _errors(data: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Each message with the JSON pointer of the field it is about."""
    if isinstance(data, dict):
        for key, value in data.items():
            # What breaks a rule of the content is keyed by pointer already; some is wrong as a whole.
            is_pointer = key == "" or str(key).startswith("/")
            below = f"{pointer}{key}" if is_pointer else f"{pointer}/{key}"
            below = pointer if key in WHOLE else below
            yield from _errors(value, below)
    elif isinstance(data, list):
        for value in data:
            yield from _errors(value, pointer)
    else:
        yield {"pointer": pointer, "detail": str(data)}
