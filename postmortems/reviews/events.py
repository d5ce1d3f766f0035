"""Who must be told of what happened in a review. `apps` puts what sends it into `listeners`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from postmortems import access
from postmortems.models import Membership, Postmortem, User

REVIEW_ASKED = "review-asked"
REVIEWER_NAMED = "reviewer-named"
APPROVED = "approved"
CHANGES_ASKED = "changes-asked"
WITHDRAWN = "withdrawn"
COMMENTED = "commented"
REPLIED = "replied"
PUBLISHED = "published"
KINDS = (
    *(REVIEW_ASKED, REVIEWER_NAMED, APPROVED, CHANGES_ASKED),
    *(WITHDRAWN, COMMENTED, REPLIED, PUBLISHED),
)


@dataclass(frozen=True)
class Event:
    """Something that people are told: `to` are the ids of active users who see the postmortem now.

    It holds no text. Who sends it later asks again who may see it then.
    """

    kind: str
    postmortem: Postmortem
    by: User
    to: tuple[int, ...]
    revision: int
    comment: int | None = None


# Called inside of the transaction of the act, in their order.
listeners: list[Callable[[Event], None]] = []


def tell(
    kind: str, postmortem: Postmortem, *, by: User, to: Iterable[int], comment: int | None = None
) -> None:
    """Call the listeners; `by` is who acted, and is never told of their own act."""
    people = access.who_see(postmortem, set(to) - {by.pk})
    event = Event(kind, postmortem, by, people, postmortem.revision, comment)
    for listener in listeners:
        listener(event)


def authors_of(postmortem: Postmortem) -> set[int]:
    """Who wrote it."""
    return set(postmortem.authors.values_list("pk", flat=True))


def named_of(postmortem: Postmortem) -> set[int]:
    """Who is named to review it."""
    return set(postmortem.reviewers.values_list("user", flat=True))


def asked_of(postmortem: Postmortem) -> set[int]:
    """Who reviews it: the people named, or else all reviewers of the team who did not write it."""
    if named := named_of(postmortem):
        return named
    roles = Membership.roles_from(Membership.Role.REVIEWER)
    team = postmortem.team.memberships.filter(role__in=roles)
    return set(team.values_list("user", flat=True)) - authors_of(postmortem)
