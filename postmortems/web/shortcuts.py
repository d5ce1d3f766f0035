"""The few things every view needs: the postmortem or 404, page or fragment, a safe way back, pages of a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme

from postmortems.access import Viewer
from postmortems.audit import notes
from postmortems.digits import number_in
from postmortems.models import Postmortem, User
from postmortems.models.postmortem import PostmortemQuerySet, by_ref
from postmortems.notifications.mail_times import zone_of
from postmortems.search.front_door import MOST_PAGES

LAST_PAGE = 1_000

Row = TypeVar("Row", bound=Model)
Answer = TypeVar("Answer", bound=HttpResponseBase)


@dataclass(frozen=True)
class Pages:
    """The foot of a long list: what is shown of how many, and the ways on."""

    first: int
    last: int
    count: int
    previous_url: str
    next_url: str


def get_by_ref(rows: QuerySet[Row], ref: str) -> Row:
    """The row of that ref, in any letter case; Http404 alike for absent and for hidden."""
    found = by_ref(rows, ref)
    if found is None:
        raise Http404
    return found


def get_visible(user: Viewer, ref: str, rows: PostmortemQuerySet | None = None) -> Postmortem:
    """The postmortem of that ref, in any letter case; Http404 alike for absent and for hidden.
    `rows` are all of them with something more.

    The audit log says so when an administrator opens what nobody else would show them.
    """
    every = Postmortem.objects.all() if rows is None else rows
    postmortem = get_by_ref(every.visible_to(user).select_related("team"), ref)
    notes.read(postmortem, by=user)
    return postmortem


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; for an htmx request `fragment`, where one is named, from the same context."""
    is_fragment = fragment is not None and request.headers.get("HX-Request") == "true"
    chosen = fragment if fragment and is_fragment else template
    response = render(request, chosen, dict(context or {}), status=status)
    if fragment:
        patch_vary_headers(response, ("HX-Request",))
    return response


def as_file(response: Answer, subject: str, end: str) -> Answer:
    """The answer as a file to keep, called after its subject and the day."""
    name = f"{subject}-{timezone.now():%Y-%m-%d}.{end}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def zone_asked(request: HttpRequest) -> str:
    """The zone that known instants are to be shown in: `tz=utc`, or `tz=mine`; empty for as written."""
    asked = request.GET.get("tz", "")
    if asked == "mine" and isinstance(request.user, User) and request.user.time_zone:
        return str(zone_of(request.user))
    return "UTC" if asked == "utc" else ""


def errors_of(error: ValidationError) -> dict[str, str]:
    """What a verb refused: one text for each field."""
    return {name: " ".join(found) for name, found in error.message_dict.items()}


def safe_next(request: HttpRequest, fallback: str = "search") -> str:
    """Where `next` points, if that is on this site; else the page named `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # Only paths: an absolute address of this host would carry the name that the visitor typed.
    if wanted.startswith("/") and is_of_this_site(request, wanted):
        return wanted
    return reverse(fallback)


def is_of_this_site(request: HttpRequest, url: str) -> bool:
    """Whether following the address stays here, without stepping down from https."""
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=settings.IS_HTTPS
    )


def pages_of(params: QueryDict, *, page: int, page_size: int, count: int) -> Pages:
    """The ways through a list of `count` rows, keeping the rest of the address."""
    last = min(page * page_size, count)
    return Pages(
        first=min((page - 1) * page_size + 1, count),
        last=last,
        count=count,
        previous_url=page_url(params, page - 1) if page > 1 else "",
        next_url=page_url(params, page + 1) if last < count and page < MOST_PAGES else "",
    )


def page_of(
    request: HttpRequest, rows: QuerySet[Row], page_size: int
) -> tuple[QuerySet[Row], Pages]:
    """The rows of the page that the address asks for, and the ways through the list."""
    count = rows.count()
    last = max(1, -(-count // page_size))
    # Past the end is the end: a list grows shorter while its address is kept.
    number = min(number_in(request.GET.get("page", "1"), 1, LAST_PAGE) or 1, last)
    start = (number - 1) * page_size
    pages = pages_of(request.GET, page=number, page_size=page_size, count=count)
    return rows[start : start + page_size], pages


def page_url(params: QueryDict, page: int) -> str:
    """The same address on another page."""
    changed = params.copy()
    changed["page"] = str(page)
    return f"?{changed.urlencode(safe='/:,')}"


def moment_in(text: str) -> datetime | None:
    """The moment that a form carries; None for what is none."""
    try:
        found = parse_datetime(text)
        # At the ends of the calendar a moment of another zone has no day in UTC.
        return found.astimezone(UTC) if found and timezone.is_aware(found) else None
    except (ValueError, OverflowError):
        return None
