"""A review: who asked for it, who is to review, what they decided and said; and the rules for publishing."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postmortems.models.accounts import User
from postmortems.models.postmortem import Postmortem

MOST_APPROVALS = 5


class Review(models.Model):
    """How far the review of a postmortem is: asked for by whom at which revision, and how it ended."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        CHANGES = "changes", _("Changes asked for")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        PUBLISHED = "published", _("Published")

    postmortem = models.OneToOneField(Postmortem, on_delete=models.CASCADE, related_name="review")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews_asked")
    asked_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField()
    # Who brought it to its state, and when.
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="review_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "changes", "withdrawn", "published"]),
                name="review_state_known",
            )
        ]

    def __str__(self) -> str:
        return f"review of {self.postmortem_id}: {self.state}"


class Reviewer(models.Model):
    """A person who is named to review one postmortem, and so sees it until it is published."""

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reviewing")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "user"], name="reviewer_once_a_postmortem"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} reviews {self.postmortem_id}"


class Approval(models.Model):
    """What a reviewer decided about one revision; never changed, and void once there is a later one."""

    class Decision(models.TextChoices):
        APPROVE = "approve", _("Approved")
        CHANGES = "changes", _("Asked for changes")

    postmortem = models.ForeignKey(Postmortem, on_delete=models.CASCADE, related_name="approvals")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="approvals")
    revision = models.PositiveIntegerField()
    decision = models.CharField(max_length=10, choices=Decision.choices)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["postmortem", "revision"], name="approval_by_revision"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision__in=["approve", "changes"]),
                name="approval_decision_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} on revision {self.revision}: {self.decision}"


class ReviewComment(models.Model):
    """Something said about a part of a postmortem, or in answer to that.

    `anchor` is the key of a section, `summary`, `timeline`, the id of an entry of a list, or empty
    for the whole. One that was deleted stays without text as long as it has answers.
    """

    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="review_comments"
    )
    anchor = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_comments")
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["postmortem", "parent"], name="review_comment_threads")]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.postmortem_id}"


class ReviewRule(models.Model):
    """What publishing needs where the site does it otherwise than the product comes.

    `key` is `severity:sev1`, `kind:near-miss` by the term's path, or empty for everything else.
    """

    key = models.CharField(max_length=160, unique=True, blank=True)
    approvals = models.PositiveSmallIntegerField(default=1)
    parts: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approvals__lte=MOST_APPROVALS), name="review_rule_approvals"
            )
        ]

    def __str__(self) -> str:
        return self.key or "otherwise"
