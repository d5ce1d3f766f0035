"""The bin: the list of what lies there, and the pages that ask before anything is thrown away or removed."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import access
from postmortems import bin as bins
from postmortems.models import Postmortem, User
from postmortems.standing import Standing, standing_of
from postmortems.templatetags.title_tags import title_words
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_by_ref, get_visible, page_of, render_page

PAGE_SIZE = 25


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
    shown, pages = page_of(request, found.select_related("team"), PAGE_SIZE)
    standing = standing_of(request.user)
    context = {"rows": [_row(item, standing) for item in shown], "pages": pages}
    return render_page(request, "bin/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bin_restore(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to take one out of the bin, and take it out."""
    postmortem = _get(request.user, ref)
    bins.check_may_restore(request.user, postmortem)
    if request.method != "POST":
        return render_page(request, "bin/restore.html", {"postmortem": postmortem})
    try:
        restored = bins.restore(postmortem, by=request.user)
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, _("“%(title)s” is back.") % {"title": title_words(restored)})
    return redirect(restored.get_absolute_url())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bin_purge(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to remove one for good, and remove it."""
    postmortem = _get(request.user, ref)
    bins.check_may_purge(request.user, postmortem)
    if request.method != "POST":
        return render_page(request, "bin/purge.html", {"postmortem": postmortem})
    try:
        bins.purge(postmortem, by=request.user)
    except ValidationError as error:
        raise Http404 from error
    messages.success(
        request, _("“%(title)s” is gone for good.") % {"title": title_words(postmortem)}
    )
    return redirect("bin")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to move a postmortem to the bin, and move it."""
    postmortem = get_visible(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    if request.method != "POST":
        return render_page(request, "bin/throw_away.html", {"postmortem": postmortem})
    try:
        thrown = bins.throw_away(postmortem, by=request.user)
    except ValidationError as error:
        raise Http404 from error
    messages.success(request, _("Moved “%(title)s” to the bin.") % {"title": title_words(thrown)})
    # Whoever writes in the team may throw away; only authors and leads see it there.
    return redirect("bin" if bins.may_restore(request.user, thrown) else "search")


def _get(user: User, ref: str) -> Postmortem:
    """What lies in the bin under that ref; Http404 alike for absent, for hidden and for what is not there."""
    return get_by_ref(bins.binned_for(user).select_related("team"), ref)


def _row(postmortem: Postmortem, standing: Standing) -> Row:
    team = postmortem.team_id
    return Row(postmortem, standing.writes_in(team), standing.leads(team))
