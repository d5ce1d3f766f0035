"""GET /api/v1/postmortems/REF/similar/ and POST /api/v1/similar/: postmortems like one, or like a text, and why."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import content, similar_pairs
from postmortems.api.fields import Sent, sent
from postmortems.api.hits import SimilarHitBody
from postmortems.api.resources import Resource, get_postmortem
from postmortems.api.schema import list_of
from postmortems.digits import number_in
from postmortems.search.hit_json import hit_body
from postmortems.search.similar import LONGEST_TEXT, Similar, similar_to, similar_to_text

PAGE_SIZE = 10
MOST = 20
SIZE = OpenApiParameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE_SIZE},
    description="How many are wanted.",
)


class SimilarText(Sent):
    """What is sent."""

    text = serializers.CharField(max_length=LONGEST_TEXT)


class SimilarToPostmortem(Resource):
    """What is like one postmortem."""

    @extend_schema(
        operation_id="similar_to_postmortem",
        tags=["search"],
        summary="What is like a postmortem, and why",
        parameters=[SIZE],
        responses={200: list_of(SimilarHitBody)},
    )
    def list(self, request: Request, ref: str) -> Response:
        """The most alike first, without what was dismissed; a hidden postmortem is as absent as one that
        never was."""
        postmortem = get_postmortem(request, ref)
        found = similar_to(
            postmortem,
            content.read(postmortem),
            request.user,
            limit=limit_of(request),
            language=get_language() or "en",
            without=similar_pairs.dismissed_refs(postmortem, request.user),
        )
        return Response(body_of(found or ()))


class SimilarToText(Resource):
    """What is like a text. It reads and stores nothing, so visitors may ask too."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="similar_to_text",
        tags=["search"],
        summary="What is like a text, an alert or a chat excerpt, and why",
        request=SimilarText,
        parameters=[SIZE],
        responses={200: list_of(SimilarHitBody)},
    )
    def create(self, request: Request) -> Response:
        """The most alike first."""
        found = similar_to_text(
            sent(SimilarText(data=request.data))["text"],
            request.user,
            limit=limit_of(request),
            language=get_language() or "en",
        )
        return Response(body_of(found))


def limit_of(request: Request) -> int:
    """`page_size`, 10 when it is not given; raises ValidationError outside 1 to 20."""
    text = request.query_params.get("page_size", "")
    limit = number_in(text, 1, MOST) if text else PAGE_SIZE
    if limit is None:
        raise ValidationError({"page_size": [_("Between 1 and 20 postmortems can be asked for.")]})
    return limit


def body_of(found: tuple[Similar, ...]) -> dict[str, Any]:
    """The list shape of the API; each hit with its reasons. There is only one page."""
    results = [
        hit_body(item.hit) | {"why": [{"kind": why.kind, "text": why.text} for why in item.why]}
        for item in found
    ]
    return {"count": len(results), "next": None, "previous": None, "results": results}
