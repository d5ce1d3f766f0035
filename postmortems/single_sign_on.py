"""Whom an identity provider's word signs in: the account it is linked to, or a new one.

`web` speaks the protocol through allauth; here stand the rules, which trust a provider no further
than the settings say.
"""

import re
from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import accounts, audit, outbox, teams
from postmortems.models import Membership, Team, User
from postmortems.models.accounts import SYSTEM_USERNAME

LONGEST_NAME = 40


@dataclass(frozen=True)
class Identity:
    """What the provider says of a person; `groups` is None when it says nothing of groups."""

    provider: str
    subject: str
    username: str = ""
    name: str = ""
    email: str = ""
    is_verified: bool = False
    groups: tuple[str, ...] | None = None


def user_for(identity: Identity) -> User:
    """The account that the identity signs in, made or linked if need be; its teams follow the groups.

    Raises ValidationError with a sentence for the person.
    """
    with outbox.writing():
        user = _linked(identity) or _same_address(identity)
        if user is None:
            user = _made(identity)
        if not user.is_active:
            raise ValidationError(_("This account cannot sign in. Ask an administrator."))
        _follow_groups(user, identity)
    return user


def link(identity: Identity, user: User) -> None:
    """Let the identity sign in as this user, who is signed in and asked for it."""
    with outbox.writing():
        linked = _linked(identity)
        if linked and linked.pk != user.pk:
            raise ValidationError(_("That identity signs in as another account."))
        if linked is None:
            _store(identity, user, by=user)
        _follow_groups(user, identity)


def unlink(user: User) -> None:
    """Take the identities away; raises ValidationError where nothing else would sign in."""
    if not user.has_usable_password():
        raise ValidationError(_("Set a password first; else nothing would sign you in."))
    with outbox.writing():
        if SocialAccount.objects.filter(user=user).delete()[0]:
            audit.record("unlink-identity", user, by=user)


def is_linked(user: User) -> bool:
    """Whether an identity signs in as this user."""
    return SocialAccount.objects.filter(user=user).exists()


def _linked(identity: Identity) -> User | None:
    found = SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject)
    account = found.select_related("user").first()
    if account and account.extra_data:
        # allauth keeps all that the provider said; nothing here needs it.
        found.update(extra_data={})
    return account.user if account else None


def _same_address(identity: Identity) -> User | None:
    """The account whose owner confirmed the address that the provider has verified, too.

    Only where the settings trust the provider with that, never for administrators: who runs the
    provider would else be one. Nor for an account that already has an identity.
    """
    if not (settings.OIDC_LINK_BY_MAIL and identity.is_verified and identity.email):
        return None
    # Letters that a database takes for others must not make two addresses one.
    found = User.objects.filter(email__iexact=identity.email, is_administrator=False).first()
    if found is None or found.email.lower() != identity.email.lower() or is_linked(found):
        return None
    _store(identity, found, by=found)
    return found


def _made(identity: Identity) -> User:
    is_free = not User.objects.filter(email__iexact=identity.email).exists()
    email = identity.email if identity.is_verified and is_free else ""
    user = accounts.create_user(
        _free_name(identity), by=User.objects.system(), name=identity.name[:120], email=email
    )
    _store(identity, user, by=user)
    return user


def _free_name(identity: Identity) -> str:
    wanted = identity.username or identity.email.partition("@")[0] or identity.name
    base = re.sub(r"[^A-Za-z0-9._-]+", "-", wanted, flags=re.ASCII).strip("._-")[:LONGEST_NAME]
    base = base or "person"
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    folded = {name.lower() for name in taken} | {SYSTEM_USERNAME}
    if base.lower() not in folded:
        return base
    return next(
        f"{base}-{n}" for n in range(2, len(folded) + 3) if f"{base}-{n}".lower() not in folded
    )


def _store(identity: Identity, user: User, *, by: User) -> None:
    # Nothing of what else the provider says is kept.
    SocialAccount.objects.create(
        user=user, provider=identity.provider, uid=identity.subject, extra_data={}
    )
    audit.record("link-identity", user, by=by, after={"provider": identity.provider})


def _follow_groups(user: User, identity: Identity) -> None:
    """Give and take the roles in the teams that the settings map; others are left as they are."""
    if identity.groups is None:
        return
    wanted: dict[str, str] = {slug: "" for slug, _role in settings.OIDC_GROUPS.values()}
    order = ["", *Membership.Role.values]
    for group in identity.groups:
        slug, role = settings.OIDC_GROUPS.get(group, ("", ""))
        if slug:
            wanted[slug] = max(wanted[slug], role, key=order.index)
    present = {item.team.slug: item.role for item in user.memberships.select_related("team")}
    for team in Team.objects.filter(slug__in=wanted):
        role, system = wanted[team.slug], User.objects.system()
        if role and present.get(team.slug) != role:
            teams.set_role(team, user, role, by=system)
        elif not role and team.slug in present:
            teams.remove_member(team, user, by=system)
