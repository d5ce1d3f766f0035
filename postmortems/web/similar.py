"""Postmortems like something pasted: the page `/similar/`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from postmortems.search.similar import LONGEST_TEXT, similar_to_text
from postmortems.web.shortcuts import render_page
from postmortems.web.similar_rows import row_of

SHOWN = 10


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
