"""Lessons across all postmortems that the reader sees: by their words and causes, and the same as a file."""

from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from postmortems import lessons
from postmortems.exchange import lesson_csv
from postmortems.lessons import Source
from postmortems.moments import Moment
from postmortems.web.actions import cause_options, team_options
from postmortems.web.addresses import absolute, query_of
from postmortems.web.read_parts import REFERENCE_KINDS
from postmortems.web.shortcuts import as_file, pages_of, render_page

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Quote:
    """A lesson; `marked` is its text around the words that were asked for, if some were."""

    text: str
    marked: SafeString
    url: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Group:
    """A postmortem with the lessons that are meant."""

    title: str
    title_language: str
    language: str
    url: str
    started: Moment
    quotes: list[Quote]


@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    """One page of the postmortems with their lessons."""
    text, params = request.GET.get("q", ""), dict(request.GET.lists())
    language = translation.get_language() or "en"
    page = request.GET.get("page", "1")
    results, sources = lessons.find(
        text, params, request.user, page=page, page_size=PAGE_SIZE, language=language
    )
    context = {
        "text": text,
        "results": results,
        "groups": [_group(source) for source in sources],
        "pages": pages_of(request.GET, page=results.page, page_size=PAGE_SIZE, count=results.count),
        "search_url": _search_url(text, params),
        "causes": cause_options(request.GET.get("cause", "")),
        "teams": team_options(request.user, request.GET.get("team", "")),
        "query": query_of(request),
        "is_narrowed": any(request.GET.get(name) for name in ("q", *lessons.NARROWING)),
    }
    return render_page(request, "lessons/page.html", context)


@require_safe
def lesson_file(request: HttpRequest) -> StreamingHttpResponse:
    """All of the same list as CSV."""
    found = lessons.every(
        request.GET.get("q", ""),
        dict(request.GET.lists()),
        request.user,
        language=translation.get_language() or "en",
    )
    pieces = lesson_csv.pieces(found, partial(absolute, request))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    return as_file(response, "lessons", "csv")


def _search_url(text: str, params: dict[str, list[str]]) -> str:
    """The search that lists what is counted."""
    kept = {name: [v for v in params.get(name, ()) if v] for name in lessons.NARROWING}
    query = urlencode({"q": lessons.query_of(text), **kept}, doseq=True)
    return f"{reverse('search')}?{query}"


def _group(source: Source) -> Group:
    hit = source.hit
    return Group(
        title=hit.title,
        title_language=hit.title_language,
        language=hit.language,
        url=hit.url,
        started=hit.moments["started"],
        quotes=[
            Quote(
                text=lesson.text,
                # The search escapes everything but its own marks.
                marked=mark_safe(lesson.html),
                url=lesson.url,
                kinds=pgettext("between names", ", ").join(
                    str(REFERENCE_KINDS[kind]) for kind in lesson.kinds
                ),
            )
            for lesson in source.lessons
        ],
    )
