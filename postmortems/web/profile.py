"""One's own account: name, time zone, language, mail address, password."""

from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import mail_address, passwords, profiles
from postmortems.guessing import TooManyGuesses
from postmortems.models import Membership
from postmortems.web.addresses import absolute
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, render_page

FORM_METHODS = ["GET", "HEAD", "POST"]
TOO_OFTEN = gettext_lazy("That was wrong too often. Wait a quarter of an hour.")


@login_required
@require_http_methods(FORM_METHODS)
def profile(request: AuthenticatedRequest) -> HttpResponse:
    """Name, time zone and language, the mail address, and the teams one is in."""
    user, sent = request.user, request.POST
    if request.method != "POST":
        return _profile_page(request)
    try:
        # One form, one answer: where a field is wrong nothing of it is stored.
        with transaction.atomic():
            profiles.set_preferences(
                user, time_zone=sent.get("time_zone"), language=sent.get("language")
            )
            profiles.set_name(user, sent.get("name", ""))
    except ValidationError as error:
        return _profile_page(request, errors_of(error), sent.dict())
    messages.success(request, _("Your profile was changed."))
    return redirect("settings")


@login_required
@sensitive_post_parameters("password")
@require_POST
def mail(request: AuthenticatedRequest) -> HttpResponse:
    """Ask for another mail address."""
    email = request.POST.get("email", "")
    try:
        mail_address.ask(
            request.user,
            email,
            password=request.POST.get("password", ""),
            session_key=request.session.session_key or "",
            address=absolute(request, reverse("mail-confirm")),
        )
    except ValidationError as error:
        return _profile_page(request, errors_of(error), {"email": email})
    except TooManyGuesses:
        return _profile_page(request, {"password": str(TOO_OFTEN)}, {"email": email}, status=429)
    messages.success(request, _("A link was sent to %(email)s.") % {"email": email.strip()})
    return redirect("settings")


@login_required
@never_cache
@require_http_methods(FORM_METHODS)
def mail_confirm(request: AuthenticatedRequest) -> HttpResponse:
    """Where the link of that letter leads: asks, and takes the address."""
    key = request.GET.get("key", "")
    if request.method != "POST" and (email := mail_address.wanted_by_key(key, request.user)):
        return render_page(request, "settings/mail.html", {"email": email})
    try:
        # A link that holds was answered above: what is left of opening one cannot be confirmed.
        mail_address.confirm(key, by=request.user)
    except ValidationError as error:
        return _profile_page(request, {"email": errors_of(error)["key"]})
    messages.success(request, _("This mail address is yours from now on."))
    return redirect("settings")


@login_required
@never_cache
@sensitive_post_parameters("old", "new")
@require_http_methods(FORM_METHODS)
def password(request: AuthenticatedRequest) -> HttpResponse:
    """Change one's own password."""
    if request.method != "POST":
        return _password_page(request)
    old, new = request.POST.get("old", ""), request.POST.get("new", "")
    try:
        session_key = request.session.session_key or ""
        user = passwords.change(request.user, old, new, session_key=session_key)
    except ValidationError as error:
        return _password_page(request, errors_of(error))
    except TooManyGuesses:
        return _password_page(request, {"old": str(TOO_OFTEN)}, status=429)
    # Gives this session a new key, and keeps it signed in.
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password was changed. Everything else was signed out."))
    return redirect("settings-password")


def _profile_page(
    request: AuthenticatedRequest,
    errors: dict[str, str] | None = None,
    typed: Mapping[str, str] = MappingProxyType({}),
    *,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    stored = {"name": user.name, "time_zone": user.time_zone, "email": user.email}
    context = {
        "tab": "profile",
        "form": {**stored, **typed},
        "errors": errors or {},
        "zones": sorted(available_timezones()),
        "memberships": Membership.objects.filter(user=user).select_related("team"),
    }
    return render_page(request, "settings/profile.html", context, status=status)


def _password_page(
    request: AuthenticatedRequest, errors: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"tab": "password", "errors": errors or {}}
    return render_page(request, "settings/password.html", context, status=status)
