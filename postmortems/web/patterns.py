"""The patterns page, which stands over any search, and its cards as files."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from postmortems.search import search as find
from postmortems.web.addresses import absolute
from postmortems.web.patterns_cards import MAKERS, PICTURED
from postmortems.web.patterns_page import (
    LEAST,
    Question,
    narrowing_of,
    page_of,
    question_of,
    without,
)
from postmortems.web.patterns_svg import drawing
from postmortems.web.patterns_tables import csv_lines
from postmortems.web.search_rows import HitRow, rows_of
from postmortems.web.shortcuts import as_file, render_page


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """What many postmortems have in common; of fewer than five their list."""
    question = question_of(request)
    page = page_of(question)
    context = {
        "page": page,
        "chips": question.chips,
        "carried": carried_of(question),
        "now": timezone.now(),
        "hits": rows(request, question) if page.is_few and page.count else [],
    }
    if page.is_narrowing:
        narrowing = narrowing_of(request, question)
        context |= {"narrowing": narrowing, "results": narrowing.results}
    template = "patterns/few.html" if page.is_few else "patterns/page.html"
    return render_page(request, template, context)


def carried_of(question: Question) -> list[tuple[str, str]]:
    """What the forms of the cards carry along, as name and value."""
    return [
        (name, value)
        for name in without(question.params, "page", "page_size")
        for value in question.params.getlist(name)
        if value
    ]


def rows(request: HttpRequest, question: Question) -> list[HitRow]:
    """The few that there are, as the search page lists them."""
    language = translation.get_language() or "en"
    params = without(question.params, "page", "page_size")
    results = find(params.get("q", ""), params, request.user, page_size=LEAST, language=language)
    return rows_of(results, params, language)


@require_safe
def patterns_csv(request: HttpRequest, card: str) -> HttpResponseBase:
    """One card for spreadsheets."""
    question = question_of(request)
    made = MAKERS[card](question.answers) if card in MAKERS else None
    if made is None or made.table is None:
        raise Http404
    response = StreamingHttpResponse(csv_lines(made.table), content_type="text/csv; charset=utf-8")
    return as_file(response, f"patterns-{card}", "csv")


@require_safe
def patterns_svg(request: HttpRequest, card: str) -> HttpResponseBase:
    """The picture of one card, whole in one file."""
    question = question_of(request)
    made = MAKERS[card](question.answers) if card in PICTURED else None
    if made is None:
        raise Http404
    text = drawing(made, question, partial(absolute, request))
    response = HttpResponse(text, content_type="image/svg+xml")
    return as_file(response, f"patterns-{card}", "svg")
