"""Saved searches: the list, and the pages that keep, open, change and delete one."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from postmortems import access, saved_searches
from postmortems.following import followed_searches
from postmortems.models import SavedSearch, Team, User
from postmortems.models.saved_search import LONGEST_QUERY
from postmortems.search import Chip, chips
from postmortems.search.saved import canonical, in_order, tidied, words_of
from postmortems.web.addresses import query_of
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import get_by_ref, page_of, render_page
from taxonomy import lookup

PAGE_SIZE = 20
OF_TEAM = "team:"


@dataclass(frozen=True)
class Row:
    """One saved search of the list, with its text, its filters, and what the reader may do."""

    saved: SavedSearch
    text: str
    filters: list[Chip]
    is_own: bool
    may_delete: bool
    # The number of what the reader follows, where it is this search.
    following: int | None = None


@dataclass(frozen=True)
class Draft:
    """What stands in the form; `sharing` is `private`, `site` or `team:SLUG`."""

    name: str = ""
    query: str = ""
    sharing: str = SavedSearch.Shared.PRIVATE
    is_default: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def shared(self) -> str:
        """With whom, as the verbs name it."""
        return SavedSearch.Shared.TEAM if self.team_slug else self.sharing

    @property
    def team_slug(self) -> str:
        """The team's slug where one is chosen."""
        return self.sharing.removeprefix(OF_TEAM) if self.sharing.startswith(OF_TEAM) else ""


