"""Telling people: verbs call `notify` inside their transaction; what a notification says is made when it is shown."""

from collections.abc import Iterable

from django.utils import timezone

from postmortems import outbox
from postmortems.models import Mailbox, Notification, Postmortem, User
from postmortems.notifications import mail_times

__all__ = ["notify"]


def notify(kind: str, postmortem: Postmortem, *, to: Iterable[int], by: User, **facts: int) -> None:
    """Tell the users `to`, but for the one who acts, of what has just been done to the postmortem.

    `facts` are small numbers, `revision` and `comment`. Whether somebody may see the postmortem is
    not asked here but each time it is shown or mailed. Raises RuntimeError outside of
    `outbox.writing()`, ValueError for a kind that is none.
    """
    outbox.require_writing()
    kind = Notification.Kind(kind)
    told = User.objects.filter(pk__in=set(to) - {by.pk}, is_active=True).select_related("mailbox")
    people = {user.pk: user for user in told.order_by("pk")}
    if not people:
        return
    _make_mailboxes(people.values())
    unread = Notification.objects.unread().filter(kind=kind, postmortem=postmortem, user__in=people)
    repeated = list(unread.order_by("pk"))
    known = {row.user_id for row in repeated}
    fresh = [
        Notification(user=user, kind=kind, postmortem=postmortem, times=0)
        for pk, user in people.items()
        if pk not in known
    ]
    now = timezone.now()
    for row in [*repeated, *fresh]:
        row.times += 1
        row.created_at, row.actor = now, by
        row.revision, row.comment = facts.get("revision"), facts.get("comment")
        # A repeat is news again: its mail is due once more, and not later than it was due before.
        next_due = mail_times.due(people[row.user_id], now)
        row.mail_due_at = max(row.mail_due_at, now) if row.mail_due_at else next_due
    changed = ["times", "created_at", "actor", "revision", "comment", "mail_due_at"]
    Notification.objects.bulk_update(repeated, changed)
    Notification.objects.bulk_create(fresh)


def _make_mailboxes(people: Iterable[User]) -> None:
    """A mailbox for everybody who has none: senders take mailboxes, and no row means no mail."""
    missing = [Mailbox(user=user) for user in people if not hasattr(user, "mailbox")]
    # Another sender of settings may have made one meanwhile; theirs is as good.
    Mailbox.objects.bulk_create(missing, ignore_conflicts=True)
    for mailbox in missing:
        mailbox.user.mailbox = mailbox
