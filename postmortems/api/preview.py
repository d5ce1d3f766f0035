"""POST /api/v1/preview/: Markdown as the pages will show it. Nothing is stored."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems import rendering
from postmortems.api.fields import Sent, sent
from postmortems.api.resources import Resource, person
from postmortems.api.schema import problems
from postmortems.document import SECTION_BYTES


class PreviewFields(Sent):
    """What is sent."""

    text = serializers.CharField(
        max_length=SECTION_BYTES,
        allow_blank=True,
        trim_whitespace=False,
        help_text="At most 2 MiB as UTF-8.",
    )

    def validate_text(self, text: str) -> str:
        """The text; raises ValidationError where its bytes are more than its characters may be."""
        if len(text.encode()) > SECTION_BYTES:
            raise serializers.ValidationError(_("A text has at most 2 MiB."))
        return text


class PreviewBody(serializers.Serializer[Any]):
    """What is answered."""

    html = serializers.CharField(help_text="Safe to show: cleaned of all that could run.")


class Previews(Resource):
    """A text laid out."""

    @extend_schema(
        operation_id="preview",
        tags=["postmortems"],
        summary="Lay out a text as pages show it",
        request=PreviewFields,
        responses={200: PreviewBody, **problems(400, 403, 413, 415)},
    )
    def create(self, request: Request) -> Response:
        """A text that takes too long to lay out comes back as it was typed."""
        person(request)
        text = sent(PreviewFields(data=request.data))["text"]
        return Response({"html": rendering.to_html(text)})
