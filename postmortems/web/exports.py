"""The whole result of a search as a file, streamed."""

from functools import partial
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems import access
from postmortems.exchange.export_files import FORMATS, Asked, pieces
from postmortems.search import search as find
from postmortems.web.addresses import absolute, query_of
from postmortems.web.shortcuts import as_file, render_page


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The file in the format asked for; without one, the page that offers them."""
    wanted = request.GET.get("format", "")
    if wanted not in FORMATS:
        return _offer(request, wanted)
    language = translation.get_language() or "en"
    asked = Asked(request.GET.get("q", ""), request.GET, request.user, language)
    stream = pieces(wanted, asked, partial(absolute, request))
    response = StreamingHttpResponse(stream, content_type=FORMATS[wanted].media_type)
    return as_file(response, "postmortems", FORMATS[wanted].end)


def _offer(request: HttpRequest, wanted: str) -> HttpResponseBase:
    language = translation.get_language() or "en"
    results = find(
        request.GET.get("q", ""), request.GET, request.user, page_size=1, language=language
    )
    context = {
        "results": results,
        "query": query_of(request, without=("format", "files")),
        "fields": parse_qsl(query_of(request, without=("format", "files"))),
        "may_import": access.may_write(request.user),
        "notice": _("There is no such format; choose one of these.") if wanted else "",
    }
    return render_page(request, "saved/export.html", context)
