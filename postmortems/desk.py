"""What is one's own to do: drafts, reviews, changes asked for, actions past their date. Only what one may see now.

Nothing here is counted or sorted by person: it is each reader's own list.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from postmortems.due import overdue
from postmortems.models import (
    Action,
    Approval,
    Draft,
    Postmortem,
    SavedSearch,
    User,
)
from postmortems.models.postmortem import PostmortemQuerySet

Status = Postmortem.Status


def drafts_of(user: User) -> QuerySet[Postmortem]:
    """The drafts that the user is an author of, last changed first."""
    found = _visible(user).filter(status=Status.DRAFT, pk__in=_written(user))
    return found.order_by("-updated_at", "ref")


def unsaved_of(user: User) -> QuerySet[Draft]:
    """What the user has typed into the editor and not saved, last typed first."""
    seen = Postmortem.objects.visible_to(user)
    kept = Draft.objects.filter(Q(postmortem=None) | Q(postmortem__in=seen), owner=user)
    return kept.select_related("postmortem").order_by("-kept_at", "-pk")


def changes_asked_of(user: User) -> QuerySet[Postmortem]:
    """What the user wrote and a reviewer wants changed: the drafts that came back."""
    return drafts_of(user).filter(_came_back())


def further_drafts_of(user: User) -> QuerySet[Postmortem]:
    """The user's other drafts."""
    return drafts_of(user).exclude(_came_back())


def overdue_for(user: User, today: date) -> QuerySet[Action]:
    """Actions of the user's teams that are past their day, the longest first."""
    seen = _visible(user).filter(team__in=user.memberships.values("team"))
    late = Action.objects.filter(overdue(today), postmortem__in=seen)
    shown = late.exclude(postmortem__status=Status.ARCHIVED)
    return shown.select_related("postmortem").order_by("due", "postmortem__ref", "position")


def published_for(user: User) -> QuerySet[Postmortem]:
    """What the user's teams have published, the latest first."""
    found = _visible(user).published().filter(team__in=user.memberships.values("team"))
    return found.order_by("-published_at", "ref")


def searches_of(user: User) -> QuerySet[SavedSearch]:
    """The user's own saved searches, the default first, then by name."""
    return SavedSearch.objects.filter(owner=user).order_by("-is_default", "name", "ref")


def _visible(user: User) -> PostmortemQuerySet:
    return Postmortem.objects.visible_to(user).select_related("team")


def _written(user: User) -> Any:
    return Postmortem.objects.filter(authors=user).values("pk")


def _came_back() -> Exists:
    changes = Approval.Decision.CHANGES
    return Exists(Approval.objects.filter(postmortem=OuterRef("pk"), decision=changes))
