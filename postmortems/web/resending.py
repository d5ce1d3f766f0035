"""A form whose sender is signed out, or whose token is too old: shown again with what it holds."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from postmortems.web.shortcuts import render_page

View = Callable[..., HttpResponse]

# Forms that people write in for hours.
LONG_FORMS = ("postmortem-new", "postmortem-edit")
CONTROL = ("csrfmiddlewaretoken", "do")


def signed_in_or_kept(view: View) -> View:
    """As `login_required`, but a form that was sent is shown again instead of thrown away."""
    guarded = login_required(view)

    @wraps(view)
    def kept(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return sent_again(request)
        return guarded(request, *args, **kwargs)

    return kept


def is_long_form(request: HttpRequest) -> bool:
    """Whether it is one of the long forms, sent from a page of this site."""
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        return False
    return name in LONG_FORMS and _is_from_here(request)


def sent_again(request: HttpRequest) -> HttpResponse:
    """The form with all that it held, a new token, and a button that sends it."""
    fields = [
        (name, value)
        for name in request.POST
        if name not in CONTROL
        for value in request.POST.getlist(name)
    ]
    context = {
        "fields": fields,
        "act": request.POST.get("do", "save"),
        "is_signed_out": not request.user.is_authenticated,
    }
    return render_page(request, "editor/send_again.html", context, status=403)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a page of this site sent it: what others put into a form must not be one click from
    being saved under somebody's name."""
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    return urlsplit(source).netloc == request.get_host()
