"""A person's notifications on pages: what is shown, how many are unread, marking them as read."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from postmortems import outbox
from postmortems.access import Viewer
from postmortems.models import Notification, User
from postmortems.models.notification import NotificationQuerySet

# The bell says "99+" beyond it, and the database stops counting there.
MOST_COUNTED = 100


def shown_to(user: Viewer) -> NotificationQuerySet:
    """The user's notifications about what they may see now, the latest first."""
    found = Notification.objects.shown_to(user).newest_first()
    return found.select_related("postmortem__team", "actor")


def unread_count(user: Viewer) -> int:
    """How many of them are unread, up to MOST_COUNTED; one statement."""
    return Notification.objects.shown_to(user).unread()[:MOST_COUNTED].count()


def mark_read(user: User, numbers: Iterable[int]) -> None:
    """Mark those of the user's notifications as read; others, hidden and absent alike, are passed over.

    It is a mark of the reader's own and no act upon a postmortem: the audit log holds none.
    """
    _mark(user, Notification.objects.shown_to(user).filter(pk__in=list(numbers)))


def mark_all_read(user: User, *, until: datetime) -> None:
    """Mark all that the user was shown at that moment as read; what came later nobody has seen yet."""
    _mark(user, Notification.objects.shown_to(user).filter(created_at__lte=until))


def _mark(user: User, found: NotificationQuerySet) -> None:
    with outbox.writing():
        rows = Notification.objects.unread().filter(user=user, pk__in=found.unread().values("pk"))
        # What was read here needs no mail any more.
        rows.update(read_at=timezone.now(), mail_due_at=None)
