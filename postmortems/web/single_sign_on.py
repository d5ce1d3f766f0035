"""Signing in by the organisation's identity provider: allauth speaks OpenID Connect, we decide."""

from collections.abc import Callable
from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from postmortems import single_sign_on
from postmortems.audit import notes
from postmortems.models import User
from postmortems.single_sign_on import Identity
from postmortems.web.coming_in import come_in
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import is_of_this_site

log = structlog.get_logger("postmortems.single_sign_on")


class Adapter(DefaultSocialAccountAdapter):
    """Takes over as soon as allauth has checked what the provider says."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Sign in, or link: allauth's own pages and accounts are never reached."""
        identity = _identity_in(sociallogin.account)
        is_linking = sociallogin.state.get("process") == "connect"
        try:
            response = (_link if is_linking else _come_in)(request, identity, sociallogin.state)
        except ValidationError as error:
            if not is_linking:
                notes.refused_sign_in(identity.username or identity.email)
            messages.error(request, " ".join(error.messages))
            response = redirect("settings" if is_linking else "sign-in")
        raise ImmediateHttpResponse(response)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **kwargs: Any
    ) -> None:
        """Back to the sign-in page with a sentence; what went wrong stands in the log."""
        exception = kwargs.get("exception")
        log.warning("single sign-on failed", error=str(error), kind=type(exception).__name__)
        messages.error(request, _("Signing in there did not work. Try it again."))
        raise ImmediateHttpResponse(redirect("sign-in"))


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Go to the provider; for who is signed in, to link its identity to the account."""
    wanted = request.POST.copy()
    wanted["process"] = "connect" if request.user.is_authenticated else "login"
    request.POST = wanted  # type: ignore[assignment]
    return _through(oidc.login, request)


@never_cache
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends people back to."""
    if provider_id != settings.OIDC_PROVIDER:
        raise Http404
    return _through(oidc.callback, request)


@login_required
@require_POST
def unlink(request: AuthenticatedRequest) -> HttpResponse:
    """Take the identity away from one's account."""
    try:
        single_sign_on.unlink(request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The identity provider no longer signs you in."))
    return redirect("settings-second-step")


def _through(view: Callable[..., HttpResponse], request: HttpRequest) -> HttpResponse:
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        return view(request, settings.OIDC_PROVIDER)
    except RequestException as error:
        log.error("identity provider cannot be reached", kind=type(error).__name__)
        says = _("The identity provider does not answer. Who has a password here can use it.")
        messages.error(request, says)
        return redirect("sign-in")


def _come_in(request: HttpRequest, identity: Identity, state: dict[str, Any]) -> HttpResponse:
    way_on = str(state.get("next") or "")
    is_here = way_on.startswith("/") and is_of_this_site(request, way_on)
    user = single_sign_on.user_for(identity)
    return come_in(request, user, way_on=way_on if is_here else "/")


def _link(request: HttpRequest, identity: Identity, state: dict[str, Any]) -> HttpResponse:
    if not isinstance(request.user, User):
        raise ValidationError(_("You were signed out meanwhile. Sign in again."))
    single_sign_on.link(identity, request.user)
    messages.success(request, _("The identity provider signs you in from now on."))
    return redirect("settings-second-step")


def _identity_in(account: Any) -> Identity:
    """What the provider said; the user's page outweighs the token, which may be shorter."""
    said = account.extra_data
    claims = {**(said.get("id_token") or {}), **(said.get("userinfo") or {})}
    groups = claims.get(settings.OIDC_GROUPS_CLAIM)
    return Identity(
        provider=settings.OIDC_PROVIDER,
        subject=account.uid,
        username=_text(claims.get("preferred_username")),
        name=_text(claims.get("name")),
        email=_text(claims.get("email")),
        # Some say it in letters; only a plain yes counts.
        is_verified=claims.get("email_verified") in (True, "true"),
        groups=tuple(map(_text, groups)) if isinstance(groups, list) else None,
    )


def _text(value: Any) -> str:
    return (
        "".join(sign for sign in value if sign.isprintable())[:254]
        if isinstance(value, str)
        else ""
    )
