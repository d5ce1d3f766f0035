"""The feeds of a person: the addresses of one search, and the keys for private ones."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from postmortems import feed_secrets
from postmortems.models import FeedSecret
from postmortems.search.saved import tidied, words_of
from postmortems.web.addresses import absolute, query_of
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page
from taxonomy import lookup


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_feeds(request: AuthenticatedRequest) -> HttpResponse:
    """The feed addresses of the search in the query string, and one's keys; POST makes a key."""
    if request.method != "POST":
        return _page(request, tidied(query_of(request)))
    query, name = tidied(request.POST.get("query", "")), request.POST.get("name", "")
    try:
        _key, secret = feed_secrets.create(name, by=request.user)
    except ValidationError as error:
        return _page(request, query, name=name, error=" ".join(error.messages))
    # Shown in this very answer and in no other: it is nowhere stored.
    return _page(request, query, secret=secret)


@login_required
@require_POST
def saved_feeds_revoke(request: AuthenticatedRequest) -> HttpResponse:
    """End one of one's own keys."""
    prefix = request.POST.get("key", "")
    key = FeedSecret.objects.usable().filter(user=request.user, prefix=prefix).first()
    if key is None:
        raise Http404
    feed_secrets.revoke(key, by=request.user)
    messages.success(request, _("Revoked the key “%(name)s”.") % {"name": key.name})
    return redirect("saved-feeds")


def _page(
    request: AuthenticatedRequest, query: str, *, name: str = "", error: str = "", secret: str = ""
) -> HttpResponse:
    text, filters = words_of(query, lookup.current(), translation.get_language() or "en")
    keys = FeedSecret.objects.usable().filter(user=request.user).order_by("created_at", "pk")
    context = {
        "tab": "feeds",
        "query": query,
        "text": text,
        "filters": filters,
        "public_url": _with_query(absolute(request, reverse("feed-search")), query),
        "private_url": _with_query(absolute(request, _private_path(secret)), query),
        "secret": secret,
        "keys": keys,
        "name": name,
        "error": error,
    }
    return render_page(request, "saved/feeds.html", context)


def _private_path(secret: str) -> str:
    return reverse("feed-private", kwargs={"secret": secret or "KEY"})


def _with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address
