"""Following: terms and saved searches, the list of them, and what is new in them or anywhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from postmortems import following, openings
from postmortems.digits import number_in
from postmortems.following import News
from postmortems.models import Following, Postmortem, SavedSearch
from postmortems.moments import Moment
from postmortems.search.front_door import MOST_PAGES
from postmortems.templatetags.title_tags import title_here
from postmortems.web.read_terms import term_url
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import (
    errors_of,
    get_by_ref,
    moment_in,
    pages_of,
    render_page,
    safe_next,
)
from taxonomy import lookup
from taxonomy.lookup import Terms
from taxonomy.models import Term

PAGE_SIZE = 20
SHOWN = ("ref", "slug", "title", "language", "translations", "moments")


@dataclass(frozen=True)
class Followed:
    """Something followed: what it is called, where it leads; a term also by its vocabulary."""

    pk: int
    name: str
    url: str
    vocabulary: str
    since: datetime


@dataclass(frozen=True)
class NewsRow:
    """A postmortem that is new, and in what of that which the reader follows."""

    title: str
    language: str
    url: str
    started: Moment
    published_at: datetime
    mark: str
    in_what: list[Followed]


@login_required
@require_safe
def news(request: AuthenticatedRequest) -> HttpResponse:
    """What is new in what one follows, or anywhere."""
    is_all = request.GET.get("tab") == "all"
    terms, user = lookup.current(), request.user
    found = following.news_anywhere(user) if is_all else following.news_of(user, terms)
    number = number_in(request.GET.get("page", "1"), 1, MOST_PAGES) or 1
    number = min(number, max(1, -(-len(found) // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    context = {
        "tab": "all" if is_all else "",
        "rows": rows_of(found[first : first + PAGE_SIZE], terms),
        "pages": pages_of(request.GET, page=number, page_size=PAGE_SIZE, count=len(found)),
        "until": timezone.now().isoformat(),
        "follows": Following.objects.of(request.user).exists(),
        "is_most": len(found) >= following.MOST_NEWS,
    }
    return render_page(request, "following/news.html", context)


@login_required
@require_POST
def mark_read(request: AuthenticatedRequest) -> HttpResponse:
    """Nothing that had happened when the page was made is new any more."""
    if until := moment_in(request.POST.get("until", "")):
        openings.mark_all_read(request.user, until=until)
        messages.success(request, _("Everything is marked as read."))
    return redirect(safe_next(request, "following"))


@login_required
@require_safe
def followed_list(request: AuthenticatedRequest) -> HttpResponse:
    """What one follows, each with a way to stop."""
    found = following.followed(request.user)
    # Asked for once the rows are there: a term added in between would not be in it.
    terms = lookup.current()
    rows = [_followed(item, terms) for item in found]
    context = {"rows": rows, "tab": "following"}
    return render_page(request, "following/settings.html", context)


@login_required
@require_POST
def term_follow(request: AuthenticatedRequest, slug: str, pk: int) -> HttpResponse:
    """Follow a term."""
    term = get_object_or_404(Term.objects.filter(vocabulary__slug=slug), pk=pk)
    made = _begun(request, lambda: following.follow_term(term, by=request.user))
    if made:
        name = _followed(made, lookup.current()).name
        messages.success(request, _("You follow “%(name)s” now.") % {"name": name})
    return redirect(term_url(slug, term.path))


@login_required
@require_POST
def saved_follow(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Follow a saved search: one's own or one that others share."""
    saved = get_by_ref(SavedSearch.objects.visible_to(request.user), ref)
    if _begun(request, lambda: following.follow_search(saved, by=request.user)):
        messages.success(request, _("You follow “%(name)s” now.") % {"name": saved.name})
    return redirect(safe_next(request, "saved"))


@login_required
@require_POST
def following_stop(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Follow it no more."""
    item = get_object_or_404(Following.objects.of(request.user), pk=pk)
    name = _followed(item, lookup.current()).name
    following.stop(item, by=request.user)
    messages.success(request, _("You no longer follow “%(name)s”.") % {"name": name})
    return redirect(safe_next(request, "following-settings"))


def rows_of(news: Sequence[News], terms: Terms) -> list[NewsRow]:
    """The rows of a page of news, in its order."""
    wanted = Postmortem.objects.filter(pk__in=[item.key for item in news]).only(*SHOWN)
    found = {row.pk: row for row in wanted}
    return [_row(item, found[item.key], terms) for item in news if item.key in found]


def _row(item: News, postmortem: Postmortem, terms: Terms) -> NewsRow:
    title, language = title_here(postmortem)
    return NewsRow(
        title=title,
        language=language,
        url=postmortem.get_absolute_url(),
        started=Moment(**postmortem.moments.get("started", {})),
        published_at=item.published_at,
        mark=item.mark,
        in_what=[_followed(what, terms) for what in item.in_what],
    )


def _followed(item: Following, terms: Terms) -> Followed:
    if item.saved_search:
        saved = item.saved_search
        return Followed(item.pk, saved.name, saved.search_url, "", item.since)
    language = translation.get_language() or "en"
    term = terms.heir(terms.by_id[item.term_id or 0])
    vocabulary = terms.vocabulary(term.vocabulary)
    name = vocabulary.name(language) if vocabulary else term.vocabulary
    url = term_url(term.vocabulary, term.path)
    return Followed(item.pk, term.name(language), url, name, item.since)


def _begun(request: HttpRequest, follow: Callable[[], Following]) -> Following | None:
    try:
        return follow()
    except ValidationError as error:
        messages.error(request, " ".join(errors_of(error).values()))
        return None
