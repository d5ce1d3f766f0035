"""The code that signing in may take, and the page that turns it on and off."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import second_step, signing_in, single_sign_on
from postmortems.audit import notes
from postmortems.guessing import TooManyGuesses
from postmortems.models import User
from postmortems.web import known_browsers
from postmortems.web.coming_in import HALF_WAY, let_in, note_too_many
from postmortems.web.provider_origin import let_form_go_to_provider
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, render_page

FORM_METHODS = ["GET", "HEAD", "POST"]
KEPT = "second_step_secret"


@never_cache
@require_http_methods(FORM_METHODS)
def code(request: HttpRequest) -> HttpResponse:
    """Ask who has shown their password for a code."""
    user = _half_way(request)
    if user is None:
        return redirect("sign-in")
    if request.method != "POST":
        return _code_page(request)
    browser = known_browsers.known_as(request, user.username)
    try:
        is_right = second_step.is_right(user, request.POST.get("code", ""), browser=browser)
    except TooManyGuesses:
        note_too_many(user.username)
        says = _("That was wrong too often. Wait a quarter of an hour.")
        return _code_page(request, says, status=429)
    if not is_right:
        notes.refused_sign_in(user.username)
        return _code_page(request, _("This code is wrong."))
    return let_in(request, user, way_on=request.session.pop(HALF_WAY)["way_on"])


@login_required
@never_cache
@require_http_methods(FORM_METHODS)
def settings_page(request: AuthenticatedRequest) -> HttpResponse:
    """Turn the second step on: show a secret, take the code that an app makes of it."""
    user = request.user
    # A form sent twice, or from a page of a session that has ended: its secret is gone.
    if request.method != "POST" or KEPT not in request.session:
        return _page(request)
    try:
        typed, session_key = request.POST.get("password", ""), request.session.session_key or ""
        if not signing_in.has_shown_password(user, typed, session_key=session_key):
            raise ValidationError({"password": _("That is not your current password.")})
        codes = second_step.turn_on(user, request.session[KEPT], request.POST.get("code", ""))
    except ValidationError as error:
        return _page(request, errors_of(error))
    except TooManyGuesses:
        says = _("That was wrong too often. Wait a quarter of an hour.")
        return _page(request, {"password": says}, status=429)
    del request.session[KEPT]
    return render_page(request, "settings/recovery.html", {"codes": codes, "tab": "second-step"})


@login_required
@require_POST
def prepare(request: AuthenticatedRequest) -> HttpResponse:
    """Make a secret for the page to show."""
    request.session[KEPT] = second_step.new_secret()
    return redirect("settings-second-step")


@login_required
@require_POST
def turn_off(request: AuthenticatedRequest) -> HttpResponse:
    """Turn the second step off, with one more code."""
    browser = f"session {request.session.session_key}"
    try:
        second_step.turn_off(request.user, request.POST.get("code", ""), browser=browser)
    except ValidationError as error:
        return _page(request, errors_of(error))
    except TooManyGuesses:
        says = _("That was wrong too often. Wait a quarter of an hour.")
        return _page(request, {"code": says}, status=429)
    messages.success(request, _("You sign in without a code now."))
    return redirect("settings-second-step")


def _half_way(request: HttpRequest) -> User | None:
    """Who has shown their password in this session, not too long ago, and it still is theirs."""
    kept = request.session.get(HALF_WAY)
    if not kept or kept["until"] < time.time():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == kept["hash"] else None


def _code_page(request: HttpRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    return render_page(request, "accounts/code.html", {"error": error}, status=status)


def _page(
    request: AuthenticatedRequest, errors: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    kept, is_on = request.session.get(KEPT), second_step.is_on(request.user)
    context: dict[str, Any] = {
        "tab": "second-step",
        "is_on": is_on,
        "is_linked": single_sign_on.is_linked(request.user),
        "errors": errors or {},
    }
    if kept and not is_on:
        secret, address = second_step.shown(request.user, kept)
        # Drawn by a library from an address that we made.
        context |= {"secret": secret, "picture": mark_safe(second_step.picture(address))}
    response = render_page(request, "settings/second_step.html", context, status=status)
    return let_form_go_to_provider(response)
