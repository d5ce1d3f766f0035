"""The bin: the list of what lies there, and the pages that ask before anything is thrown away or removed."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import bin as bins
from postmortems.digits import number_in
from postmortems.models import Postmortem, User
from postmortems.models.postmortem import is_ref
from postmortems.standing import Standing, standing_of
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, pages_of, render_page

PAGE_SIZE = 25
LAST_PAGE = 1_000


@dataclass(frozen=True)
class Row:
    """One postmortem in the bin, and what the reader may do with it."""

    postmortem: Postmortem
    may_restore: bool
    may_purge: bool


@login_required
@require_safe
def bin_list(request: AuthenticatedRequest) -> HttpResponse:
    """What lies in the bin for this reader, last thrown away first."""
    found = bins.binned_for(request.user)
    count = found.count()
    last = max(1, -(-count // PAGE_SIZE))
    # Past the end is the end: a list grows shorter while its address is kept.
    number = min(number_in(request.GET.get("page", "1"), 1, LAST_PAGE) or 1, last)
    start = (number - 1) * PAGE_SIZE
    standing = standing_of(request.user)
    shown = found.select_related("team")[start : start + PAGE_SIZE]
    context = {
        "rows": [_row(item, standing) for item in shown],
        "pages": pages_of(request.GET, page=number, page_size=PAGE_SIZE, count=count),
    }
    return render_page(request, "bin/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bin_restore(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to take one out of the bin, and take it out."""
    postmortem = _get(request.user, ref)
    if not bins.may_restore(request.user, postmortem):
        raise PermissionDenied(_("Only who writes in its team takes a postmortem out of the bin."))
    if request.method != "POST":
        return render_page(request, "bin/restore.html", {"postmortem": postmortem})
    try:
        restored = bins.restore(postmortem, by=request.user)
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, _("“%(title)s” is back.") % {"title": restored.title})
    return redirect(restored.get_absolute_url())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bin_purge(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to remove one for good, and remove it."""
    postmortem = _get(request.user, ref)
    if not bins.may_purge(request.user, postmortem):
        raise PermissionDenied(
            _("Only the leads of its team and administrators remove it for good.")
        )
    if request.method != "POST":
        return render_page(request, "bin/purge.html", {"postmortem": postmortem})
    try:
        bins.purge(postmortem, by=request.user)
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, _("“%(title)s” is gone for good.") % {"title": postmortem.title})
    return redirect("bin")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to move a postmortem to the bin, and move it."""
    postmortem = get_visible(request.user, ref)
    if not bins.may_throw_away(request.user, postmortem):
        words = _("Only who writes in the team %(team)s may throw this away.")
        raise PermissionDenied(words % {"team": postmortem.team})
    if request.method != "POST":
        return render_page(request, "bin/throw_away.html", {"postmortem": postmortem})
    try:
        thrown = bins.throw_away(postmortem, by=request.user)
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, _("Moved “%(title)s” to the bin.") % {"title": thrown.title})
    # Whoever writes in the team may throw away; only authors and leads see it there.
    return redirect("bin" if bins.may_restore(request.user, thrown) else "search")


def _get(user: User, ref: str) -> Postmortem:
    """What lies in the bin under that ref; Http404 alike for absent, for hidden and for what is not there."""
    if not is_ref(ref.lower()):
        raise Http404
    found = bins.binned_for(user).select_related("team").filter(ref=ref.lower()).first()
    if found is None:
        raise Http404
    return found


def _row(postmortem: Postmortem, standing: Standing) -> Row:
    team = postmortem.team_id
    return Row(postmortem, standing.writes_in(team), standing.leads(team))
