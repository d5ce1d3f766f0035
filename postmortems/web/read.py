"""The read page of a postmortem and the short address that leads to it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems import openings
from postmortems.access import FINISHED
from postmortems.known_problems import MOST
from postmortems.models import Postmortem
from postmortems.standing import standing_of
from postmortems.web.known_page import occurrence_words
from postmortems.web.read_changes import changes_of
from postmortems.web.read_menu import menu_of
from postmortems.web.read_page import page_of
from postmortems.web.read_source import Source, source_of
from postmortems.web.search_trail import trail_of
from postmortems.web.shortcuts import get_visible, render_page, zone_asked
from postmortems.web.similar_of import panel_of

FROM_LENGTH = 4000
FROM_FIELDS = 100


@dataclass(frozen=True)
class Back:
    """The way back to the search that the reader came from."""

    url: str
    words: str


@require_safe
def read(request: HttpRequest, ref: str, slug: str) -> HttpResponse:
    """The postmortem; an address with another slug leads to the right one."""
    postmortem = get_visible(request.user, ref, openings.with_opening(request.user))
    if (ref, slug) != (postmortem.ref, postmortem.slug):
        return _redirect(request, postmortem)
    language = translation.get_language() or "en"
    standing = standing_of(request.user)
    # One revision alone has nothing to tell; a visitor may not see it.
    with_history = request.user.is_authenticated and postmortem.revision > 1
    source = source_of(postmortem, request.user, language, with_history=with_history)
    page = page_of(source, language, zone=zone_asked(request))
    context = {
        "postmortem": postmortem,
        "page": page,
        "changed": changes_of(source, request.user, standing),
        "menu": menu_of(postmortem, request.user, standing, is_own=source.is_own),
        "back": back_of(request.GET.get("from", "")),
        "trail": trail_of(request.GET.get("from", ""), postmortem.ref, request.user, language),
        "help": source.help if postmortem.status in FINISHED else None,
        "similar": panel_of(source, request.user, standing),
        "known": known_link_of(source),
    }
    if request.method == "GET":
        openings.note_opened(postmortem, request.user)
    return render_page(request, "read/page.html", context)


@require_safe
def read_by_ref(request: HttpRequest, ref: str) -> HttpResponse:
    """The address without a slug leads to the one with it."""
    return _redirect(request, get_visible(request.user, ref))


def known_link_of(source: Source) -> str:
    """The words of the link to the known problem; empty for what occurred once."""
    if source.occurrences < 2:
        return ""
    counted = occurrence_words(source.occurrences, is_cut=source.occurrences > MOST)
    return _("Known problem: %(occurrences)s") % {"occurrences": counted}


def _redirect(request: HttpRequest, postmortem: Postmortem) -> HttpResponseRedirect:
    # Not permanent: a title, and with it the slug, may change again.
    query = request.GET.urlencode()
    return redirect(postmortem.get_absolute_url() + (f"?{query}" if query else ""))


def back_of(came_from: str) -> Back:
    """The search whose query string stands in `from`, taken apart and put together again."""
    try:
        pairs = parse_qsl(came_from[:FROM_LENGTH], max_num_fields=FROM_FIELDS)
    except ValueError:
        pairs = []
    url = reverse("search")
    words = next((value.strip() for key, value in pairs if key == "q" and value.strip()), "")
    if not pairs:
        return Back(url, _("All postmortems"))
    back = f"{url}?{urlencode(pairs)}"
    return Back(
        back, _("Results for “%(words)s”") % {"words": words} if words else _("Back to search")
    )
