"""GET /api/v1/suggest/: what may follow in the search box, counted for the caller alone."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api.hits import FILTERS, QUERY, SuggestionsBody
from postmortems.api.resources import Resource
from postmortems.digits import number_in
from postmortems.search.completion import complete
from postmortems.search.completion_options import Completions, Group

LAST_PLACE = 999_999_999
AT = OpenApiParameter(
    "at",
    {"type": "integer", "minimum": 0, "maximum": LAST_PLACE},
    description="The place of the caret, counted in characters; the end where it is left out.",
)


class Suggestions(Resource):
    """Fields, values and words that begin as the text at the caret does."""

    @extend_schema(
        operation_id="suggest",
        tags=["search"],
        summary="What may follow in the search box",
        parameters=[QUERY, AT, FILTERS],
        responses={200: SuggestionsBody},
    )
    def list(self, request: Request) -> Response:
        """What stands in for `q[start:end]`; `at`, the end of `q` when it is left out, counts
        characters. All other parameters are those of a search and narrow the counts."""
        params = request.query_params
        text = params.get("q", "")
        at = place_of(params.get("at", ""), text)
        completions = complete(text, at, request.user, get_language() or "en", params)
        return Response(body_of(completions))


def place_of(at: str, text: str) -> int:
    """The place of the caret, at most the end of the text; raises ValidationError for no number."""
    if not at:
        return len(text)
    place = number_in(at, 0, LAST_PLACE)
    if place is None:
        raise ValidationError({"at": [_("A place in the text is a number from 0 on.")]})
    return min(place, len(text))


def body_of(completions: Completions) -> dict[str, Any]:
    """The answer: what is replaced, and the groups of options."""
    return {
        "start": completions.start,
        "end": completions.end,
        "groups": [group_body(group) for group in completions.groups],
    }


def group_body(group: Group) -> dict[str, Any]:
    """One group with its options."""
    return {
        "kind": group.kind,
        "label": group.label,
        "options": [asdict(option) for option in group.options],
    }
