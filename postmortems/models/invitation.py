"""Invitations by mail: to make an account, and to join a team."""

from typing import Self

from django.db import models
from django.utils import timezone

from postmortems.models.accounts import Membership, Team, User, digest_of
from postmortems.models.postmortem import REF_LENGTH, new_ref


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Words for sets of invitations."""

    def open(self) -> Self:
        """Those that can still be accepted."""
        waiting = self.filter(accepted_at__isnull=True, revoked_at__isnull=True)
        return waiting.filter(expires_at__gt=timezone.now())

    def find(self, secret: str) -> "Invitation | None":
        """The open invitation with that secret; None for anything else."""
        return self.open().select_related("team").filter(digest=digest_of(secret)).first()


class Invitation(models.Model):
    """One invitation. The secret goes out by mail; its digest is what is stored."""

    ref = models.CharField(max_length=REF_LENGTH, unique=True, default=new_ref)
    email = models.EmailField()
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(
        max_length=10, choices=Membership.Role.choices, default=Membership.Role.READER
    )
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="accepted_invitations"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "expires_at"], name="invitation_by_team")]

    def __str__(self) -> str:
        return f"invitation {self.ref}"
