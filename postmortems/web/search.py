"""The search page, which is the home page; `search_panels`, `search_rows` and `home` prepare its parts."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems.search import Results
from postmortems.search import search as find
from postmortems.web import home
from postmortems.web.search_panels import Bar, FacetPanel, bars_of, panels_of, side_bars_of
from postmortems.web.search_rows import HitRow, rows_of
from postmortems.web.shortcuts import pages_of, render_page

PANELS_SHOWN = 8
PAGE_SIZE = 20
HOME_SIZE = 10


@dataclass(frozen=True)
class SearchPage:
    """What the templates print beside the results themselves."""

    title: str
    is_home: bool
    hits: list[HitRow]
    facets: list[FacetPanel]
    more_facets: list[FacetPanel]
    more_open: bool
    bars: list[Bar]
    side_bars: list[Bar]
    all_years_url: str
    clear_url: str
    excluded: list[tuple[str, str]]
    first: int


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything on one page: box, facets, results; with nothing asked also what is new."""
    is_home = not any(value for key, value in request.GET.items() if key != "open")
    results = find(
        request.GET.get("q", ""),
        request.GET,
        request.user,
        page=request.GET.get("page", "1"),
        page_size=HOME_SIZE if is_home else PAGE_SIZE,
        language=translation.get_language() or "en",
    )
    context = {
        "results": results,
        "page": page_of(results, request.GET, is_home=is_home),
        "pages": pages_of(
            request, page=results.page, page_size=results.page_size, count=results.count
        ),
    }
    if is_home and not results.collection_empty:
        context["rail"] = home.rail_of(results, request.user)
    return render_page(request, "search/page.html", context)


def page_of(results: Results, params: QueryDict, *, is_home: bool) -> SearchPage:
    """The page's display values for these results."""
    language = translation.get_language() or "en"
    panels = panels_of(results, params, language)
    later = panels[PANELS_SHOWN:]
    return SearchPage(
        title=results.text or _("Search"),
        is_home=is_home,
        hits=rows_of(results, params, language),
        facets=panels[:PANELS_SHOWN],
        more_facets=later,
        more_open=any(panel.selected_count for panel in later),
        bars=bars_of(results.histogram),
        side_bars=side_bars_of(results.histogram),
        all_years_url=results.histogram.all_url,
        clear_url=_url_of_text(results.text),
        excluded=excluded_of(results),
        first=(results.page - 1) * results.page_size + 1,
    )


def _url_of_text(text: str) -> str:
    # Quoted: a query with an & or a # in it must come back whole.
    return f"{reverse('search')}?{urlencode({'q': text})}" if text else reverse("search")


def excluded_of(results: Results) -> list[tuple[str, str]]:
    """Exclusions as name and value, for the form: no checkbox carries them."""
    return [
        (facet.slug, f"-{value.value}")
        for facet in results.facets
        for value in facet.values
        if value.excluded
    ]
