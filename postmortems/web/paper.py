"""One postmortem to hand on: as a page for paper, and as a Markdown file."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems.exchange.exporting import export_for, file_name
from postmortems.models import Postmortem
from postmortems.web.read_page import page_of
from postmortems.web.read_source import source_of
from postmortems.web.shortcuts import get_visible, render_page, zone_asked

Visibility = Postmortem.Visibility


@dataclass(frozen=True)
class Passing:
    """Who may read the sheet: `state` while it is unfinished or archived, `words` always."""

    state: str
    words: str


@require_safe
def print_page(request: HttpRequest, ref: str) -> HttpResponse:
    """The postmortem on white paper; the ways back and to the printer stay on the screen."""
    postmortem = get_visible(request.user, ref)
    language = translation.get_language() or "en"
    source = source_of(postmortem, request.user, language)
    context = {
        "postmortem": postmortem,
        "page": page_of(source, language, zone=zone_asked(request)),
        "passing": passing_of(postmortem),
        "now": timezone.now(),
    }
    return render_page(request, "paper/page.html", context)


@require_safe
def markdown(request: HttpRequest, ref: str) -> HttpResponse:
    """The file in the product's own format, with what the reader sees of it."""
    postmortem = get_visible(request.user, ref)
    text = export_for(postmortem, request.user)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(postmortem)}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def passing_of(postmortem: Postmortem) -> Passing:
    """To whom the sheet may be given, in words."""
    is_finished = postmortem.status in ("published", "archived")
    state = "" if postmortem.status == "published" else postmortem.get_status_display()
    if postmortem.visibility == Visibility.RESTRICTED:
        return Passing(state, _("Restricted: for the people named only. Do not pass on."))
    if not is_finished or postmortem.visibility == Visibility.TEAM:
        words = _("For the team %(team)s: do not pass on.") % {"team": postmortem.team.name}
        return Passing(state, words)
    if postmortem.visibility == Visibility.INTERNAL:
        return Passing(state, _("Internal: do not pass on."))
    return Passing(state, _("Public: everybody may read it."))
