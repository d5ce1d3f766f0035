"""The verbs of sessions: note that one is used, end one, end all that signs a person in."""

import re
from contextlib import suppress
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.models import ApiToken, FeedSecret, Session, User

NOTED_EVERY = timedelta(minutes=1)
# The first that fits names the browser: most say of themselves that they are others, too.
BROWSERS = (
    ("Firefox", re.compile(r"Firefox/(\d+)")),
    ("Edge", re.compile(r"Edg\w*/(\d+)")),
    ("Opera", re.compile(r"OPR/(\d+)")),
    ("Chrome", re.compile(r"(?:Chrome|CriOS)/(\d+)")),
    ("Safari", re.compile(r"Version/(\d+).*Safari/")),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> str:
    """What a browser says it is, in a few words: “Firefox 140, Linux”; empty where it says nothing."""
    text = user_agent[:1_000]
    found = ((name, pattern.search(text)) for name, pattern in BROWSERS)
    named = [f"{name} {match[1]}" for name, match in found if match][:1]
    systems = [name for word, name in SYSTEMS if word in text][:1]
    if named or systems:
        return ", ".join(named + systems)
    # A tool's own name, as far as it can be shown.
    return "".join(sign for sign in text if sign.isprintable())[:60].strip()


def note_use(session: Session, *, browser: str, address: str) -> None:
    """Remember when and from where a session was used, at most once a minute: reading stays cheap."""
    now = timezone.now()
    if session.user_id and now - session.last_seen_at > NOTED_EVERY:
        # Where somebody else holds the lock of all writers, readers read on.
        with suppress(OperationalError):
            Session.objects.filter(pk=session.pk).update(
                last_seen_at=now, browser=browser, address=address
            )
        session.last_seen_at, session.browser, session.address = now, browser, address


def end(session: Session, *, by: User) -> None:
    """End one session: its next request is a visitor's. Raises PermissionDenied for another person's."""
    if by.pk != session.user_id:
        raise PermissionDenied(_("You may end your own sessions only."))
    with outbox.writing():
        if Session.objects.filter(pk=session.pk).delete()[0]:
            audit.record("end-session", by, by=by, before={"browser": session.browser})


def end_others(user: User, *, keep: str) -> int:
    """End all sessions of the user but the one with this key; returns how many."""
    with outbox.writing():
        ended = Session.objects.filter(user=user).exclude(session_key=keep).delete()[0]
        if ended:
            audit.record("end-sessions", user, by=user, after={"ended": ended})
    return ended


def end_all_access(user: User, *, keep: str = "") -> None:
    """End what signs in as the user: sessions but that one, tokens, keys of feeds.

    Called inside the transaction of the verb that has the reason, which writes the audit row.
    """
    now = timezone.now()
    Session.objects.filter(user=user).exclude(session_key=keep).delete()
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
    FeedSecret.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
