"""The verbs of invitations: send one by mail, take it back, accept it with or without an account."""

import secrets
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import accounts, audit, letters, marks, outbox, passwords, teams
from postmortems.mail_address import tidied
from postmortems.models import Invitation, Membership, Team, User
from postmortems.models.accounts import digest_of

LASTS = timedelta(days=7)
MOST_A_DAY = 200
DAY_SECONDS = 24 * 3600


def may_invite(user: User, team: Team | None) -> bool:
    """Whether the user may invite: administrators anywhere, leads into their team."""
    if not user.is_active:
        return False
    return user.is_administrator or (team is not None and teams.may_lead(user, team))


def teams_to_invite_to(user: User) -> list[Team]:
    """The teams that the user may invite into, by name."""
    if user.is_administrator:
        return list(Team.objects.order_by("name", "slug"))
    lead = Q(memberships__user=user, memberships__role=Membership.Role.LEAD)
    return list(Team.objects.filter(lead).order_by("name", "slug"))


def waiting_for(user: User) -> QuerySet[Invitation]:
    """The open invitations that the user may take back, the newest first."""
    waiting = Invitation.objects.open().select_related("team", "invited_by").order_by("-created_at")
    return waiting if user.is_administrator else waiting.filter(team__in=teams_to_invite_to(user))


def invite(
    email: str, *, by: User, address: str, team: Team | None = None, role: str = "reader"
) -> Invitation:
    """Send an invitation; `address` is the page that its key opens.

    Raises PermissionDenied, or ValidationError keyed by field. Whether there is an account with
    that mail address is not told.
    """
    _check_may_invite(by, team)
    if role not in Membership.Role.values:
        raise ValidationError({"role": _("There is no role “%(role)s”.") % {"role": role[:20]}})
    email = tidied(email)
    if marks.take(f"invite:{by.pk}", most=MOST_A_DAY, seconds=DAY_SECONDS) is None:
        raise ValidationError({"email": _("That was often enough for one day. Try it tomorrow.")})
    secret = secrets.token_urlsafe(32)
    with outbox.writing():
        invitation = Invitation.objects.create(
            email=email,
            team=team,
            role=role,
            digest=digest_of(secret),
            invited_by=by,
            expires_at=timezone.now() + LASTS,
        )
        into = {"team": team.slug, "role": role} if team else {}
        audit.record("invite", invitation, by=by, after=into)
    _write_letter(invitation, by, f"{address}?key={secret}")
    return invitation


def revoke(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back: its link opens nothing any more."""
    _check_may_invite(by, invitation.team)
    with outbox.writing():
        waiting = Invitation.objects.open().filter(pk=invitation.pk)
        if waiting.update(revoked_at=timezone.now()):
            audit.record("revoke", invitation, by=by)


def find(secret: str) -> Invitation | None:
    """The invitation that a link's key opens; None when it is used, taken back or too old."""
    invitation = Invitation.objects.find(secret)
    # Who may no longer invite has no say in who comes in.
    if invitation is None or not may_invite(invitation.invited_by, invitation.team):
        return None
    return invitation


def accept_as(secret: str, user: User) -> Invitation:
    """Join the team with one's account; a role that includes the offered one stays."""
    with outbox.writing():
        invitation = _use(secret)
        _join(invitation, user)
    return invitation


def accept_with_account(secret: str, *, username: str, name: str, password: str) -> User:
    """Make an account and join the team; raises ValidationError keyed by field."""
    with outbox.writing():
        invitation = _use(secret)
        if User.objects.filter(email__iexact=invitation.email).exists():
            message = _("There is an account with this mail address. Sign in, then open the link.")
            raise ValidationError({"key": message})
        fields: dict[str, Any] = {
            "username": username,
            "name": name[:120],
            "email": invitation.email,
        }
        passwords.check_strength(password, User(**fields), field="password")
        user = accounts.create_user(by=User.objects.system(), password=password, **fields)
        _join(invitation, user)
    return user


def _use(secret: str) -> Invitation:
    invitation = find(secret)
    # The condition decides between two who open the link at once.
    if invitation is None or not Invitation.objects.open().filter(pk=invitation.pk).update(
        accepted_at=timezone.now()
    ):
        raise ValidationError({"key": _("This link has been used or is too old. Ask for another.")})
    return invitation


def _join(invitation: Invitation, user: User) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    audit.record("accept", invitation, by=user)
    team = invitation.team
    if team is None:
        return
    enough = Membership.roles_from(invitation.role)
    if not user.memberships.filter(team=team, role__in=enough).exists():
        teams.set_role(team, user, invitation.role, by=invitation.invited_by)


def _check_may_invite(user: User, team: Team | None) -> None:
    if not may_invite(user, team):
        raise PermissionDenied(_("Only administrators and the leads of a team invite people."))


def _write_letter(invitation: Invitation, by: User, link: str) -> None:
    if invitation.team:
        says = _("%(name)s invites you to join the team %(team)s in Hindsight.")
    else:
        says = _("%(name)s invites you to Hindsight.")
    opens = _("To accept, open this address within a week:")
    says = says % {"name": by, "team": invitation.team}
    letters.send(invitation.email, _("An invitation to Hindsight"), [says, opens, link])
