"""What verbs call when something has happened, inside their transaction; `apps` puts these functions there."""

from collections.abc import Collection
from typing import Any

import structlog

from postmortems.models import Membership, Notification, Postmortem, User
from postmortems.notifications import notify

log = structlog.get_logger("postmortems.notifications")

Kind = Notification.Kind


def on_event(event: Any) -> None:
    """Tell whom an event of a review names.

    It has `kind`, `postmortem`, `by` and `to` (users or their numbers); `revision` and `comment`
    or `comment_id` where there is one.
    """
    if event.kind not in Kind.values:
        # A verb must not fail because nobody wrote words for what it does.
        log.warning("no notification for this", kind=event.kind)
        return
    comment = getattr(event, "comment_id", None) or getattr(event, "comment", None)
    facts = {"revision": getattr(event, "revision", None), "comment": _number(comment)}
    known = {name: value for name, value in facts.items() if value}
    notify(event.kind, event.postmortem, to=_numbers(event.to), by=event.by, **known)


def on_verb(kind: str, postmortem: Postmortem, by: User, to: Collection[User]) -> None:
    """Tell of what the verbs of writing do; where nobody is named, those whom it concerns.

    Once reviews send events of their own, only `shared-with-you` comes this way.
    """
    people = {user.pk for user in to} or _concerned(kind, postmortem)
    notify(kind, postmortem, to=people, by=by, revision=postmortem.revision)


def _concerned(kind: str, postmortem: Postmortem) -> set[int]:
    authors = set(postmortem.authors.values_list("pk", flat=True))
    if kind == Kind.PUBLISHED:
        return authors
    if kind != Kind.REVIEW_ASKED:
        return set()
    reviewing = Membership.roles_from("reviewer")
    reviewers = postmortem.team.memberships.filter(role__in=reviewing)
    return set(reviewers.values_list("user_id", flat=True)) - authors


def _numbers(people: Collection[User | int]) -> list[int]:
    return [number for one in people if (number := _number(one)) is not None]


def _number(one: Any) -> int | None:
    """The number of a row, whether it came as a row or as its number."""
    return getattr(one, "pk", one)
