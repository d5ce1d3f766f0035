"""When an action is past its day, or due soon: one rule for rows, for single ones, and for reminders.

Only what somebody said is still to be done can be late: an action of which nobody recorded what
became of it is *unknown*, whatever its day.
"""

from datetime import date, timedelta

from django.db.models import Q

from postmortems import document
from postmortems.document import STILL_OPEN
from postmortems.models import Action

SOON = timedelta(days=14)


def overdue(today: date) -> Q:
    """Those whose day is over and that are still to be done."""
    return Q(status__in=STILL_OPEN, due__lt=str(today)) & ~Q(due="")


def due_soon(today: date) -> Q:
    """Those to be done today or within two weeks."""
    return Q(status__in=STILL_OPEN, due__gte=str(today), due__lte=str(today + SOON))


def is_overdue(action: Action | document.Action, today: date) -> bool:
    """Whether one action is among `overdue`."""
    return "" < action.due < str(today) and action.status in STILL_OPEN


def days_over(action: Action | document.Action, today: date) -> int:
    """How many days an action is past its day; 0 for one that is not overdue."""
    is_late = is_overdue(action, today)
    return (today - date.fromisoformat(action.due)).days if is_late else 0
