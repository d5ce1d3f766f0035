"""Archive one, bring one back, make a copy: each page asks first and says what will be."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postmortems import access, duplicating, shelving
from postmortems.models import Postmortem, Team
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_visible, render_page

Status = Postmortem.Status
# What the form of the page asks for: two acts under one address, so that each page says which it is.
ACTS = {"archive": shelving.archive, "unarchive": shelving.unarchive}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to archive a published postmortem, or to bring an archived one back, and do it."""
    postmortem = get_visible(request.user, ref)
    access.check_may_edit(request.user, postmortem)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None or postmortem.status not in access.FINISHED:
        status = 200 if request.method != "POST" else 409
        return render_page(request, "bin/archive.html", {"postmortem": postmortem}, status=status)
    try:
        changed = act(postmortem, by=request.user)
    except ValidationError as error:
        # It changed since the page was asked for; what it is now decides what can be offered.
        messages.error(request, " ".join(error.messages))
        context = {"postmortem": get_visible(request.user, ref)}
        return render_page(request, "bin/archive.html", context, status=409)
    is_archived = changed.status == Status.ARCHIVED
    messages.success(
        request, _("Archived.") if is_archived else _("Brought back from the archive.")
    )
    return redirect(changed.get_absolute_url())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask for which team to copy a postmortem, and start the new draft."""
    postmortem = get_visible(request.user, ref)
    teams = access.teams_to_write_in(request.user)
    if not teams:
        raise PermissionDenied(_("A copy needs a team that you write in; ask an administrator."))
    default = duplicating.default_team(postmortem, request.user)
    chosen = _team_of(request, teams)
    if chosen is None:
        context = {"postmortem": postmortem, "teams": teams, "default": default}
        return render_page(request, "bin/duplicate.html", context)
    made = duplicating.duplicate(postmortem, by=request.user, team=chosen)
    messages.success(request, _("Copied as a draft."))
    return redirect(made.get_absolute_url())


def _team_of(request: AuthenticatedRequest, teams: list[Team]) -> Team | None:
    """The team that the form names, among those offered."""
    slug = request.POST.get("team", "")
    return next((team for team in teams if team.slug == slug), None)
