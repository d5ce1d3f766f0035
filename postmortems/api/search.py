"""GET /api/v1/search/ and /api/v1/postmortems/: the search page's query string, answered as JSON."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from postmortems.api.hits import SEARCHED, FoundBody
from postmortems.api.paging import neighbours, page_size_of
from postmortems.api.resources import Resource
from postmortems.search import Facet, FacetValue, Histogram, Hit, Results, search
from postmortems.search.hit_json import hit_body

YES = ("1", "true", "yes")
FACETS = OpenApiParameter("facets", str, description="`1` where facets are to be answered too.")


class Search(Resource):
    """Hits, facets and notices for what the caller may see."""

    @extend_schema(
        operation_id="search_postmortems",
        tags=["search"],
        summary="Search, with facets",
        parameters=SEARCHED,
        responses={200: FoundBody},
    )
    def list(self, request: Request) -> Response:
        """One page; a bad `page`, `page_size` or `sort` is 400."""
        return Response(body_of(asked_for(request), request, has_facets=True))


class PostmortemList(Resource):
    """The same as a plain list: with facets only where `facets=1` asks for them."""

    @extend_schema(
        operation_id="list_postmortems",
        tags=["postmortems"],
        summary="Find postmortems: the query string of the search page",
        parameters=[*SEARCHED, FACETS],
        responses={200: FoundBody},
    )
    def list(self, request: Request) -> Response:
        """One page; a bad `page`, `page_size` or `sort` is 400."""
        has_facets = request.query_params.get("facets", "").lower() in YES
        return Response(body_of(asked_for(request), request, has_facets=has_facets))


def asked_for(request: Request) -> Results:
    """What the request's query string finds."""
    params = request.query_params
    results = search(
        params.get("q", ""),
        params,
        request.user,
        page=params.get("page", "1"),
        page_size=page_size_of(params.get("page_size", "")),
        language=get_language() or "en",
        explain=params.get("explain", "") in YES,
    )
    refuse_problems(results)
    return results


def refuse_problems(results: Results) -> None:
    """Raise ValidationError for a page or order that does not exist."""
    messages = {
        "page": _("That page does not exist; pages count from 1."),
        "sort": _("That order does not exist. Orders are: %(names)s.")
        % {"names": ", ".join(value for value, _label, _chosen in results.sorts)},
    }
    if results.problems:
        raise ValidationError({name: [messages[name]] for name in results.problems})


def body_of(results: Results, request: Request, *, has_facets: bool) -> dict[str, Any]:
    """The list shape of the API."""
    ways = neighbours(request, page=results.page, page_size=results.page_size, count=results.count)
    body = {"count": results.count, **ways, "results": [*map(explained_body, results.hits)]}
    if has_facets:
        body["facets"] = [
            *map(facet_body, results.facets),
            histogram_body(results.histogram),
        ]
    return {**body, "notices": list(results.notices)}


def explained_body(hit: Hit) -> dict[str, Any]:
    """One hit; with what it lacks where words may be missing, and with what its score is made of
    where that was asked for."""
    body = hit_body(hit)
    if hit.lacks:
        body["lacks"] = list(hit.lacks)
    if hit.reasons:
        body["reasons"] = [asdict(reason) for reason in hit.reasons]
    return body


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
