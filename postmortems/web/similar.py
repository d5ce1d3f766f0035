"""Postmortems like another, or like something pasted: the panel of the read page and the page `/similar/`."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import content
from postmortems.models import User
from postmortems.moments import Moment
from postmortems.search.evidence import Link
from postmortems.search.similar import LONGEST_TEXT, Similar, Why, similar_to, similar_to_text
from postmortems.web.read_source import Source
from postmortems.web.shortcuts import get_visible, render_page

SHOWN_BESIDE = 4
SHOWN = 10

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SimilarRow:
    """One postmortem and why it is named."""

    url: str
    title: str
    language: str
    started: Moment
    why: tuple[Why, ...]


@dataclass(frozen=True)
class SimilarPanel:
    """What stands beside a postmortem; `failed` where it could not be worked out, `later_url` where it
    is asked for when the page is there."""

    rows: list[SimilarRow]
    failed: bool = False
    later_url: str = ""


def panel_of(source: Source, viewer: User | AnonymousUser) -> SimilarPanel:
    """The postmortems most like this one. May fail alone: the page stands without it."""
    try:
        found = similar_to(
            source.postmortem,
            source.document,
            viewer,
            limit=SHOWN_BESIDE,
            language=translation.get_language() or "en",
            relations=[
                Link(relative.ref, relative.kind, relative.is_inbound)
                for relative in source.relatives
            ],
            terms=source.terms,
            is_hurried=True,
        )
    except (OSError, ValueError, DatabaseError) as error:
        ref = source.postmortem.ref
        log.warning("similar postmortems not found out", ref=ref, error=str(error))
        return SimilarPanel([], failed=True)
    if found is None:
        return SimilarPanel(
            [], later_url=reverse("postmortem-similar", args=[source.postmortem.ref])
        )
    return SimilarPanel([row_of(item) for item in found])


@require_safe
def similar_beside(request: HttpRequest, ref: str) -> HttpResponse:
    """What is like one postmortem: a page of its own, or what stands beside it."""
    postmortem = get_visible(request.user, ref)
    is_beside = request.headers.get("HX-Request") == "true"
    language = translation.get_language() or "en"
    found = similar_to(
        postmortem,
        content.read(postmortem),
        request.user,
        limit=SHOWN_BESIDE if is_beside else SHOWN,
        language=language,
    )
    rows = [row_of(item) for item in found or ()]
    context = {"postmortem": postmortem, "similar": SimilarPanel(rows), "rows": rows}
    return render_page(request, "similar/of.html", context, fragment="read/_similar.html")


@require_http_methods(["GET", "HEAD", "POST"])
def similar(request: HttpRequest) -> HttpResponse:
    """A box to paste an alert, a log or a chat into, and what is like it. Nothing is stored."""
    text = request.POST.get("text", "").strip()
    context: dict[str, Any] = {
        "text": text[:LONGEST_TEXT],
        "error": _problem(request, text),
        "rows": None,
    }
    if text and not context["error"]:
        language = translation.get_language() or "en"
        found = similar_to_text(text, request.user, limit=SHOWN, language=language)
        context["rows"] = [row_of(item) for item in found]
        context["count"] = ngettext(
            "%(n)s postmortem like this", "%(n)s postmortems like this", len(found)
        ) % {"n": len(found)}
    return render_page(request, "similar/page.html", context)


def _problem(request: HttpRequest, text: str) -> str:
    if request.method == "POST" and not text:
        return _("There is nothing in the box yet.")
    if len(text) > LONGEST_TEXT:
        return _("That is more than 100,000 characters. Paste the part around the first error.")
    return ""


def row_of(item: Similar) -> SimilarRow:
    """One of them as it is printed."""
    hit = item.hit
    return SimilarRow(
        url=hit.url,
        title=hit.title,
        language=hit.title_language,
        started=hit.moments["started"],
        why=item.why,
    )
