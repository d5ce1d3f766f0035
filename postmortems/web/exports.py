"""The whole result of a search as a file, streamed."""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems.exchange import result_csv, result_json
from postmortems.search import search as find
from postmortems.search.whole import whole_result
from postmortems.web.addresses import absolute, query_of
from postmortems.web.shortcuts import render_page
from taxonomy import lookup

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
# Lines sent at once: one by one each would travel, and be compressed, alone.
LINES = 100


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The file in the format asked for; without one, the page that offers them."""
    wanted = request.GET.get("format", "")
    if wanted not in TYPES:
        return _offer(request, wanted)
    response = StreamingHttpResponse(_pieces(request, wanted), content_type=TYPES[wanted])
    name = f"postmortems-{timezone.now():%Y-%m-%d}.{wanted}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _pieces(request: HttpRequest, wanted: str) -> Iterator[str]:
    """The file; what is in it is decided now, before the first piece is taken."""
    language = translation.get_language() or "en"
    records = whole_result(request.GET.get("q", ""), request.GET, request.user, language=language)
    if wanted == "json":
        return _joined(result_json.pieces(records))
    return _joined(result_csv.lines(records, lookup.current(), partial(absolute, request)))


def _joined(lines: Iterator[str]) -> Iterator[str]:
    while some := list(islice(lines, LINES)):
        yield "".join(some)


def _offer(request: HttpRequest, wanted: str) -> HttpResponseBase:
    language = translation.get_language() or "en"
    results = find(
        request.GET.get("q", ""), request.GET, request.user, page_size=1, language=language
    )
    context = {
        "results": results,
        "query": query_of(request, without=("format",)),
        "notice": _("There is no such format; choose one of these.") if wanted else "",
    }
    return render_page(request, "saved/export.html", context)
