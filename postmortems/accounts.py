"""The verbs of accounts, teams, memberships and keys. Each checks the right and writes the audit log."""

import re
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import access, audit, outbox
from postmortems.audit import origin
from postmortems.models import ApiToken, Membership, Team, User
from postmortems.models.accounts import SYSTEM_USERNAME, digest_of, new_secret

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)
TEAM_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
LONGEST_DAYS = 3650
LONGEST_TEAM_NAME = 120
LONGEST_TOKEN_NAME = 120
MOST_TOKENS = 100
SHOWN_OF_SECRET = 8


def create_user(
    username: str,
    *,
    by: User,
    name: str = "",
    email: str = "",
    password: str = "",
    is_curator: bool = False,
    is_administrator: bool = False,
) -> User:
    """Make an account; without a password it cannot sign in by one.

    Raises PermissionDenied for who is no administrator, ValidationError keyed by field.
    """
    _require_administrator(by)
    user = User(
        username=username,
        name=name,
        email=email,
        is_curator=is_curator,
        is_administrator=is_administrator,
    )
    _check_username(username)
    _check_password(password, user)
    user.set_password(password or None)
    with outbox.writing():
        user.save()
        roles = {"is_curator": is_curator, "is_administrator": is_administrator}
        audit.record("create", user, by=by, after={"username": username, **roles})
    return user


def create_team(slug: str, *, by: User, name: str = "") -> Team:
    """Make a team. Raises PermissionDenied for who is no administrator, or ValidationError."""
    _require_administrator(by)
    if not TEAM_SLUG.fullmatch(slug):
        message = _("“%(slug)s” cannot be a team: use small letters, digits and hyphens.")
        raise ValidationError({"slug": message % {"slug": slug[:60]}})
    if Team.objects.filter(slug=slug).exists():
        raise ValidationError({"slug": _("There is a team “%(slug)s” already.") % {"slug": slug}})
    name = checked_team_name(name or slug.replace("-", " ").capitalize())
    with outbox.writing():
        team = Team.objects.create(slug=slug, name=name)
        audit.record("create", team, by=by, after={"slug": team.slug, "name": team.name})
    return team


def checked_team_name(name: str) -> str:
    """The name as it is stored; raises ValidationError keyed by field for none and for a long one."""
    name = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    if not name or len(name) > LONGEST_TEAM_NAME:
        message = _("A team needs a name of at most %(most)d characters.")
        raise ValidationError({"name": message % {"most": LONGEST_TEAM_NAME}})
    return name


def add_member(team: Team, user: User, *, role: str, by: User) -> Membership:
    """Give the user that role in the team, whatever role it was before.

    Raises PermissionDenied for who neither leads the team nor administers, or ValidationError.
    """
    if not (by.is_system or by.is_administrator or access.has_role(by, team, "lead")):
        raise PermissionDenied(_("Only the leads of “%(team)s” add members.") % {"team": team})
    if role not in Membership.Role.values:
        raise ValidationError({"role": _("There is no role “%(role)s”.") % {"role": role[:20]}})
    with outbox.writing():
        before = Membership.objects.filter(team=team, user=user).first()
        membership, _created = Membership.objects.update_or_create(
            team=team, user=user, defaults={"role": role}
        )
        audit.record(
            "add-member",
            team,
            by=by,
            before={"user": user.username, "role": before.role} if before else None,
            after={"user": user.username, "role": role},
        )
    return membership


def create_token(
    user: User, *, by: User, scope: str = "read", name: str = "", days: int | None = None
) -> tuple[ApiToken, str]:
    """A key for tools, with its secret, which is nowhere stored; it ends after `days` when given.

    A key that is asked for with a key ends with it at the latest. Raises PermissionDenied for another
    person's key and for one that may do more than the key that asks for it, ValidationError keyed by
    field.
    """
    if by.pk != user.pk and not (by.is_system or by.is_administrator):
        raise PermissionDenied(_("You may make keys for yourself only."))
    name = " ".join("".join(sign for sign in name if sign.isprintable()).split())
    if scope not in ApiToken.Scope.values:
        raise ValidationError({"scope": _("There is no scope “%(name)s”.") % {"name": scope[:20]}})
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        message = _("A key lasts from 1 to %(most)d days.") % {"most": LONGEST_DAYS}
        raise ValidationError({"days": message})
    if not user.is_active:
        raise ValidationError({"user": _("“%(user)s” may not sign in.") % {"user": user}})
    maker = origin.current().token
    if maker is not None and not maker.includes(scope):
        raise PermissionDenied(_("A key makes no key that may do more than itself."))
    expires_at = _end_of(days, maker)
    # Shown to the caller once; from here on only its digest exists.
    secret = new_secret()
    with outbox.writing():
        if ApiToken.objects.usable().filter(user=user).count() >= MOST_TOKENS:
            message = _("You have %(most)d keys already; revoke one first.")
            raise ValidationError({"name": message % {"most": MOST_TOKENS}})
        token = ApiToken.objects.create(
            user=user,
            name=name[:LONGEST_TOKEN_NAME] or scope,
            prefix=secret[:SHOWN_OF_SECRET],
            digest=digest_of(secret),
            scope=scope,
            expires_at=expires_at,
        )
        audit.record("create", token, by=by, after={"user": user.username, "scope": scope})
    return token, secret


def _end_of(days: int | None, maker: ApiToken | None) -> datetime | None:
    wanted = timezone.now() + timedelta(days=days) if days else None
    # Else whoever finds a key that ends tomorrow would have one for good.
    latest = maker.expires_at if maker else None
    if wanted and latest and wanted > latest:
        message = _(
            "A key makes no key that outlasts itself. Leave the days out: both end together."
        )
        raise ValidationError({"days": message})
    return wanted or latest


def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a key at once: the next request with it is refused.

    Raises PermissionDenied for another person's key, but for administrators.
    """
    if by.pk != token.user_id and not (by.is_system or by.is_administrator):
        raise PermissionDenied(_("You may revoke your own keys only."))
    with outbox.writing():
        ended = ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )
        if ended:
            audit.record("revoke", token, by=by)


def _require_administrator(by: User) -> None:
    if not (by.is_system or by.is_administrator):
        raise PermissionDenied(_("Only administrators make accounts and teams."))


def _check_username(username: str) -> None:
    if not USERNAME.fullmatch(username):
        message = _("“%(name)s” cannot be a name to sign in: use letters, digits, dots and dashes.")
        raise ValidationError({"username": message % {"name": username[:60]}})
    is_taken = User.objects.filter(username__iexact=username).exists()
    if is_taken or username.lower() == SYSTEM_USERNAME:
        message = _("There is an account “%(name)s” already.") % {"name": username}
        raise ValidationError({"username": message})


def _check_password(password: str, user: User) -> None:
    if not password:
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
