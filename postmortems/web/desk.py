"""My desk: what is one's own to do, on one page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from postmortems import desk as desks
from postmortems.due import days_over
from postmortems.models import Action, Draft, Postmortem, User
from postmortems.notifications import mail_times
from postmortems.reviews import queue
from postmortems.templatetags.title_tags import title_here
from postmortems.web.requests import AuthenticatedRequest
from postmortems.web.shortcuts import render_page

SHOWN = 8
SHOWN_OF_PUBLISHED = 5

Item = TypeVar("Item", bound=Model)


@dataclass(frozen=True)
class Row:
    """One line: where it leads, what it is called, and what is said beside it."""

    title: str
    language: str
    url: str
    at: datetime | None = None
    team: str = ""
    status: str = ""
    text: str = ""
    text_language: str = ""
    owner: str = ""
    due: str = ""
    days: int = 0


@dataclass(frozen=True)
class Part:
    """The first rows of a part, how many there are beside them, and where all of them stand."""

    rows: list[Row]
    more: int = 0
    url: str = ""


@login_required
@require_safe
def desk(request: AuthenticatedRequest) -> HttpResponse:
    """Drafts, reviews, changes asked for, actions past their date, what is new, saved searches."""
    user = request.user
    today = timezone.localdate(timezone=mail_times.zone_of(user))
    overdue = _first(desks.overdue_for(user, today))
    context = {
        "waiting": replace(
            _part(queue.waiting_for(user), "updated_at", url_of=queue.url_of),
            url=reverse("reviews"),
        ),
        "changes": _part(desks.changes_asked_of(user), "updated_at", url_of=queue.url_of),
        "unsaved": _unsaved(user),
        "drafts": _part(desks.further_drafts_of(user), "updated_at"),
        "overdue": Part([_action_row(action, today) for action in overdue.items], overdue.more),
        "published": _published(user),
        "searches": desks.searches_of(user)[:SHOWN],
    }
    return render_page(request, "desk/page.html", context)


def _published(user: User) -> Part:
    part = _part(desks.published_for(user), "published_at", SHOWN_OF_PUBLISHED)
    if not part.more:
        return part
    slugs = user.teams.order_by("slug").values_list("slug", flat=True)
    teams = urlencode([("team", slug) for slug in slugs])
    return replace(part, url=f"{reverse('search')}?{teams}")


@dataclass(frozen=True)
class First(Generic[Item]):
    """The first items of a set, and how many more it has."""

    items: list[Item]
    more: int


def _first(found: QuerySet[Item], shown: int = SHOWN) -> First[Item]:
    """In one statement where all are shown, in two where not."""
    items = list(found[: shown + 1])
    if len(items) <= shown:
        return First(items, 0)
    return First(items[:shown], found.count() - shown)


def _part(
    found: QuerySet[Postmortem],
    moment: str,
    shown: int = SHOWN,
    url_of: Callable[[Postmortem], str] = Postmortem.get_absolute_url,
) -> Part:
    first = _first(found, shown)
    rows = [_row(item, url_of(item), getattr(item, moment)) for item in first.items]
    return Part(rows, first.more)


def _row(postmortem: Postmortem, url: str, at: datetime | None) -> Row:
    title, language = title_here(postmortem)
    return Row(title, language, url, at=at, team=postmortem.team.name)


def _unsaved(user: User) -> Part:
    first = _first(desks.unsaved_of(user))
    return Part([_draft_row(draft) for draft in first.items], first.more)


def _draft_row(draft: Draft) -> Row:
    language = draft.typed.get("language", "")
    if draft.postmortem is None:
        url = f"{reverse('postmortem-new')}?draft={draft.key}"
        return Row(str(draft), language, url, at=draft.kept_at, status=_("Not saved yet"))
    url = reverse("postmortem-edit", kwargs={"ref": draft.postmortem.ref}) + "?draft=use"
    return Row(str(draft), language, url, at=draft.kept_at, status=_("Changes not saved"))


def _action_row(action: Action, today: date) -> Row:
    title, language = title_here(action.postmortem)
    return Row(
        title,
        language,
        f"{action.postmortem.get_absolute_url()}#{action.key}",
        text=action.text,
        text_language=action.postmortem.language,
        owner=action.owner,
        due=action.due,
        days=days_over(action, today),
    )
