"""What somebody is told about a postmortem, and how they want it by mail. No title and no text is stored."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from postmortems.models.accounts import Membership, User
from postmortems.models.postmortem import Audience, Postmortem, tokens_without_teams
from postmortems.models.review import Reviewer


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Words for sets of notifications."""

    def shown_to(self, user: User | AnonymousUser) -> Self:
        """The user's own about what they may see now; all others are as if they never were.

        In one statement, memberships included: the count stands on every page.
        """
        if not isinstance(user, User) or not user.is_active:
            return self.none()
        teams = Membership.objects.filter(user=user)
        token = Concat(models.Value("team:"), Cast("team_id", models.CharField()))
        audience = Audience.objects.filter(postmortem=models.OuterRef("postmortem"))
        seen = audience.filter(
            models.Q(token__in=tokens_without_teams(user))
            | models.Q(token__in=teams.values(token_of_team=token))
        )
        own = self.filter(user=user, postmortem__deleted_at__isnull=True)
        own = own.filter(models.Exists(seen))
        if user.is_administrator:
            return own
        return own.filter(~models.Q(kind__in=Notification.OF_REVIEWS) | _takes_part(user))

    def unread(self) -> Self:
        """Those not marked as read."""
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> Self:
        """The latest first; ties by number, the higher first."""
        return self.order_by("-created_at", "-pk")


def _takes_part(user: User) -> models.Q:
    """Of what the user reads, that whose review they see, too: `reviews.rights.may_see` for many."""
    writes = Membership.objects.filter(
        user=user, role__in=Membership.roles_from(Membership.Role.AUTHOR)
    )
    authored = Postmortem.authors.through._default_manager.filter(
        postmortem=models.OuterRef("postmortem"), user=user
    )
    named = Reviewer.objects.filter(postmortem=models.OuterRef("postmortem"), user=user)
    in_team = models.Q(postmortem__team__in=writes.values("team"))
    return in_team | models.Q(models.Exists(authored)) | models.Q(models.Exists(named))


class Notification(models.Model):
    """Something about a postmortem that one person should know; what it says is made when it is shown.

    Repeats of one kind about one postmortem are one row until it is read: `times` counts them,
    `actor` and the other facts are those of the latest. A mail is due while `mail_due_at` is set.
    """

    class Kind(models.TextChoices):
        REVIEW_ASKED = "review-asked"
        REVIEWER_NAMED = "reviewer-named"
        APPROVED = "approved"
        CHANGES_ASKED = "changes-asked"
        WITHDRAWN = "withdrawn"
        COMMENTED = "commented"
        REPLIED = "replied"
        PUBLISHED = "published"
        ACTION_OVERDUE = "action-overdue"
        SHARED = "shared-with-you"
        FOLLOWED = "followed"

    OF_REVIEWS = (
        Kind.REVIEW_ASKED,
        Kind.REVIEWER_NAMED,
        Kind.APPROVED,
        Kind.CHANGES_ASKED,
        Kind.WITHDRAWN,
        Kind.COMMENTED,
        Kind.REPLIED,
    )

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20)
    postmortem = models.ForeignKey(
        Postmortem, on_delete=models.CASCADE, related_name="notifications"
    )
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revision = models.PositiveIntegerField(null=True)
    comment = models.PositiveBigIntegerField(null=True)
    times = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail_due_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        *("review-asked", "reviewer-named", "approved", "changes-asked"),
                        *("withdrawn", "commented", "replied", "published"),
                        *("action-overdue", "shared-with-you", "followed"),
                    ]
                ),
                name="notification_kind_known",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "postmortem"],
                condition=models.Q(read_at__isnull=True),
                name="notification_once_while_unread",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
            models.Index(
                fields=["mail_due_at"],
                condition=models.Q(mail_due_at__isnull=False),
                name="notification_by_mail_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} about {self.postmortem_id} for {self.user_id}"


class Mailbox(models.Model):
    """When somebody wants mail, and whether a sender has it in hand.

    `held_until`: no other sender takes it before, because one is sending with the key `claim`, or
    because the mail server refused; `tries` counts how often it did in a row.
    """

    class Mail(models.TextChoices):
        AT_ONCE = "at-once", _("At once")
        DAILY = "daily", _("Once a day, in the morning")
        WEEKLY = "weekly", _("Once a week, on Monday morning")
        NEVER = "never", _("Never")

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="mailbox"
    )
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.AT_ONCE)
    claim = models.CharField(max_length=32, blank=True)
    held_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mail__in=["at-once", "daily", "weekly", "never"]),
                name="mailbox_mail_known",
            )
        ]

    def __str__(self) -> str:
        return f"mailbox of {self.user_id}"
