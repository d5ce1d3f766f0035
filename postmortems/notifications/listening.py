"""What verbs call when something has happened, inside their transaction; `apps` puts these functions there."""

from collections.abc import Collection

import structlog

from postmortems import access, following
from postmortems.models import Notification, Postmortem, User
from postmortems.notifications import notify
from postmortems.reviews import events
from postmortems.reviews.events import Event
from taxonomy import lookup

log = structlog.get_logger("postmortems.notifications")

Kind = Notification.Kind


def on_event(event: Event) -> None:
    """Tell whom an event of a review names."""
    if event.kind not in Kind.values:
        # A verb must not fail because nobody wrote words for what it does.
        log.warning("no notification for this", kind=event.kind)
        return
    facts = {"revision": event.revision, "comment": event.comment}
    known = {name: value for name, value in facts.items() if value}
    notify(event.kind, event.postmortem, to=event.to, by=event.by, **known)
    if event.kind == events.PUBLISHED:
        _tell_followers(event)


def _tell_followers(event: Event) -> None:
    """Tell who follows a term of what was published and sees it; who is told of it as theirs is told once."""
    followers = following.followers_of(event.postmortem, lookup.current()) - set(event.to)
    to = access.who_see(event.postmortem, followers) if followers else ()
    notify(Kind.FOLLOWED, event.postmortem, to=to, by=event.by)


def on_verb(kind: str, postmortem: Postmortem, by: User, to: Collection[User]) -> None:
    """Tell the people named of what the verbs of writing do."""
    people = {user.pk for user in to}
    notify(kind, postmortem, to=people, by=by, revision=postmortem.revision)
