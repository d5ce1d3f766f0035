"""Teams: who is in them and as what; changed by their leads and by administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmortems import accounts, people, teams
from postmortems.models import Membership, Team
from postmortems.notifications import mail_times
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, page_of, render_page

PAGE_SIZE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_safe
def team_list(request: AuthenticatedRequest) -> HttpResponse:
    """The teams one is in; administrators see all."""
    everything = Team.objects.all() if request.user.is_administrator else request.user.teams.all()
    shown, pages = page_of(request, everything.order_by("name", "slug"), PAGE_SIZE)
    return render_page(
        request, "people/teams.html", {"teams": shown, "pages": pages, "tab": "teams"}
    )


@login_required
@require_http_methods(FORM_METHODS)
def team_new(request: AuthenticatedRequest) -> HttpResponse:
    """Make a team."""
    people.check_may_administer(request.user)
    slug, name = request.POST.get("slug", "").strip(), request.POST.get("name", "").strip()
    context = {"slug": slug, "name": name, "errors": {}, "tab": "teams"}
    if request.method == "POST":
        try:
            made = accounts.create_team(slug, name=name, by=request.user)
        except ValidationError as error:
            return render_page(
                request, "people/team_new.html", {**context, "errors": errors_of(error)}
            )
        return redirect("team", slug=made.slug)
    return render_page(request, "people/team_new.html", context)


@login_required
@require_safe
def team(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Who is in the team; its leads find the forms here that change it."""
    return _page(request, _get(request, slug))


@login_required
@require_POST
def team_rename(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Give the team another name."""
    found = _get(request, slug)
    try:
        teams.rename(found, request.POST.get("name", ""), by=request.user)
    except ValidationError as error:
        return _page(request, found, errors_of(error))
    return redirect("team", slug=slug)


@login_required
@require_POST
def team_role(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Take somebody into the team, or give them another role."""
    found = _get(request, slug)
    teams.check_may_lead(request.user, found)
    username, role = request.POST.get("username", "").strip(), request.POST.get("role", "")
    user = people.called(username)
    try:
        if user is None or user.is_system:
            message = _("There is no account “%(name)s”. Invite them by mail.")
            raise ValidationError({"username": message % {"name": username[:60]}})
        if "add" in request.POST and found.members.filter(pk=user.pk).exists():
            message = _("“%(user)s” is already in the team. Their role is changed in the list.")
            raise ValidationError({"username": message % {"user": user}})
        teams.set_role(found, user, role, by=request.user)
    except ValidationError as error:
        return _page(request, found, errors_of(error), username=username)
    messages.success(request, _("The role of %(user)s was set.") % {"user": user})
    return redirect("team", slug=slug)


@login_required
@require_POST
def team_remove(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Take somebody out of the team."""
    found = _get(request, slug)
    username = request.POST.get("username", "").replace("\0", "")
    member = found.members.filter(username=username).first()
    teams.check_may_lead(request.user, found)
    if member is None:
        raise Http404
    teams.remove_member(found, member, by=request.user)
    messages.success(request, _("%(user)s is no longer in the team.") % {"user": member})
    return redirect("team", slug=slug) if teams.may_see(request.user, found) else redirect("teams")


@login_required
@require_http_methods(FORM_METHODS)
def team_leave(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Ask whether to leave the team, and leave it."""
    found = _get(request, slug)
    if not found.members.filter(pk=request.user.pk).exists():
        raise Http404
    if request.method != "POST":
        return render_page(request, "people/leave.html", {"team": found})
    teams.remove_member(found, request.user, by=request.user)
    messages.success(request, _("You have left the team %(team)s.") % {"team": found})
    return redirect("teams")


def _get(request: AuthenticatedRequest, slug: str) -> Team:
    """The team of that slug; Http404 alike for absent and for those who are not in it."""
    found = Team.objects.filter(slug=slug).first()
    if found is None or not teams.may_see(request.user, found):
        raise Http404
    return found


def _page(
    request: AuthenticatedRequest,
    found: Team,
    errors: dict[str, str] | None = None,
    *,
    username: str = "",
) -> HttpResponse:
    members = Membership.objects.filter(team=found).select_related("user")
    shown, pages = page_of(request, members.order_by(Lower("user__username")), PAGE_SIZE)
    context = {
        "team": found,
        "members": shown,
        "pages": pages,
        "may_lead": teams.may_lead(request.user, found),
        "has_mail": mail_times.is_on(),
        "is_member": members.filter(user=request.user).exists(),
        "roles": Membership.Role.choices,
        "errors": errors or {},
        "username": username,
        "tab": "teams",
    }
    return render_page(request, "people/team.html", context)
