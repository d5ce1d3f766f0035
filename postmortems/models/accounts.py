"""Who writes, reviews and reads: users, teams, membership roles, API tokens."""

import hashlib
import secrets
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SYSTEM_USERNAME = "system"
TOKEN_PREFIX = "hs_"


class UserManager(BaseUserManager["User"]):
    """Looks users up by name in any letter case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user of that name, letter case aside; raises User.DoesNotExist."""
        # Matches the index on Lower: two accounts that differ by case would be two people in one.
        return self.get(username__iexact=username)

    def system(self) -> "User":
        """The one user that verbs run by when no person does; it can never sign in."""
        # The unusable password stands in the same statement: the account never exists without it.
        never = {"name": "System", "is_active": False, "password": make_password(None)}
        return self.get_or_create(username=SYSTEM_USERNAME, defaults=never)[0]


class User(AbstractBaseUser):
    """An account. Site roles are two flags; everything else is a membership role in a team."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120, blank=True)
    # Only ever an address that its owner has confirmed, or that an administrator gave.
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    is_curator = models.BooleanField(default=False)
    is_administrator = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    theme = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    # Set on the user of a web request: its audience tokens and roles are then asked for once.
    is_of_request = False
    kept_audience: tuple[str, ...] = ()
    kept_roles: dict[int, str] | None = None

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case_unique"),
            # An address resets passwords and may join an identity to an account: it is one person's.
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="user_email_any_case_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_system(self) -> bool:
        """Whether this is the user that verbs run by without a person."""
        return self.username == SYSTEM_USERNAME

    def roles(self) -> dict[int, str]:
        """The role in each team, by the team's number."""
        if self.kept_roles is not None:
            return self.kept_roles
        roles = dict(self.memberships.values_list("team_id", "role"))
        if self.is_of_request:
            self.kept_roles = roles
        return roles


class Team(models.Model):
    """Owns postmortems; its members read and write them by role."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one team; each role includes those before it."""

    class Role(models.TextChoices):
        READER = "reader", _("Reader")
        AUTHOR = "author", _("Author")
        REVIEWER = "reviewer", _("Reviewer")
        LEAD = "lead", _("Lead")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.READER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "team"], name="membership_once_a_team"),
            models.CheckConstraint(
                condition=models.Q(role__in=["reader", "author", "reviewer", "lead"]),
                name="membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id} as {self.role}"

    @classmethod
    def roles_from(cls, role: str) -> tuple[str, ...]:
        """The role and all that include it: they are declared from the least to the greatest."""
        roles = tuple(cls.Role.values)
        return roles[roles.index(role) :]


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Words for sets of tokens."""

    def usable(self) -> Self:
        """Tokens that still sign in: not revoked, not expired, of an active user."""
        now = timezone.now()
        unexpired = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=now)
        return self.filter(unexpired, revoked_at__isnull=True, user__is_active=True)

    def find(self, secret: str) -> "ApiToken | None":
        """The usable token with that secret, with its user; None for anything else."""
        return self.usable().select_related("user").filter(digest=digest_of(secret)).first()


class ApiToken(models.Model):
    """A key for tools. The secret is shown once; only its digest is stored."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")
        ADMIN = "admin", _("Everything its user may")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.READ)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope__in=["read", "write", "admin"]),
                name="api_token_scope_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user_id}"

    @property
    def has_ended(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def includes(self, scope: str) -> bool:
        """Whether this token's scope covers `scope`: admin covers write covers read."""
        order = list(self.Scope.values)
        return order.index(self.scope) >= order.index(scope)


def new_secret() -> str:
    """A fresh token secret of 256 random bits behind the product's prefix."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret. One SHA-256 is enough because the secret is random, not chosen."""
    return hashlib.sha256(secret.encode()).hexdigest()
