"""What the audit log tells though no verb changed a thing: signing in and out, refusals, an administrator's look.

Each opens its own transaction; the doors call them.
"""

from datetime import timedelta

from django.utils import timezone

from postmortems import audit, outbox
from postmortems.access import Viewer, sees_only_as_administrator
from postmortems.audit import origin
from postmortems.audit.masking import visible
from postmortems.models import AuditEntry, Postmortem, User
from postmortems.models.audit import AuditQuerySet

LONGEST_TYPED = 60
# Looking must stay cheap, and reloading a page is no second look.
NOTED_EVERY = timedelta(minutes=1)
# How much of a token is shown where it is listed; more of a wrong one is nobody's business.
SHOWN_OF_TOKEN = 8

READ = "read-as-administrator"
REFUSED_TOKEN = "refuse-token"
# Written while pages are opened, which changes nothing else.
MARKS = (READ, REFUSED_TOKEN)


def signed_in(user: User) -> None:
    """Somebody has signed in."""
    with outbox.writing():
        audit.record("sign-in", user, by=user)


def signed_out(user: User) -> None:
    """Somebody has signed out."""
    with outbox.writing():
        audit.record("sign-out", user, by=user)


def refused_sign_in(typed: str) -> None:
    """A name and a password that do not match; of the two only the name is told, cut and on one line."""
    name = visible(typed)[:LONGEST_TYPED]
    # Asked for also when there is none, so that both answers take the same time.
    found = User.objects.filter(username__iexact=name).first()
    _append("refuse-sign-in", "user", str(found.pk) if found else "", name)


def refused(user: Viewer, act: str, *, method: str, object_id: str = "") -> None:
    """Somebody who is signed in was refused to change something; visitors are asked to sign in instead."""
    if isinstance(user, User):
        after = {"method": method}
        _append("refuse", "act", visible(object_id)[:200], act, by=user, after=after)


def refused_token(secret: str) -> None:
    """A tool came with a token that is unknown, expired or revoked; once a minute from one address."""
    here = AuditEntry.objects.filter(address=origin.current().address)
    if not _is_noted(REFUSED_TOKEN, here):
        shown = secret[:SHOWN_OF_TOKEN] if secret.startswith("hs_") else ""
        _append(REFUSED_TOKEN, "apitoken", visible(shown), visible(shown))


def read(postmortem: Postmortem, *, by: Viewer) -> None:
    """An administrator opened what only administrators' rights show them; once a minute."""
    if not isinstance(by, User) or not sees_only_as_administrator(by, postmortem):
        return
    same = AuditEntry.objects.about(postmortem.ref).filter(actor=by)
    if not _is_noted(READ, same):
        with outbox.writing():
            audit.record(READ, postmortem, by=by)


def _is_noted(action: str, entries: AuditQuerySet) -> bool:
    since = timezone.now() - NOTED_EVERY
    return entries.filter(action=action, at__gt=since).exists()


def _append(
    action: str,
    kind: str,
    object_id: str,
    name: str,
    *,
    by: User | None = None,
    after: audit.Values = None,
) -> None:
    """A row about what may not be an object at all; without a person it stands by the system user."""
    entry = AuditEntry(action=action, object_kind=kind, object_id=object_id, object_name=name)
    with outbox.writing():
        audit.append([entry], by=by or User.objects.system(), after=after)
