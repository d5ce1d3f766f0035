"""Which parameters of a search address go where: into the form's hidden fields, and to other pages."""

from collections.abc import Iterable

from django.http import QueryDict

from postmortems.digits import number_in
from postmortems.search import Results
from postmortems.search.fields import canonical, known_fields
from postmortems.search.front_door import MOST_PAGE_SIZE
from postmortems.search.parser import MAX_LENGTH
from postmortems.web.search_panels import FacetPanel

# What says how this page shows the answer, and no other page.
PAGE_ONLY = ("open", "page", "page_size", "explain", "from")
# These stand in controls of their own, all or none of each.
CONTROLS = ("q", "sort", "page", "year_from", "year_to")
PAGE_SIZE = 20
HOME_SIZE = 10


def link_query(params: QueryDict) -> str:
    """The query string for a page about the same results: what was asked, and its order."""
    return _without(params, PAGE_ONLY)


def links_params(params: QueryDict) -> QueryDict:
    """The parameters for the links of the page: of a text that is too long only what was used, since
    every one of hundreds of links carries it."""
    text = params.get("q", "")
    if len(text) <= MAX_LENGTH:
        return params
    cut = params.copy()
    cut["q"] = text[:MAX_LENGTH]
    return cut


def without_empty(params: QueryDict) -> str:
    """The query string without the fields that a form without script sends empty; nothing where
    there are none."""
    empty = [name for name in CONTROLS if name in params and not any(params.getlist(name))]
    if not empty:
        return ""
    kept = _without(params, ())
    return f"?{kept}" if kept else "?"


def is_asked(params: QueryDict) -> bool:
    """Whether anything narrows the results."""
    return bool(_without(params, (*PAGE_ONLY, "sort")))


def page_size_of(params: QueryDict) -> int:
    """How many results a page of this search holds, as everywhere; at home fewer, beside the cards."""
    if size := number_in(params.get("page_size", ""), 1, MOST_PAGE_SIZE):
        return size
    return PAGE_SIZE if is_asked(params) or "page" in params else HOME_SIZE


def with_size(params: QueryDict, size: int) -> QueryDict:
    """The parameters for other pages of the same list: with their size, where it is not the usual one."""
    if size == PAGE_SIZE:
        return params
    sized = params.copy()
    sized["page_size"] = str(size)
    return sized


def _without(params: QueryDict, names: Iterable[str]) -> str:
    kept = params.copy()
    for name in params:
        if name in names or not any(params.getlist(name)):
            del kept[name]
    return kept.urlencode(safe="/:,")


def carried_of(
    results: Results, params: QueryDict, panels: Iterable[FacetPanel]
) -> list[tuple[str, str]]:
    """Parameters as name and value that no control on the page carries: fields without a facet,
    exclusions of dates, and what the reader opened."""
    in_facets = {panel.slug for panel in panels}
    fields = known_fields(results.terms)
    carried = []
    for name in params:
        field = canonical(name.lower())
        if name in ("open", "page_size"):
            carried += [(name, value) for value in params.getlist(name) if value]
        elif field == "year":
            carried += [("year", value) for value in _excluded(params.getlist(name))]
        elif field in fields and field not in in_facets and name not in CONTROLS:
            carried += [(name, value) for value in params.getlist(name) if value]
    return carried


def _excluded(values: Iterable[str]) -> list[str]:
    return [part for value in values for part in value.split(",") if part.startswith("-")]
