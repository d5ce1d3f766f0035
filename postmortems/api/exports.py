"""/api/v1/exports/: all that a search finds, as one stream that can be imported again."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from postmortems.api import document_schema
from postmortems.api.attachments import Whatever
from postmortems.api.resources import Resource
from postmortems.api.schema import problems, reference
from postmortems.api.search import refuse_problems
from postmortems.api.switches import switch, switch_of
from postmortems.exchange.export_files import FORMATS, Asked, pieces
from postmortems.search import search

USUAL = "ndjson"


class Exports(Resource):
    """One stream for each question."""

    content_negotiation_class = Whatever

    @extend_schema(
        operation_id="read_export",
        summary="All that a search finds, as the caller may see it, however much it is.",
        description=(
            "Takes the query string of the search page. `ndjson`, `json` and `markdown` (an archive) "
            "can be imported again; `csv` is for spreadsheets. The bytes of attached files are in an "
            "archive unless `files=0`, and as base64 in JSON with `files=1`. Relations to what the caller may not "
            "see are left out; authors and named people stand in it for those who write in the team."
        ),
        tags=["exports"],
        parameters=[
            OpenApiParameter("format", str, enum=[*FORMATS], default=USUAL),
            switch("files", "Whether attached files come along."),
            OpenApiParameter("q", str, description="What to search for, in the search language."),
        ],
        responses={
            (200, "application/x-ndjson"): OpenApiTypes.STR,
            (200, "application/json"): {
                "type": "array",
                "items": reference(document_schema.RECORD),
            },
            (200, "application/zip"): OpenApiTypes.BINARY,
            (200, "text/csv"): OpenApiTypes.STR,
            **problems(400),
        },
    )
    def list(self, request: Request) -> StreamingHttpResponse:
        """Which postmortems it holds is decided now; each is looked at again when it is written."""
        params = request.query_params
        wanted = params.get("format", USUAL)
        if wanted not in FORMATS:
            message = _("There is no such format. Formats are: %(names)s.")
            raise ValidationError({"format": [message % {"names": ", ".join(FORMATS)}]})
        # What is asked reads it itself; here it is refused when it says neither.
        switch_of(request, "files")
        text, language = params.get("q", ""), get_language() or "en"
        refuse_problems(search(text, params, request.user, page_size=1, language=language))
        asked = Asked(text, params, request.user, language)
        stream = pieces(wanted, asked, partial(_absolute, request._request))
        chosen = FORMATS[wanted]
        response = StreamingHttpResponse(stream, content_type=chosen.media_type)
        name = f"postmortems-{timezone.now():%Y-%m-%d}.{chosen.end}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _absolute(request: HttpRequest, path: str) -> str:
    return f"{settings.BASE_URL}{path}" if settings.BASE_URL else request.build_absolute_uri(path)
