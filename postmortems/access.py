"""Who may see and do what. The audience tokens made here are stored with each postmortem and in the index."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from postmortems.models import Membership, Postmortem, Team, User
from postmortems.models.postmortem import (
    ADMINISTRATORS_TOKEN,
    PUBLIC_TOKEN,
    SIGNED_IN_TOKEN,
    audience_tokens,
)

Viewer = User | AnonymousUser

# The function stands with the models, whose `visible_to` needs it; the name to use is this one.
tokens_of = audience_tokens

FINISHED = (Postmortem.Status.PUBLISHED, Postmortem.Status.ARCHIVED)


def audience_of(postmortem: Postmortem) -> tuple[str, ...]:
    """The tokens that may see a stored postmortem as it now stands, sorted."""
    return audience_for(
        postmortem,
        postmortem.authors.all(),
        postmortem.named_people.all(),
        User.objects.filter(reviewing__postmortem=postmortem),
    )


def who_see(postmortem: Postmortem, people: Iterable[int]) -> tuple[int, ...]:
    """Those of the people, by id, who are active and hold a token that the postmortem stores.

    In three statements, however many they are.
    """
    tokens = set(postmortem.audience.values_list("token", flat=True))
    roles: dict[int, dict[int, str]] = {}
    memberships = Membership.objects.filter(user__in=people)
    for user_id, team_id, role in memberships.values_list("user", "team", "role"):
        roles.setdefault(user_id, {})[team_id] = role
    found = []
    for user in User.objects.filter(pk__in=people, is_active=True).order_by("pk"):
        # Else each would be asked for.
        user.kept_roles = roles.get(user.pk, {})
        if tokens.intersection(tokens_of(user)):
            found.append(user.pk)
    return tuple(found)


def audience_for(
    postmortem: Postmortem,
    authors: Iterable[User],
    named: Iterable[User],
    reviewers: Iterable[User] = (),
) -> tuple[str, ...]:
    """The tokens that may see a postmortem with these people, sorted.

    Published and archived follow the visibility. Drafts and reviews are for the authors, the
    owning team and the reviewers; restricted ones, at any time, only for the authors and the named
    people, and until they are published for the reviewers. What is in the bin is for the authors
    and the team's leads. Administrators see everything.
    """
    # Authors keep their view through every change of rights: else nobody could take one back.
    people = {f"user:{user.pk}" for user in authors}
    if postmortem.deleted_at:
        return _sorted(people | {f"user:{pk}" for pk in _leads(postmortem.team)})
    if postmortem.status not in FINISHED:
        people |= {f"user:{user.pk}" for user in reviewers}
    if postmortem.visibility == Postmortem.Visibility.RESTRICTED:
        return _sorted(people | {f"user:{user.pk}" for user in named})
    team = f"team:{postmortem.team_id}"
    if postmortem.status not in FINISHED:
        return _sorted(people | {team})
    finished = {
        Postmortem.Visibility.PUBLIC: PUBLIC_TOKEN,
        Postmortem.Visibility.INTERNAL: SIGNED_IN_TOKEN,
        Postmortem.Visibility.TEAM: team,
    }
    return _sorted(people | {finished[Postmortem.Visibility(postmortem.visibility)]})


def sees_only_as_administrator(user: User, postmortem: Postmortem) -> bool:
    """Whether nothing but being an administrator shows the postmortem to this user."""
    if not user.is_administrator:
        return False
    others = set(tokens_of(user)) - {ADMINISTRATORS_TOKEN}
    return not postmortem.audience.filter(token__in=others).exists()


def _sorted(tokens: set[str]) -> tuple[str, ...]:
    return tuple(sorted(tokens | {ADMINISTRATORS_TOKEN}))


def _leads(team: Team) -> list[int]:
    leads = team.memberships.filter(role=Membership.Role.LEAD)
    return list(leads.values_list("user_id", flat=True))


def has_role(user: Viewer, team: Team, role: str) -> bool:
    """Whether the user holds that role in the team, or one that includes it."""
    if not isinstance(user, User):
        return False
    return user.memberships.filter(team=team, role__in=Membership.roles_from(role)).exists()


def may_write_in(user: Viewer, team: Team) -> bool:
    """Whether the user may create postmortems in the team."""
    if not isinstance(user, User):
        return False
    return user.is_system or user.is_administrator or has_role(user, team, "author")


def may_write(user: Viewer) -> bool:
    """Whether the user may create postmortems in any team."""
    if not isinstance(user, User):
        return False
    if user.is_system or user.is_administrator:
        return True
    return user.memberships.filter(role__in=Membership.roles_from("author")).exists()


def teams_to_write_in(user: User) -> list[Team]:
    """The teams that the user may write in, by name; all for administrators."""
    if user.is_administrator:
        return list(Team.objects.order_by("name", "slug"))
    roles = Membership.roles_from("author")
    mine = Team.objects.filter(memberships__user=user, memberships__role__in=roles)
    return list(mine.order_by("name", "slug"))


def may_edit(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user may change the postmortem: authors of its team, if they may see it."""
    if not isinstance(user, User) or not may_write_in(user, postmortem.team):
        return False
    # It holds no audience token, and an import must reach what nobody else may see.
    if user.is_system:
        return True
    return Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists()


# The checks raise where the questions above say no; verbs and the pages that ask before a verb use them.


def check_may_write(user: Viewer) -> None:
    """Raise PermissionDenied for who may not create postmortems anywhere."""
    if not may_write(user):
        raise PermissionDenied(_("Only authors write postmortems. Ask a lead of your team."))


def check_may_write_in(user: Viewer, team: Team) -> None:
    """Raise PermissionDenied for who may not create postmortems in the team."""
    if not may_write_in(user, team):
        raise PermissionDenied(_("You may not write in the team “%(team)s”.") % {"team": team})


def check_may_edit(user: Viewer, postmortem: Postmortem) -> None:
    """Raise PermissionDenied for who may not change the postmortem."""
    if not may_edit(user, postmortem):
        message = _("You may read this postmortem but not change it. Its team is %(team)s.")
        raise PermissionDenied(message % {"team": postmortem.team})


def may_publish_unreviewed(user: User) -> bool:
    """Whether what this user brings in may start published: imports by the site itself do."""
    return user.is_system or user.is_administrator
