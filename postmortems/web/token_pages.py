"""One's own tokens for tools: the list, making one, and the page that asks before one is revoked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from postmortems import accounts
from postmortems.digits import number_in
from postmortems.models import ApiToken
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import errors_of, render_page

FORM_METHODS = ["GET", "HEAD", "POST"]
DAYS = ("30", "90", "365")
START = {"name": "", "scope": "read", "days": "90"}


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def token_list(request: AuthenticatedRequest) -> HttpResponse:
    """One's own tokens; POST makes one and shows its secret."""
    if request.method != "POST":
        return _page(request, START)
    form = {name: request.POST.get(name, "") for name in START}
    days = number_in(form["days"], 1, accounts.LONGEST_DAYS)
    try:
        if not form["name"].strip():
            raise ValidationError({"name": _("Say what the token is for.")})
        if form["days"] and days is None:
            raise ValidationError({"days": _("Choose when the token ends.")})
        _token, secret = accounts.create_token(
            request.user, by=request.user, scope=form["scope"], name=form["name"], days=days
        )
    except ValidationError as error:
        return _page(request, form, errors=errors_of(error))
    # Shown in this very answer and in no other: it is nowhere stored.
    return _page(request, START, secret=secret)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def token_revoke(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Ask whether to revoke a token, and revoke it."""
    mine = ApiToken.objects.filter(user=request.user, revoked_at__isnull=True)
    # A number that no database holds is no token's.
    token = mine.filter(pk=pk).first() if pk < 2**62 else None
    if token is None:
        raise Http404
    if request.method != "POST":
        return render_page(request, "settings/token_revoke.html", {"token": token})
    accounts.revoke_token(token, by=request.user)
    messages.success(request, _("Revoked the token “%(name)s”.") % {"name": token.name})
    return redirect("token-list")


def _page(
    request: AuthenticatedRequest,
    form: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    secret: str = "",
) -> HttpResponse:
    mine = ApiToken.objects.filter(user=request.user, revoked_at__isnull=True)
    context = {
        "tab": "tokens",
        "tokens": mine.order_by("-created_at", "-pk"),
        "scopes": ApiToken.Scope.choices,
        "days": DAYS,
        "form": form,
        "errors": errors or {},
        "secret": secret,
    }
    return render_page(request, "settings/tokens.html", context)
