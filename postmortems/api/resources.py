"""What all resources of the API share: counting, tags, who asks, and lists.

A resource is a viewset: reading fetches through the visible set, changing calls a verb.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import models
from django.http import Http404
from rest_framework import viewsets
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from postmortems.api import rates, repetition, tags
from postmortems.api.paging import neighbours, page_number_of, page_size_of
from postmortems.api.parsers import MergePatchParser, StrictJSONParser
from postmortems.api.permissions import WritesNeedScope
from postmortems.audit import notes
from postmortems.models import Postmortem, User
from postmortems.models.postmortem import by_ref

Row = TypeVar("Row", bound=models.Model)


class Counted(APIView):
    """Counts each request before anything is asked for, and says in each answer what is left."""

    counted: tuple[rates.Rate, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count before the credential is looked at: guessing tokens is a request too."""
        self.counted = (rates.count_address(),)
        super().initial(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """The problem; of a limit that is used up it tells nothing is left."""
        if isinstance(exc, rates.Beyond):
            self.counted = (*self.counted, exc.rate)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer, a stream of bytes as well as JSON, with what is left of the limits."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        rates.tell(answer, self.counted)
        return answer


class Resource(Counted, viewsets.ViewSet):
    """Tags each answer that has content."""

    permission_classes = [WritesNeedScope]

    def again(self, request: Request, body: Any, **_address: Any) -> Any:
        """What of a kept answer its request is answered once more; raises what reading it would.

        For resources whose readers may have lost rights meanwhile to what the answer says.
        """
        return body

    def get_parsers(self) -> list[BaseParser]:
        """Where JSON is read, a patch is read by its own media type too."""
        parsers = super().get_parsers()
        is_patch = getattr(self.request, "method", "") == "PATCH"
        takes_json = any(parser.media_type == StrictJSONParser.media_type for parser in parsers)
        return [*parsers, MergePatchParser()] if is_patch and takes_json else parsers

    def perform_authentication(self, request: Request) -> None:
        """Find out who asks, where that may be done at all."""
        # Before a credential is asked for: signing in would not make it possible.
        if self.action is None:
            raise MethodNotAllowed(str(request.method))
        # OPTIONS is answered by no method of a resource.
        if repetition.is_repeatable(getattr(self, self.action, None)):
            repetition.keep_bytes(request)
        super().perform_authentication(request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count it for who asks, too, once that is known."""
        super().initial(request, *args, **kwargs)
        if (caller := rates.count_caller(request)) is not None:
            self.counted = (*self.counted, caller)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer with its tag once its bytes are there."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        is_tagged = not isinstance(answer, Response) or answer.has_header("ETag")
        if not is_tagged and answer.status_code < 300:
            answer.add_post_render_callback(lambda done: _tag(request, done))
        return answer


def _tag(request: Request, response: Response) -> None:
    version = getattr(response, "version", None)
    if not response.content or (request.method not in SAFE_METHODS and version is None):
        return
    response["ETag"] = tag = tags.tag_of(response.content, version)
    if request.method in SAFE_METHODS and tags.is_known(request, tag):
        response.status_code = 304
        response.content = b""
        for name in ("Content-Type", "Content-Length"):
            del response[name]


def versioned(data: Any, postmortem: Postmortem, *, status: int = 200) -> Response:
    """An answer that shows a postmortem: tagged with its version, kept for its readers alone."""
    response = Response(data, status=status)
    response.version = postmortem.version  # type: ignore[attr-defined]
    response.about = postmortem  # type: ignore[attr-defined]
    return response


def person(request: Request) -> User:
    """Who asks; raises NotAuthenticated for visitors."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def get_by_ref(rows: models.QuerySet[Row], ref: str) -> Row:
    """The row of that ref, in any letter case; Http404 alike for absent and for hidden."""
    found = by_ref(rows, ref)
    if found is None:
        raise Http404
    return found


def get_postmortem(request: Request, ref: str) -> Postmortem:
    """The postmortem with that ref, in any letter case; raises Http404 for what is hidden from who asks.

    The audit log says so when an administrator opens what nobody else would show them.
    """
    visible = Postmortem.objects.visible_to(request.user).select_related("team")
    found = get_by_ref(visible, ref)
    notes.read(found, by=request.user)
    return found


def listed(request: Request, rows: models.QuerySet[Row], body: Callable[[Row], Any]) -> Response:
    """One page of ordered rows in the list shape; raises ValidationError for a bad page or size."""
    page = page_number_of(request.query_params.get("page", ""))
    page_size = page_size_of(request.query_params.get("page_size", ""))
    count = rows.count()
    first = (page - 1) * page_size
    shown = rows[first : first + page_size] if first < count else rows.none()
    ways = neighbours(request, page=page, page_size=page_size, count=count)
    return Response({"count": count, **ways, "results": [body(row) for row in shown]})


def whole_list(results: Iterable[Any]) -> Response:
    """The list shape for what is always short enough for one answer."""
    everything = list(results)
    count = len(everything)
    return Response({"count": count, "next": None, "previous": None, "results": everything})
