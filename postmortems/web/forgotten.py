"""A forgotten password: ask for a letter, and set a new one with its key."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from postmortems import passwords
from postmortems.web import known_browsers
from postmortems.web.addresses import absolute
from postmortems.web.shortcuts import errors_of, render_page

FORM_METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(FORM_METHODS)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a letter; the answer is the same whether there is such an account or not."""
    if request.method == "POST":
        address = absolute(request, reverse("new-password"))
        passwords.ask_for_new(request.POST.get("typed", ""), address=address)
    return render_page(request, "accounts/forgotten.html", {"is_sent": request.method == "POST"})


@never_cache
@sensitive_post_parameters("new")
@require_http_methods(FORM_METHODS)
def new_password(request: HttpRequest) -> HttpResponse:
    """Where the letter leads. Opening it changes nothing: mail programs open links by themselves."""
    key = request.POST.get("key") or request.GET.get("key", "")
    if request.method != "POST":
        return _page(request, key)
    try:
        user = passwords.set_with_key(key, request.POST.get("new", ""))
    except ValidationError as error:
        return _page(request, key, errors_of(error))
    messages.success(request, _("Your password was set. Sign in with it."))
    response = redirect("sign-in")
    # Else somebody who guesses at the account would still keep its owner out.
    known_browsers.remember(request, response, user.username)
    return response


def _page(request: HttpRequest, key: str, errors: dict[str, str] | None = None) -> HttpResponse:
    account = passwords.user_of_key(key)
    if account is None:
        errors = {"key": _("This link has been used or is too old. Ask for another.")}
    context = {"key": key, "account": account, "errors": errors or {}}
    return render_page(request, "accounts/new_password.html", context)