@login_required
@require_safe
def saved(request: AuthenticatedRequest) -> HttpResponse:
    """One's own searches, or those that others share."""
    tab = request.GET.get("tab", "")
    found = _of_tab(request.user, tab)
    if found is None:
        return redirect("saved")
    terms, language = lookup.current(), translation.get_language() or "en"
    shown, pages = page_of(request, in_order(found), PAGE_SIZE)
    rows = [_row(item, request.user, words_of(item.query, terms, language)) for item in shown]
    follows = followed_searches(request.user, [row.saved.pk for row in rows])
    context = {
        "tab": tab,
        "rows": [replace(row, following=follows.get(row.saved.pk)) for row in rows],
        "pages": pages,
    }
    return render_page(request, "saved/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_new(request: AuthenticatedRequest) -> HttpResponse:
    """Keep the search whose query string the address carries."""
    if request.method != "POST":
        return _form(request, _named(Draft(query=query_of(request))))
    draft = _draft_in(request.POST)
    try:
        made = saved_searches.create(by=request.user, **_wanted(draft, request.user))
    except ValidationError as error:
        return _form(request, _with_errors(draft, error))
    messages.success(request, _("Saved as “%(name)s”.") % {"name": made.name})
    return redirect("saved")


@login_required
@require_safe
def saved_search(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Lead to the search itself, which runs with the reader's own rights."""
    return HttpResponseRedirect(_get(request.user, ref).search_url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_edit(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Change the name, the search, whom it is shared with, whether it is the default."""
    item = _get(request.user, ref)
    if not saved_searches.may_change(request.user, item):
        raise PermissionDenied(_("Only who saved a search changes it."))
    if request.method != "POST":
        return _form(request, _draft_of(item), item)
    draft = _draft_in(request.POST)
    try:
        wanted = _wanted(draft, request.user, item.team)
        changed = saved_searches.change(item, by=request.user, **wanted)
    except ValidationError as error:
        return _form(request, _with_errors(draft, error), item)
    messages.success(request, _("Changed “%(name)s”.") % {"name": changed.name})
    return redirect("saved")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_delete(request: AuthenticatedRequest, ref: str) -> HttpResponse:
    """Ask whether to delete one, and delete it."""
    item = _get(request.user, ref)
    if not saved_searches.may_delete(request.user, item):
        raise PermissionDenied(_("Only who saved a search deletes it."))
    if request.method != "POST":
        return render_page(request, "saved/delete.html", {"saved": item})
    saved_searches.delete(item, by=request.user)
    messages.success(request, _("Deleted “%(name)s”.") % {"name": item.name})
    return redirect("saved")


def _get(user: User, ref: str) -> SavedSearch:
    """The saved search of that ref, in any letter case; Http404 alike for absent and for hidden."""
    return get_by_ref(in_order(SavedSearch.objects.visible_to(user)), ref)


def _of_tab(user: User, tab: str) -> QuerySet[SavedSearch] | None:
    """What a tab lists; None for a tab that is not there for this reader."""
    if tab == "":
        return SavedSearch.objects.filter(owner=user)
    if tab == "shared":
        return SavedSearch.objects.shared_with(user)
    if tab == "all" and user.is_administrator:
        return SavedSearch.objects.exclude(shared=SavedSearch.Shared.PRIVATE)
    return None


def _row(item: SavedSearch, user: User, words: tuple[str, list[Chip]]) -> Row:
    text, filters = words
    is_own = item.owner_id == user.pk
    return Row(item, text, filters, is_own, saved_searches.may_delete(user, item))


# --- The form -----------------------------------------------------------------------------------


def _form(
    request: AuthenticatedRequest, draft: Draft, item: SavedSearch | None = None
) -> HttpResponse:
    is_readable = not draft.errors.get("query")
    text, filters = _words(draft.query) if is_readable else ("", [])
    context = {
        "draft": draft,
        "saved": item,
        "text": text,
        "filters": filters,
        "sharings": _sharings(request.user, item),
        "longest": LONGEST_QUERY,
    }
    return render_page(request, "saved/form.html", context)


def _sharings(user: User, item: SavedSearch | None) -> list[tuple[str, str]]:
    """What may be chosen, and what is chosen already, even where it may no longer be."""
    choices = [(str(SavedSearch.Shared.PRIVATE), str(SavedSearch.Shared.PRIVATE.label))]
    teams = access.teams_to_write_in(user)
    if item and item.team and item.team not in teams:
        teams.append(item.team)
    for team in teams:
        choices.append((f"{OF_TEAM}{team.slug}", _("Team %(team)s") % {"team": team.name}))
    is_site = item is not None and item.shared == SavedSearch.Shared.SITE
    if is_site or saved_searches.may_share_with_site(user):
        choices.append((str(SavedSearch.Shared.SITE), str(SavedSearch.Shared.SITE.label)))
    return choices


def _wanted(draft: Draft, user: User, present: Team | None = None) -> dict[str, Any]:
    """The form's fields as the verbs take them; raises ValidationError for a team not offered."""
    return {
        "name": draft.name,
        "query": draft.query,
        "shared": draft.shared,
        "team": _team_of(draft, user, present),
        "is_default": draft.is_default,
    }


def _team_of(draft: Draft, user: User, present: Team | None) -> Team | None:
    if not draft.team_slug:
        return None
    offered = [*access.teams_to_write_in(user), *([present] if present else [])]
    found = next((team for team in offered if team.slug == draft.team_slug), None)
    if found is None:
        raise ValidationError({"team": _("Choose the team to share it with.")})
    return found


def _draft_in(sent: QueryDict) -> Draft:
    return Draft(
        name=sent.get("name", ""),
        query=sent.get("query", ""),
        sharing=sent.get("sharing", SavedSearch.Shared.PRIVATE),
        is_default=bool(sent.get("is_default")),
    )


def _draft_of(item: SavedSearch) -> Draft:
    sharing = f"{OF_TEAM}{item.team.slug}" if item.team else item.shared
    return Draft(item.name, item.query, sharing, item.is_default)


def _words(query: str) -> tuple[str, list[Chip]]:
    return words_of(query, lookup.current(), translation.get_language() or "en")


def _named(draft: Draft) -> Draft:
    """A new draft in its one form, under a name made of its words; with what is wrong with it."""
    query = tidied(draft.query)
    try:
        canonical(query)
    except ValidationError as error:
        return _with_errors(replace(draft, query=query), error)
    text, filters = _words(query)
    words = [text, *map(chips.values_of, filters)]
    return Draft(name=", ".join(filter(None, words))[:60].strip(), query=query)


def _with_errors(draft: Draft, error: ValidationError) -> Draft:
    messages_by_field = {name: " ".join(found) for name, found in error.message_dict.items()}
    # One select in the form, two fields in the verbs.
    for name in ("shared", "team"):
        if name in messages_by_field:
            messages_by_field["sharing"] = messages_by_field.pop(name)
    return replace(draft, errors=messages_by_field)
