"""GET /api/v1/postmortems/REF/similar/ and POST /api/v1/similar/: postmortems like one, or like a text, and why."""

from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from postmortems import content
from postmortems.digits import number_in
from postmortems.models import Postmortem
from postmortems.models.postmortem import is_ref
from postmortems.search.hit_json import hit_body
from postmortems.search.similar import LONGEST_TEXT, Similar, similar_to, similar_to_text

PAGE_SIZE = 10
MOST = 20


class SimilarText(serializers.Serializer[Any]):
    """What is sent."""

    text = serializers.CharField(max_length=LONGEST_TEXT)


class SimilarToPostmortemView(APIView):
    """What is like one postmortem."""

    def get(self, request: Request, ref: str) -> Response:
        """The most alike first; a hidden postmortem is as absent as one that never was."""
        ref = ref.lower()
        visible = Postmortem.objects.visible_to(request.user)
        postmortem = visible.filter(ref=ref).first() if is_ref(ref) else None
        if postmortem is None:
            raise Http404
        found = similar_to(
            postmortem,
            content.read(postmortem),
            request.user,
            limit=limit_of(request),
            language=get_language() or "en",
        )
        return Response(body_of(found or ()))


class SimilarToTextView(APIView):
    """What is like a text. It reads and stores nothing, so visitors may ask too."""

    def post(self, request: Request) -> Response:
        """The most alike first."""
        sent = SimilarText(data=request.data)
        sent.is_valid(raise_exception=True)
        found = similar_to_text(
            sent.validated_data["text"],
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
