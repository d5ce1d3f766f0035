"""Signing in and out."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import signing_in
from postmortems.audit import notes
from postmortems.guessing import WINDOW_SECONDS, TooManyGuesses
from postmortems.models import User
from postmortems.web import known_browsers
from postmortems.web.coming_in import come_in, note_too_many
from postmortems.web.provider_origin import let_form_go_to_provider
from postmortems.web.shortcuts import render_page, safe_next

DEMO_ACCOUNTS = {
    "alice": gettext_lazy("writes in Platform"),
    "bob": gettext_lazy("reviews in Platform"),
    "charlie": gettext_lazy("writes in another team"),
    "dana": gettext_lazy("administers"),
}


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; one sentence for every failure, so that names cannot be guessed."""
    if request.method == "GET":
        return _sign_in_page(request)
    # No name holds a NUL, and PostgreSQL refuses it with an error instead of finding nobody.
    username = request.POST.get("username", "").replace("\0", "").strip()
    try:
        user = signing_in.by_password(
            username,
            request.POST.get("password", ""),
            browser=known_browsers.known_as(request, username),
            request=request,
        )
    except TooManyGuesses:
        note_too_many(username)
        return _too_many(request, username)
    if user is None:
        notes.refused_sign_in(username)
        return _sign_in_page(request, error=_("Name or password do not match."), username=username)
    return come_in(request, user, way_on=safe_next(request))


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the four demonstration accounts, in mode demo only."""
    username = request.POST.get("username", "")
    if settings.MODE != "demo" or username not in DEMO_ACCOUNTS:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True)
    return come_in(request, user, way_on=safe_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and show what is public."""
    if isinstance(request.user, User):
        notes.signed_out(request.user)
    logout(request)
    return redirect("search")


def _too_many(request: HttpRequest, username: str) -> HttpResponse:
    error = _(
        "Too many wrong passwords for this name. Wait a quarter of an hour, or set a new one."
    )
    response = _sign_in_page(request, error=error, username=username, status=429)
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response


def _sign_in_page(
    request: HttpRequest, *, error: str = "", username: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "error": error,
        "username": username,
        "next": safe_next(request),
        "demo_accounts": DEMO_ACCOUNTS.items() if settings.MODE == "demo" else (),
    }
    response = render_page(request, "accounts/sign_in.html", context, status=status)
    return let_form_go_to_provider(response)
