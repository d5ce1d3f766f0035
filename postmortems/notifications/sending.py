"""Mail that is due, sent by any number of senders: one takes a person's mailbox, sends, and settles.

A mail is sent at least once: a sender that dies between the server's answer and `_settle` leaves a
claim that runs out, and the mail is sent again under the same Message-ID. While senders live, and
answer within LEASE, it is sent once.
"""

import secrets
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import models, transaction
from django.utils import timezone

from postmortems import outbox
from postmortems.models import Mailbox, Notification, User
from postmortems.notifications import composing

log = structlog.get_logger("postmortems.notifications")

# Longer than one mail can take: the server's answers are waited for 20 seconds each.
LEASE = timedelta(minutes=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# After as long as this a mail is no news any more; the pages still have it.
GIVEN_UP_AFTER = timedelta(days=3)


@dataclass
class Report:
    """What a pass has done; `is_cut_short` when the mail server did not take part."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    is_cut_short: bool = False


@dataclass(frozen=True)
class Claim:
    """A mailbox that this sender alone has in hand, until `held_until`."""

    user: User
    key: str
    began: datetime
    tries: int


class NotDelivered(Exception):
    """The mail was not taken; `is_final`: nor ever will be; `is_general`: nor will any other be now."""

    def __init__(self, said: str, *, is_final: bool = False, is_general: bool = False) -> None:
        self.is_final, self.is_general = is_final, is_general
        super().__init__(said)


def send_due(now: datetime | None = None) -> Report:
    """Send all that is due, a mailbox at a time; ends early when the mail server is away."""
    report = Report()
    while not report.is_cut_short and (claim := take(now or timezone.now())):
        _serve(claim, report)
    return report


def take(now: datetime) -> Claim | None:
    """Claim a mailbox with mail that is due; None when there is none that nobody else has."""
    due = Notification.objects.filter(user=models.OuterRef("pk"), mail_due_at__lte=now)
    free = models.Q(held_until__isnull=True) | models.Q(held_until__lte=now)
    waiting = Mailbox.objects.filter(free, models.Exists(due)).order_by("pk")
    # Asked first without a lock: SQLite would make all writers wait for every look.
    if not waiting.exists():
        return None
    with transaction.atomic():
        # PostgreSQL passes over what another sender is just taking; SQLite has one writer at a time.
        found = waiting.select_for_update(of=("self",), skip_locked=True).first()
        if found is None:
            return None
        key = secrets.token_hex(16)
        # Asked again in the statement that writes: it holds whatever a database's locks are worth.
        own = Mailbox.objects.filter(free, pk=found.pk)
        if not own.update(claim=key, held_until=now + LEASE):
            return None
    return Claim(User.objects.get(pk=found.pk), key, now, found.tries)


def _serve(claim: Claim, report: Report) -> None:
    try:
        rows = _mailable(claim, report)
        if rows and claim.user.email:
            _send(claim.user, rows)
            report.sent += 1
        _settle(claim, rows, timezone.now())
    except NotDelivered as failure:
        report.failed += 1
        report.is_cut_short = failure.is_general
        log.warning("mail not sent", user=claim.user.pk, said=str(failure), tries=claim.tries + 1)
        _put_off(claim, is_final=failure.is_final)
    except Exception:
        # One mail that cannot be made must not keep all others back.
        report.failed += 1
        log.exception("mail not made", user=claim.user.pk, tries=claim.tries + 1)
        _put_off(claim, is_final=False)


def _mailable(claim: Claim, report: Report) -> list[Notification]:
    """What is due and may be told now; what may not is dropped."""
    due = Notification.objects.filter(user=claim.user, mail_due_at__lte=claim.began)
    shown = Notification.objects.shown_to(claim.user).filter(pk__in=due.values("pk"))
    numbers = set(shown.values_list("pk", flat=True))
    if due.exclude(pk__in=numbers).exists():
        with outbox.writing():
            report.dropped += due.exclude(pk__in=numbers).delete()[0]
    rows = Notification.objects.filter(pk__in=numbers).newest_first()
    return list(rows.select_related("postmortem", "actor"))


def _send(user: User, rows: Sequence[Notification]) -> None:
    """Hand the mail to the server; raises NotDelivered."""
    message = composing.compose(user, rows)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        raise NotDelivered(f"refused: {codes}", is_final=min(codes, default=0) >= 500) from error
    except smtplib.SMTPDataError as error:
        raise NotDelivered(f"not taken: {error.smtp_code}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(type(error).__name__, is_general=True) from error


def _settle(claim: Claim, rows: Sequence[Notification], now: datetime) -> None:
    """Nothing more is due of what was told; what was repeated meanwhile stays due."""
    with outbox.writing():
        for row in rows:
            as_told = Notification.objects.filter(pk=row.pk, times=row.times)
            as_told.update(mailed_at=now, mail_due_at=None)
        _held_by(claim).update(claim="", held_until=None, tries=0)


def _put_off(claim: Claim, *, is_final: bool) -> None:
    """Try again later, each time after twice as long; what nobody will ever take is given up."""
    wait = min(FIRST_WAIT * 2 ** min(claim.tries, 10), LONGEST_WAIT)
    too_old = claim.began - GIVEN_UP_AFTER
    with outbox.writing():
        due = Notification.objects.filter(user=claim.user, mail_due_at__lte=claim.began)
        given_up = due if is_final else due.filter(mail_due_at__lt=too_old)
        if count := given_up.update(mail_due_at=None):
            log.error("mail given up", user=claim.user.pk, notifications=count)
        _held_by(claim).update(claim="", held_until=claim.began + wait, tries=claim.tries + 1)


def _held_by(claim: Claim) -> "models.QuerySet[Mailbox]":
    # Another sender may have taken it over after the lease; it is theirs then.
    return Mailbox.objects.filter(pk=claim.user.pk, claim=claim.key)
