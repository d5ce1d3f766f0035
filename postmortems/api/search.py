"""GET /api/v1/search/: the search page's query string, answered as JSON."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from postmortems.moments import Moment
from postmortems.search import Facet, FacetValue, Histogram, Hit, Results, search
from postmortems.search.front_door import MOST_PAGE_SIZE

PAGE_SIZE = 20


class SearchView(APIView):
    """Hits, facets and notices for what the caller may see."""

    def get(self, request: Request) -> Response:
        """One page; a bad `page`, `page_size` or `sort` is 400."""
        params = request.query_params
        results = search(
            params.get("q", ""),
            params,
            request.user,
            page=params.get("page", "1"),
            page_size=page_size_of(params.get("page_size", "")),
            language=get_language() or "en",
        )
        refuse_problems(results)
        return Response(body_of(results, request))


def page_size_of(text: str) -> int:
    """The page size asked for, 20 when none is; raises ValidationError outside 1 to 100."""
    if not text:
        return PAGE_SIZE
    is_number = text.isascii() and text.isdecimal() and len(text) <= 3
    if not (is_number and 1 <= int(text) <= MOST_PAGE_SIZE):
        raise ValidationError({"page_size": [_("A page holds 1 to 100 postmortems.")]})
    return int(text)


def refuse_problems(results: Results) -> None:
    """Raise ValidationError for a page or order that does not exist."""
    messages = {
        "page": _("That page does not exist; pages count from 1."),
        "sort": _("That order does not exist. Orders are: %(names)s.")
        % {"names": ", ".join(value for value, _label, _chosen in results.sorts)},
    }
    if results.problems:
        raise ValidationError({name: [messages[name]] for name in results.problems})


def body_of(results: Results, request: Request) -> dict[str, Any]:
    """The list shape of the API."""
    last = results.page * results.page_size
    return {
        "count": results.count,
        "next": _page_url(request, results.page + 1) if last < results.count else None,
        "previous": _page_url(request, results.page - 1) if results.page > 1 else None,
        "results": [hit_body(hit) for hit in results.hits],
        "facets": [*map(facet_body, results.facets), histogram_body(results.histogram)],
        "notices": list(results.notices),
    }


def _page_url(request: Request, page: int) -> str:
    params = request.query_params.copy()
    params["page"] = str(page)
    return request.build_absolute_uri(f"?{params.urlencode(safe='/:,')}")


def hit_body(hit: Hit) -> dict[str, Any]:
    """One hit."""
    snippet = asdict(hit.snippets[0]) if hit.snippets else None
    return {
        "ref": hit.ref,
        "slug": hit.slug,
        "title": hit.title,
        "url": hit.url,
        "status": hit.status,
        "visibility": hit.visibility,
        "terms": hit.terms,
        "moments": {name: moment_body(moment) for name, moment in hit.moments.items()},
        "duration": asdict(hit.duration) if hit.duration else None,
        "snippet": snippet,
    }


def moment_body(moment: Moment) -> dict[str, Any]:
    """A moment's known fields; nothing for an unknown one."""
    return {name: value for name, value in asdict(moment).items() if value not in ("", None, False)}


def facet_body(facet: Facet) -> dict[str, Any]:
    """One facet, its tree flattened with the depth of each value."""
    return {
        "slug": facet.slug,
        "label": facet.label,
        "values": [value_body(value) for value in facet.flat()],
    }


def value_body(value: FacetValue) -> dict[str, Any]:
    """One value; `value` works as `?SLUG=value`."""
    names = ("value", "label", "count", "selected", "toggle_url", "depth")
    return {name: getattr(value, name) for name in names}


def histogram_body(histogram: Histogram) -> dict[str, Any]:
    """The date histogram: `buckets` instead of `values`."""
    buckets = (*histogram.buckets, histogram.bounded, histogram.unknown)
    return {
        "slug": "year",
        "label": _("Started"),
        "granularity": histogram.granularity,
        "buckets": [asdict(bucket) for bucket in buckets],
    }
