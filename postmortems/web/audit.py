"""The audit log for administrators: the page, and the same rows as a file."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems.audit.reading import Wanted, entries_of, stream
from postmortems.digits import number_in
from postmortems.exchange import audit_csv
from postmortems.models import AuditEntry, User
from postmortems.models.audit import AuditQuerySet
from postmortems.web.addresses import query_of
from postmortems.web.audit_rows import rows_of
from postmortems.web.audit_words import choices_of_actions, choices_of_kinds
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import as_file, render_page

PAGE_SIZE = 50
LAST_NUMBER = 10**18
# Counting goes no further than this: a page must not read the whole log to say how long it is.
COUNTED = 10_000
FIELDS = ("who", "action", "kind", "object", "token", "request", "since", "until")
CURSORS = ("before", "after")


@dataclass(frozen=True)
class Page:
    """Some entries, newest first, and the addresses of those before and after them."""

    entries: list[AuditEntry]
    newer: str
    older: str


@login_required
@require_safe
def audit_log(request: AuthenticatedRequest) -> HttpResponse:
    """What was done, newest first, narrowed by what the address says."""
    _require_administrator(request.user)
    wanted, problems = wanted_in(request.GET)
    found = AuditEntry.objects.none() if problems else entries_of(wanted)
    page = _page(request, found)
    count = found[: COUNTED + 1].count()
    values = {name: request.GET.get(name, "").strip() for name in FIELDS}
    context = {
        "rows": rows_of(page.entries, request.user),
        "page": page,
        "count": min(count, COUNTED),
        "is_more": count > COUNTED,
        "values": values,
        "narrowed_by": sum(bool(value) for value in values.values()),
        "problems": problems,
        "is_narrowed": wanted != Wanted() or bool(problems),
        "actions": choices_of_actions(wanted.action),
        "kinds": choices_of_kinds(wanted.kind),
        "query": query_of(request, without=CURSORS),
    }
    return render_page(request, "audit/page.html", context)


@login_required
@require_safe
def audit_file(request: AuthenticatedRequest) -> StreamingHttpResponse:
    """The same entries as CSV, however many there are; what cannot be read finds none."""
    _require_administrator(request.user)
    wanted, problems = wanted_in(request.GET)
    pieces = audit_csv.pieces(() if problems else stream(wanted))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    return as_file(response, "audit", "csv")


def wanted_in(params: QueryDict) -> tuple[Wanted, dict[str, str]]:
    """What the address asks for, and by field what cannot be read in it."""
    # No row holds a NUL, and PostgreSQL refuses it with an error instead of finding nothing.
    given = {name: params.get(name, "").replace("\0", "").strip() for name in FIELDS}
    days: dict[str, date | None] = {}
    problems = {}
    for name in ("since", "until"):
        days[name] = _day(given[name])
        if given[name] and days[name] is None:
            problems[name] = _("Write the day as 2026-03-14.")
    wanted = Wanted(
        who=given["who"],
        action=given["action"],
        kind=given["kind"],
        object_id=given["object"],
        token=given["token"],
        request_id=given["request"],
        since=days["since"],
        until=days["until"],
    )
    return wanted, problems


def _require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise PermissionDenied(_("Only administrators read the audit log."))


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # The last day of all has no midnight after it.
    return found if found < date.max else None


def _page(request: HttpRequest, found: AuditQuerySet) -> Page:
    """By the numbers of entries and not of pages: new ones come in at the top all the time."""
    before, after = (number_in(request.GET.get(name, ""), 0, LAST_NUMBER) for name in CURSORS)
    if after is not None:
        shown = list(found.filter(number__gt=after).order_by("number")[:PAGE_SIZE])[::-1]
    else:
        rest = found if before is None else found.filter(number__lt=before)
        shown = list(rest[:PAGE_SIZE])
    if not shown:
        return Page([], "", "")
    newest, oldest = shown[0].number, shown[-1].number
    newer = found.filter(number__gt=newest).exists()
    older = found.filter(number__lt=oldest).exists()
    return Page(
        shown,
        _address(request, "after", newest) if newer else "",
        _address(request, "before", oldest) if older else "",
    )


def _address(request: HttpRequest, cursor: str, number: int) -> str:
    query = query_of(request, without=CURSORS)
    return f"?{query}&{cursor}={number}" if query else f"?{cursor}={number}"
