"""The accounts of the site, for administrators: the list, and what they change of one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from postmortems import people, second_step
from postmortems.models import Membership, User
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, page_of, render_page

PAGE_SIZE = 50
STATES = {"active": True, "inactive": False}


@login_required
@require_safe
def people_list(request: AuthenticatedRequest) -> HttpResponse:
    """All accounts, by name; `q` looks for some, `state` is active or inactive."""
    text, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    found = people.find(text, by=request.user)
    if state in STATES:
        found = found.filter(is_active=STATES[state])
    shown, pages = page_of(request, found.prefetch_related("memberships__team"), PAGE_SIZE)
    context = {"people": shown, "pages": pages, "text": text, "state": state, "tab": "people"}
    return render_page(request, "people/list.html", context)


@login_required
@require_safe
def person(request: AuthenticatedRequest, username: str) -> HttpResponse:
    """One account: its teams, its site roles, and what can be done with it."""
    found = _get(request, username)
    context = {
        "person": found,
        "tab": "people",
        "memberships": Membership.objects.filter(user=found).select_related("team"),
        "has_second_step": second_step.is_on(found),
    }
    return render_page(request, "people/person.html", context)


@login_required
@require_POST
def person_roles(request: AuthenticatedRequest, username: str) -> HttpResponse:
    """Give or take the site roles."""
    found = _get(request, username)
    wanted = {name: name in request.POST for name in ("is_curator", "is_administrator")}
    try:
        people.set_site_roles(found, by=request.user, **wanted)
    except ValidationError as error:
        messages.error(request, " ".join(errors_of(error).values()))
    else:
        messages.success(request, _("The roles of %(user)s were changed.") % {"user": found})
    return redirect("person", username=found.username)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_deactivate(request: AuthenticatedRequest, username: str) -> HttpResponse:
    """Ask whether to deactivate an account, and deactivate it."""
    found = _get(request, username)
    if request.method != "POST":
        return render_page(request, "people/deactivate.html", {"person": found})
    try:
        people.deactivate(found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(errors_of(error).values()))
    else:
        messages.success(request, _("%(user)s can no longer sign in.") % {"user": found})
    return redirect("person", username=found.username)


@login_required
@require_POST
def person_reactivate(request: AuthenticatedRequest, username: str) -> HttpResponse:
    """Let an account sign in again."""
    found = _get(request, username)
    people.reactivate(found, by=request.user)
    messages.success(request, _("%(user)s can sign in again.") % {"user": found})
    return redirect("person", username=found.username)


@login_required
@require_POST
def person_second_step(request: AuthenticatedRequest, username: str) -> HttpResponse:
    """Take the second step away from an account whose owner has lost it."""
    found = _get(request, username)
    second_step.take_from(found, by=request.user)
    messages.success(request, _("%(user)s signs in without a code now.") % {"user": found})
    return redirect("person", username=found.username)


def _get(request: AuthenticatedRequest, username: str) -> User:
    # First the right: to others it must not tell which accounts there are.
    everybody = people.find("", by=request.user)
    return get_object_or_404(everybody, username=username.replace("\0", ""))
