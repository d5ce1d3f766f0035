"""When mail is due: at once, or on somebody's next morning. And whether there is mail at all."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from postmortems.models import Mailbox, User
from postmortems.moments import zone_names

MORNING = time(8)
MONDAY = 0


def is_on() -> bool:
    """Whether this site sends notifications by mail: a mail server is named."""
    return bool(settings.EMAIL_HOST)


def due(user: User, now: datetime) -> datetime | None:
    """When the user is next to be written to, by what they chose; None for not at all."""
    if not (is_on() and user.email):
        return None
    return next_mail(user.mailbox.mail, zone_of(user), now)


def zone_of(user: User) -> ZoneInfo:
    """The user's time zone; UTC where none is set or the name is of no zone any more."""
    return ZoneInfo(zone_names().get(user.time_zone.lower(), "UTC"))


def next_mail(mail: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment that a choice of `Mailbox.Mail` leads to after `now`; None for never."""
    if mail == Mailbox.Mail.AT_ONCE:
        return now
    if mail == Mailbox.Mail.NEVER:
        return None
    day = now.astimezone(zone).date()
    while (morning := _morning(day, zone)) <= now or not _is_mail_day(mail, day.weekday()):
        day += timedelta(days=1)
    return morning


def _morning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def _is_mail_day(mail: str, weekday: int) -> bool:
    return mail == Mailbox.Mail.DAILY or weekday == MONDAY
