"""The actions board: what is open and overdue across all postmortems that the reader sees, and the same as a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems import trackers
from postmortems.access import Viewer
from postmortems.actions import listing
from postmortems.actions.filters import ActionFilters
from postmortems.actions.listing import Actions, Listing
from postmortems.digits import number_in
from postmortems.document import UNDONE
from postmortems.exchange import action_csv
from postmortems.models import Postmortem, Team
from postmortems.web.action_rows import lines_of
from postmortems.web.addresses import absolute, query_of
from postmortems.web.read_parts import ACTION_KINDS, ACTION_STATUSES
from postmortems.web.shortcuts import as_file, pages_of, render_page
from taxonomy import lookup

PAGE_SIZE = 25
# What the head counts keep of what was chosen.
KEPT = ("kind", "cause", "team")
NAMES = tuple(ActionFilters.base_filters)


@dataclass(frozen=True)
class Head:
    """One number above the list, and the list of what it counts."""

    name: str
    count: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Option:
    """One value of a select."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """What an address asks for, less what cannot be read in it; `unread` names that."""

    params: QueryDict
    unread: tuple[str, ...]

    @property
    def narrowed_by(self) -> int:
        """How many of the filters were chosen."""
        return sum(name in self.params for name in NAMES)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was chosen."""
        return self.narrowed_by > 0


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """One page of the actions, with what is chosen and what else there is."""
    asked = asked_for(request.GET)
    seen = listing.seen_by(request.user)
    found = _found(asked, seen)
    last = max(1, -(-found.count // PAGE_SIZE))
    number = min(number_in(request.GET.get("page", "1"), 1, last) or 1, last)
    actions = found.page((number - 1) * PAGE_SIZE, PAGE_SIZE)
    lines = lines_of(actions, request.user, partial(absolute, request))
    context = {
        "lines": lines,
        "found": found,
        "pages": pages_of(request.GET, page=number, page_size=PAGE_SIZE, count=found.count),
        "heads": list(_heads(asked, seen)),
        "asked": asked,
        "query": query_of(request),
        "may_mark": any(line.may_change for line in lines),
        "may_change_trackers": trackers.may_change_trackers(request.user),
        "statuses": [(code, state.words) for code, state in ACTION_STATUSES.items()],
        **_choices(asked, request.user),
    }
    return render_page(request, "actions/page.html", context)


@require_safe
def board_file(request: HttpRequest) -> StreamingHttpResponse:
    """All of the same list as CSV."""
    found = _found(asked_for(request.GET), listing.seen_by(request.user))
    pieces = action_csv.pieces(
        found.all(),
        partial(absolute, request),
        today=timezone.localdate(),
        now=timezone.now(),
    )
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    return as_file(response, "actions", "csv")


def asked_for(params: QueryDict) -> Asked:
    """What can be read of the parameters; without a status, what is still to be done."""
    known = QueryDict(mutable=True)
    for name in NAMES:
        if values := [value for value in params.getlist(name) if value]:
            known.setlist(name, values)
    unread = tuple(ActionFilters(known, queryset=listing.Action.objects.none()).errors)
    for name in unread:
        del known[name]
    return Asked(known, unread)


def narrowed(params: QueryDict, seen: Actions) -> Actions:
    """The actions that such parameters ask for."""
    wanted = params.copy()
    if "status" not in wanted:
        wanted.setlist("status", list(UNDONE))
    rows: Actions = ActionFilters(wanted, queryset=seen).qs
    return rows


def _found(asked: Asked, seen: Actions) -> Listing:
    return listing.listing_of(narrowed(asked.params, seen))


def _heads(asked: Asked, seen: Actions) -> Iterator[Head]:
    """Four counts within the kinds, cause and team that are chosen."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if name in asked.params:
            kept.setlist(name, asked.params.getlist(name))
    shown = (
        (_("Overdue"), "due", "overdue"),
        (_("Due soon"), "due", "soon"),
        (_("Open without a date"), "due", "none"),
        (_("Status unknown"), "status", "unknown"),
    )
    for words, name, value in shown:
        params = kept.copy()
        params[name] = value
        count, is_more = listing.counted(narrowed(params, seen))
        url = f"{reverse('actions')}?{params.urlencode(safe='/')}"
        yield Head(words, f"{count}+" if is_more else str(count), url, params == asked.params)


def _choices(asked: Asked, viewer: Viewer) -> dict[str, list[Option]]:
    """What the selects offer."""
    days = {"overdue": _("past their day"), "soon": _("within two weeks"), "none": _("no date")}
    params = asked.params
    kinds = {code: str(words) for code, words in ACTION_KINDS.items()}
    statuses = {code: str(state.words) for code, state in ACTION_STATUSES.items()}
    return {
        "kinds": _options(kinds, params.get("kind", "")),
        "status_choices": _options(statuses, params.get("status", "")),
        "days": _options(days, params.get("due", "")),
        "causes": cause_options(params.get("cause", "")),
        "teams": team_options(viewer, params.get("team", "")),
    }


def _options(names: dict[str, str], chosen: str) -> list[Option]:
    return [Option(value, label, value == chosen) for value, label in names.items()]


def cause_options(chosen: str) -> list[Option]:
    """All causes, each as far in as it stands below others."""
    terms, language = lookup.current(), translation.get_language() or "en"
    meant = {term.id for term in terms.resolve("cause", chosen)} if chosen else set()
    return [
        Option(term.path, "\u2003" * term.depth + term.name(language), term.id in meant)
        for term in terms.terms_of("cause")
    ]


def team_options(viewer: Viewer, chosen: str) -> list[Option]:
    """The teams of which the viewer sees anything."""
    seen = Postmortem.objects.visible_to(viewer).filter(team=OuterRef("pk"))
    teams = Team.objects.filter(Exists(seen)).order_by("name", "slug")
    return [Option(team.slug, team.name, team.slug == chosen) for team in teams]
