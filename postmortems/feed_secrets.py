"""The verbs of feed keys: make, revoke, note that one was used."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, outbox
from postmortems.models import FeedSecret, User
from postmortems.models.accounts import digest_of
from postmortems.models.saved_search import SHOWN_OF_SECRET, new_feed_secret
from postmortems.search.selection import readable

LONGEST_NAME = 120
MOST_PER_USER = 20
NOTED_EVERY = timedelta(minutes=1)


def create(name: str, *, by: User) -> tuple[FeedSecret, str]:
    """A key for the person's own feeds, with its secret, which is nowhere stored.

    Raises ValidationError keyed by field.
    """
    name = " ".join(readable(name).split())
    if not name:
        raise ValidationError({"name": _("Say which reader the key is for.")})
    if len(name) > LONGEST_NAME:
        message = _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME}
        raise ValidationError({"name": message})
    secret = new_feed_secret()
    with outbox.writing():
        if FeedSecret.objects.usable().filter(user=by).count() >= MOST_PER_USER:
            message = _("You have %(most)d keys already; revoke one first.")
            raise ValidationError({"name": message % {"most": MOST_PER_USER}})
        key = FeedSecret.objects.create(
            user=by, name=name, prefix=secret[:SHOWN_OF_SECRET], digest=digest_of(secret)
        )
        audit.record("create", key, by=by, after={"user": by.username})
    return key, secret


def revoke(key: FeedSecret, *, by: User) -> None:
    """End a key: from now on its feeds answer like addresses that never were.

    Raises PermissionDenied for another person's key, but for administrators.
    """
    if by.pk != key.user_id and not by.is_administrator:
        raise PermissionDenied(_("You may revoke your own keys only."))
    with outbox.writing():
        ended = FeedSecret.objects.filter(pk=key.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )
        if ended:
            audit.record("revoke", key, by=by)


def note_use(key: FeedSecret) -> None:
    """Remember when the key was used, at most once a minute: reading must stay cheap."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at > NOTED_EVERY:
        FeedSecret.objects.filter(pk=key.pk).update(last_used_at=now)
