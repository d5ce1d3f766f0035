"""What is like one postmortem: what stands beside it, and a page of its own with what was dismissed."""

import structlog
from django.db import DatabaseError
from django.db.models import Exists, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from postmortems import content, similar_pairs
from postmortems.access import Viewer
from postmortems.models import Postmortem
from postmortems.search import evidence
from postmortems.search.evidence import Link
from postmortems.search.similar import similar_to
from postmortems.standing import Standing, standing_of
from postmortems.templatetags.title_tags import title_here
from postmortems.web.read_source import Source
from postmortems.web.shortcuts import get_visible, page_of, render_page
from postmortems.web.similar_rows import SimilarPanel, just_said, rows_of, writing_teams

SHOWN_BESIDE = 4
SHOWN = 10
DISMISSED_SHOWN = 20
PAGE = "similar-page"

log = structlog.get_logger(__name__)


def panel_of(source: Source, viewer: Viewer, standing: Standing) -> SimilarPanel:
    """The postmortems most like this one. May fail alone: the page stands without it."""
    postmortem = source.postmortem
    links = [Link(row.ref, row.kind, row.is_inbound) for row in source.relatives]
    try:
        found = similar_to(
            postmortem,
            source.document,
            viewer,
            limit=SHOWN_BESIDE,
            language=translation.get_language() or "en",
            relations=links,
            terms=source.terms,
            without=source.dismissed,
            is_hurried=True,
        )
    except (OSError, ValueError, DatabaseError) as error:
        log.warning("similar postmortems not found out", ref=postmortem.ref, error=str(error))
        return SimilarPanel([], failed=True)
    if found is None:
        return SimilarPanel([], later_url=reverse("postmortem-similar", args=[postmortem.ref]))
    return SimilarPanel(rows_of(found, postmortem, viewer, standing, links))


@require_safe
def similar_beside(request: HttpRequest, ref: str) -> HttpResponse:
    """What is like one postmortem: a page of its own, its inner part, or what stands beside it."""
    postmortem = get_visible(request.user, ref)
    is_fragment = request.headers.get("HX-Request") == "true"
    is_page = not is_fragment or request.headers.get("HX-Target") == PAGE
    standing = standing_of(request.user)
    title, title_language = title_here(postmortem)
    context = {
        "postmortem": postmortem,
        "title": title,
        "title_language": title_language,
        "similar": _asked(request, postmortem, standing, SHOWN if is_page else SHOWN_BESIDE),
        "is_fragment": is_fragment,
    }
    if is_page and request.user.is_authenticated:
        rows = dismissed_shown(postmortem, request.user, standing)
        context["dismissed"], context["pages"] = page_of(request, rows, DISMISSED_SHOWN)
    fragment = "similar/_page.html" if is_page else "read/_similar.html"
    response = render_page(request, "similar/of.html", context, fragment=fragment)
    patch_vary_headers(response, ("HX-Target",))
    return response


def _asked(
    request: HttpRequest, postmortem: Postmortem, standing: Standing, limit: int
) -> SimilarPanel:
    document = content.read(postmortem)
    links = evidence.relations_of(postmortem.ref, document)
    found = similar_to(
        postmortem,
        document,
        request.user,
        limit=limit,
        language=translation.get_language() or "en",
        relations=links,
        without=similar_pairs.dismissed_refs(postmortem, request.user),
    )
    rows = rows_of(found or (), postmortem, request.user, standing, links)
    just = just_said(postmortem, request.user, request.GET.get("just", ""))
    return SimilarPanel(rows, just=just)


def dismissed_shown(
    postmortem: Postmortem, viewer: Viewer, standing: Standing
) -> QuerySet[Postmortem]:
    """What the reader may bring back: what they dismissed, and of what counts for everybody the pairs
    of which they may edit one."""
    rows = similar_pairs.dismissed(postmortem, viewer)
    if not standing.writes_in(postmortem.team_id):
        own = Exists(similar_pairs.of_reader(postmortem, viewer))
        rows = rows.filter(Q(own) | Q(team__in=writing_teams(standing)))
    return rows.order_by("title", "ref")
