"""The verbs of teams that exist: rename, change who is in them and as what, leave."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import access, accounts, audit, authoring, outbox
from postmortems.models import Membership, Team, User


def may_lead(user: User, team: Team) -> bool:
    """Whether the user decides who is in the team."""
    return user.is_system or user.is_administrator or access.has_role(user, team, "lead")


def may_see(user: User, team: Team) -> bool:
    """Whether the user may read who is in the team: its members and administrators."""
    return user.is_administrator or access.has_role(user, team, "reader")


def check_may_lead(user: User, team: Team) -> None:
    """Raise PermissionDenied for who neither leads the team nor administers."""
    if not may_lead(user, team):
        raise PermissionDenied(_("Only the leads of “%(team)s” do that.") % {"team": team})


def rename(team: Team, name: str, *, by: User) -> Team:
    """Give the team another name; its address stays. Raises ValidationError keyed by field."""
    check_may_lead(by, team)
    name = accounts.checked_team_name(name)
    if name != team.name:
        before, team.name = team.name, name
        with outbox.writing():
            team.save(update_fields=["name"])
            audit.record("rename", team, by=by, before={"name": before}, after={"name": name})
            authoring.follow_rights(list(team.postmortems.all()))
    return team


def set_role(team: Team, user: User, role: str, *, by: User) -> Membership:
    """Take the user into the team, or give them another role there. Raises what `add_member` raises."""
    if not user.is_active:
        raise ValidationError({"username": _("“%(user)s” may not sign in.") % {"user": user}})
    with outbox.writing():
        membership = accounts.add_member(team, user, role=role, by=by)
        _follow_leads(team)
    return membership


def remove_member(team: Team, user: User, *, by: User) -> None:
    """Take the user out of the team: their rights there end with the next request.

    Everybody may leave; raises PermissionDenied for taking out others without leading the team.
    """
    if by.pk != user.pk:
        check_may_lead(by, team)
    with outbox.writing():
        former = Membership.objects.filter(team=team, user=user).first()
        if former is None:
            return
        former.delete()
        before = {"user": user.username, "role": former.role}
        audit.record("remove-member", team, by=by, before=before)
        _follow_leads(team)


def _follow_leads(team: Team) -> None:
    # What lies in the bin names the leads themselves as those who see it.
    authoring.follow_rights(list(team.postmortems.filter(deleted_at__isnull=False)))
