"""What is in review, for whom it waits, and what somebody has there themselves."""

from django.db import models
from django.urls import reverse

from postmortems.models import Approval, Membership, Postmortem, Reviewer, User

Status = Postmortem.Status


def in_review(user: User) -> models.QuerySet[Postmortem]:
    """All that is before its reviewers, of what the user takes part in; what waits longest first."""
    found = Postmortem.objects.visible_to(user).filter(status=Status.IN_REVIEW)
    if not user.is_administrator:
        roles = Membership.roles_from(Membership.Role.AUTHOR)
        writes = user.memberships.filter(role__in=roles).values("team")
        found = found.filter(models.Q(team__in=writes) | _is_author(user) | _is_named(user))
    return _in_order(found)


def waiting_for(user: User) -> models.QuerySet[Postmortem]:
    """What waits for the user's word: as a named reviewer, or of their team where nobody is named.

    It is over once they have decided about the revision that stands there.
    """
    roles = Membership.roles_from(Membership.Role.REVIEWER)
    reviews_in = user.memberships.filter(role__in=roles).values("team")
    nobody = ~models.Exists(Reviewer.objects.filter(postmortem=models.OuterRef("pk")))
    decided = Approval.objects.filter(
        postmortem=models.OuterRef("pk"), reviewer=user, revision=models.OuterRef("revision")
    )
    found = Postmortem.objects.visible_to(user).filter(status=Status.IN_REVIEW)
    found = found.filter(_is_named(user) | (models.Q(team__in=reviews_in) & models.Q(nobody)))
    return _in_order(found.exclude(_is_author(user)).exclude(models.Exists(decided)))


def own(user: User) -> models.QuerySet[Postmortem]:
    """What the user wrote that is in review, or came back from one."""
    unfinished = Postmortem.objects.visible_to(user).filter(_is_author(user))
    came_back = models.Q(status=Status.DRAFT, review__isnull=False)
    return _in_order(unfinished.filter(models.Q(status=Status.IN_REVIEW) | came_back))


def url_of(postmortem: Postmortem) -> str:
    """The address of its review."""
    return reverse("postmortem-review", args=[postmortem.ref])


def _is_author(user: User) -> models.Q:
    authored = Postmortem.authors.through._default_manager.filter(
        postmortem=models.OuterRef("pk"), user=user
    )
    return models.Q(models.Exists(authored))


def _is_named(user: User) -> models.Q:
    named = Reviewer.objects.filter(postmortem=models.OuterRef("pk"), user=user)
    return models.Q(models.Exists(named))


def _in_order(found: models.QuerySet[Postmortem]) -> models.QuerySet[Postmortem]:
    oldest = models.F("review__asked_at").asc(nulls_last=True)
    return found.select_related("team").order_by(oldest, "pk")
