"""The search page, which is the home page; the modules named `search_*` and `home` prepare its parts."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems import openings
from postmortems.access import Viewer
from postmortems.search import Chip, Results, chips, ranking
from postmortems.search import search as find
from postmortems.search.front_door import MOST_PAGES
from postmortems.search.query import has_text
from postmortems.search.results import Drop
from postmortems.search.saved import default_for
from postmortems.web import home
from postmortems.web.search_carried import (
    carried_of,
    is_asked,
    link_query,
    links_params,
    page_size_of,
    with_size,
    without_empty,
)
from postmortems.web.search_histogram import (
    Bar,
    StartedPanel,
    bars_of,
    side_bars_of,
    started_of,
)
from postmortems.web.search_opened import Fold, Opened
from postmortems.web.search_panels import FacetPanel, panels_of
from postmortems.web.search_rows import HitRow, nearest_rows_of, rows_of
from postmortems.web.shortcuts import page_url, pages_of, render_page

PANELS_SHOWN = 8
# Shown among the first as well, wherever it stands: what is missing is why many people search.
ALSO_SHOWN = ("no",)
TITLE_CHIPS = 3


@dataclass(frozen=True)
class SearchPage:
    """What the templates print beside the results themselves."""

    title: str
    is_asked: bool
    query: str
    hits: list[HitRow]
    nearest: list[HitRow]
    facets: list[FacetPanel]
    started: StartedPanel
    more_facets: list[FacetPanel]
    more_fold: Fold
    bars: list[Bar]
    side_bars: list[Bar]
    drops: list[Drop]
    clear_url: str
    only_filter: Chip | None
    without_filter: int | None
    sorts: list[tuple[str, str, bool]]
    carried: list[tuple[str, str]]
    first: int

    @property
    def has_sides(self) -> bool:
        """Whether anything has no place on the axis."""
        return any(bar.count for bar in self.side_bars)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything on one page: box, facets, results; with nothing asked also what is new."""
    if tidied := without_empty(request.GET):
        return redirect(f"{request.path}{tidied}")
    text = request.GET.get("q", "")
    params = links_params(request.GET)
    results = find(
        text,
        params,
        request.user,
        page=params.get("page", "1"),
        page_size=page_size_of(params),
        language=translation.get_language() or "en",
        explain=params.get("explain") == "1",
    )
    if results.count and not results.hits:
        # Past the end is the end: a result grows shorter while its address is kept.
        last = min(-(-results.count // results.page_size), MOST_PAGES)
        return redirect(f"{request.path}{page_url(params, last)}")
    context: dict[str, object] = {
        "results": results,
        "page": page_of(results, params),
        "pages": pages_of(
            with_size(params, results.page_size),
            page=results.page,
            page_size=results.page_size,
            count=results.count,
        ),
    }
    if not is_asked(params) and results.page == 1 and not results.collection_empty:
        context |= home_of(results, request.user)
    context["news_marks"] = openings.marks_of(_refs(results, context.get("rail")), request.user)
    return render_page(request, "search/page.html", context)


def home_of(results: Results, viewer: Viewer) -> dict[str, object]:
    """What stands beside the results where nothing was asked."""
    return {
        "rail": home.rail_of(results, viewer),
        "default_search": default_for(viewer),
        "until": timezone.now().isoformat(),
    }


def _refs(results: Results, rail: object) -> set[str]:
    """All postmortems that the page shows."""
    nearest = results.nearest.hits if results.nearest else ()
    beside = home.refs_of(rail) if isinstance(rail, home.Rail) else []
    return {*beside, *(hit.ref for hit in (*results.hits, *nearest))}


def page_of(results: Results, params: QueryDict) -> SearchPage:
    """The page's display values for these results."""
    language = translation.get_language() or "en"
    panels = panels_of(results, params, language)
    facets, more = _split(panels)
    return SearchPage(
        title=_title(results),
        is_asked=is_asked(params),
        query=link_query(params),
        hits=rows_of(results, params, language),
        nearest=nearest_rows_of(results, params, language),
        facets=facets,
        started=started_of(results.histogram, params),
        more_facets=more,
        more_fold=Opened.of(params.getlist("open")).more(
            is_chosen=any(panel.selected_count for panel in more)
        ),
        bars=bars_of(results.histogram),
        side_bars=side_bars_of(results.histogram),
        drops=[drop for drop in results.drop_suggestions if drop.count],
        clear_url=_url_of_text(results.text),
        only_filter=_only_filter(results),
        without_filter=next((item.total for item in results.facets if item.selected_count), None),
        sorts=_sorts(results),
        carried=carried_of(results, params, panels),
        first=(results.page - 1) * results.page_size + 1,
    )


def _split(panels: list[FacetPanel]) -> tuple[list[FacetPanel], list[FacetPanel]]:
    """The facets at once on the page, and those that are folded away."""
    first = [
        panel
        for place, panel in enumerate(panels)
        if place < PANELS_SHOWN or panel.slug in ALSO_SHOWN
    ]
    return first, [panel for panel in panels if panel not in first]


def _title(results: Results) -> str:
    """What was asked, so that tabs and the history of the browser tell one search from another."""
    filters = [chips.words_of(chip) for chip in results.chips if not chip.from_query]
    words = [results.text, *filters[:TITLE_CHIPS]]
    return " · ".join(filter(None, words)) or _("Search")


def _sorts(results: Results) -> list[tuple[str, str, bool]]:
    """The orders; the usual one has no value, so that it is another one where words are added."""
    usual = ranking.chosen("", has_text=has_text(results.query))[0].value
    return [("" if name == usual else name, label, is_on) for name, label, is_on in results.sorts]


def _only_filter(results: Results) -> Chip | None:
    """The filter without which the same search finds more, where only one is chosen."""
    filters = [chip for chip in results.chips if not chip.from_query]
    return filters[0] if len(filters) == 1 else None


def _url_of_text(text: str) -> str:
    # Quoted: a query with an & or a # in it must come back whole.
    return f"{reverse('search')}?{urlencode({'q': text})}" if text else reverse("search")
