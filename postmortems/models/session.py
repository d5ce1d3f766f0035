"""Where people are signed in: one row a browser, beside what Django keeps of a session."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone

from postmortems.models.accounts import User
from postmortems.models.postmortem import REF_LENGTH, new_ref

IDLE = timedelta(days=14)
LONGEST = timedelta(days=60)


class SessionQuerySet(models.QuerySet["Session"]):
    """Words for sets of sessions."""

    def of(self, user: User) -> Self:
        """Where the user is signed in now, the last seen first."""
        now = timezone.now()
        lasting = self.filter(user=user, expire_date__gt=now, created_at__gt=now - LONGEST)
        return lasting.filter(last_seen_at__gt=now - IDLE).order_by("-last_seen_at")


class Session(AbstractBaseSession):
    """A session. `ref` names it in addresses: the key itself would sign in whoever reads it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    ref = models.CharField(max_length=REF_LENGTH, default=new_ref, unique=True)
    browser = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = BaseSessionManager.from_queryset(SessionQuerySet)()

    class Meta(AbstractBaseSession.Meta):
        indexes = [models.Index(fields=["user"], name="session_by_user")]

    def __str__(self) -> str:
        return f"session {self.ref}"

    @property
    def is_over(self) -> bool:
        """Whether it has lasted too long, or was not used for too long."""
        now = timezone.now()
        return now - self.created_at > LONGEST or now - self.last_seen_at > IDLE
