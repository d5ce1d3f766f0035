"""Who sees a review, talks in it, decides and publishes."""

from django.db import models
from django.utils.translation import gettext as _

from postmortems import access
from postmortems.access import Viewer
from postmortems.models import Approval, Postmortem, Revision, User


def may_see(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user sees the review, and may talk in it.

    The authors, who writes in the owning team, the people named to review and administrators do; of
    these, only who sees the postmortem itself.
    """
    if not isinstance(user, User) or not user.is_active:
        return False
    if not Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists():
        return False
    return (
        user.is_administrator
        or is_author(user, postmortem)
        or access.has_role(user, postmortem.team, "author")
        or is_named(user, postmortem)
    )


def may_decide(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user says yes or no to what others wrote: named people, reviewers of the team."""
    return (
        isinstance(user, User)
        and not is_author(user, postmortem)
        and reviews(user, postmortem)
        and Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists()
    )


def reviews(user: User, postmortem: Postmortem) -> bool:
    """Whether the user is a reviewer here, whatever they wrote themselves."""
    return user.is_active and (
        user.is_administrator
        or access.has_role(user, postmortem.team, "reviewer")
        or is_named(user, postmortem)
    )


def is_author(user: User, postmortem: Postmortem) -> bool:
    """Whether the user is on the list of authors."""
    return postmortem.authors.filter(pk=user.pk).exists()


def is_named(user: User, postmortem: Postmortem) -> bool:
    """Whether the user is named to review it."""
    return postmortem.reviewers.filter(user=user).exists()


def has_written_since(user: User, postmortem: Postmortem) -> bool:
    """Whether the user saved a revision after the last one that somebody else approved.

    Nobody has agreed to those words but who wrote them. So whoever changes the text leaves the
    approval to another, also a reviewer who is no author.
    """
    others = postmortem.approvals.filter(decision=Approval.Decision.APPROVE).exclude(reviewer=user)
    agreed = others.aggregate(models.Max("revision"))["revision__max"] or 0
    written = Revision.objects.filter(postmortem=postmortem, author=user, number__gt=agreed)
    return written.exists()


def may_publish(user: Viewer, postmortem: Postmortem, approvals: int) -> bool:
    """Whether the user may publish where so many approvals are needed.

    With none, whoever may change it; with some, only who did not write it. The system user may.
    """
    if not isinstance(user, User):
        return False
    if user.is_system:
        return True
    if not approvals and access.may_edit(user, postmortem):
        return True
    return may_decide(user, postmortem)


def who_may_publish(postmortem: Postmortem) -> str:
    """Said to somebody who may not."""
    message = _("Publishing needs a reviewer of %(team)s who did not write the postmortem.")
    return message % {"team": postmortem.team}
