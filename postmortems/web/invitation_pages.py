"""Invitations: sent and taken back by administrators and leads, accepted by whom they reach."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import invitations
from postmortems.models import Invitation, Membership, Team, User
from postmortems.notifications import mail_times
from postmortems.web.addresses import absolute
from postmortems.web.coming_in import come_in
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, get_by_ref, page_of, render_page

PAGE_SIZE = 50
FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM_METHODS)
def invite(request: AuthenticatedRequest) -> HttpResponse:
    """Invite somebody; below stand those who have not answered yet."""
    offered = invitations.teams_to_invite_to(request.user)
    if not (offered or request.user.is_administrator):
        raise PermissionDenied(_("Only administrators and the leads of a team invite people."))
    if request.method != "POST":
        return _page(request, offered)
    sent = request.POST
    try:
        invitations.invite(
            sent.get("email", ""),
            by=request.user,
            address=absolute(request, reverse("invitation")),
            team=next((team for team in offered if team.slug == sent.get("team")), None),
            role=sent.get("role", ""),
        )
    except ValidationError as error:
        return _page(request, offered, errors_of(error), **sent.dict())
    if mail_times.is_on():
        says = _("An invitation was sent to %(email)s.")
    else:
        says = _("The invitation for %(email)s is made. Pass its link on by hand.")
    messages.success(request, says % {"email": sent["email"]})
    return redirect("invite")


@login_required
@require_POST
def invitation_revoke(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Take an invitation back."""
    found = get_by_ref(invitations.waiting_for(request.user), ref)
    invitations.revoke(found, by=request.user)
    messages.success(request, _("The invitation was taken back."))
    return redirect("invite")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(FORM_METHODS)
def invitation(request: HttpRequest) -> HttpResponse:
    """Where the letter leads: joins with the account that is signed in, or with a new one."""
    key = request.POST.get("key") or request.GET.get("key", "")
    found = invitations.find(key)
    if request.method != "POST" or found is None:
        return _answer_page(request, found, key)
    user = request.user
    try:
        if isinstance(user, User):
            invitations.accept_as(key, user)
        else:
            user = _make_account(request, key)
    except ValidationError as error:
        return _answer_page(request, found, key, errors_of(error))
    messages.success(request, _("Welcome to Hindsight."))
    way_on = reverse("teams") if found.team else reverse("search")
    return redirect(way_on) if request.user == user else come_in(request, user, way_on=way_on)


def _make_account(request: HttpRequest, key: str) -> User:
    sent = request.POST
    return invitations.accept_with_account(
        key,
        username=sent.get("username", "").replace("\0", "").strip(),
        name=sent.get("name", "").replace("\0", "").strip(),
        password=sent.get("password", ""),
    )


def _page(
    request: AuthenticatedRequest,
    offered: list[Team],
    errors: dict[str, str] | None = None,
    **typed: str,
) -> HttpResponse:
    waiting, pages = page_of(request, invitations.waiting_for(request.user), PAGE_SIZE)
    context: dict[str, Any] = {
        "teams": offered,
        "roles": Membership.Role.choices,
        "form": {"team": request.GET.get("team", ""), **typed},
        "errors": errors or {},
        "waiting": waiting,
        "pages": pages,
        "tab": "invite",
        "has_mail": mail_times.is_on(),
    }
    return render_page(request, "people/invite.html", context)


def _answer_page(
    request: HttpRequest,
    found: Invitation | None,
    key: str,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    context = {"invitation": found, "key": key, "errors": errors or {}, "form": request.POST}
    return render_page(request, "people/invitation.html", context)
