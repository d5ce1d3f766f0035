"""The verbs of administrators over accounts: find, deactivate, reactivate, give site roles."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import audit, outbox, sessions
from postmortems.accounts import USERNAME
from postmortems.models import Invitation, User
from postmortems.models.accounts import SYSTEM_USERNAME


def check_may_administer(user: User) -> None:
    """Raise PermissionDenied for who is no administrator."""
    if not (user.is_system or user.is_administrator):
        raise PermissionDenied(_("Only administrators see and change accounts."))


def find(text: str, *, by: User) -> QuerySet[User]:
    """All accounts whose name, name to sign in with or mail address holds the text, by name."""
    check_may_administer(by)
    found = User.objects.exclude(username=SYSTEM_USERNAME)
    for word in text.replace("\0", "").split():
        anywhere = Q(username__icontains=word) | Q(name__icontains=word) | Q(email__icontains=word)
        found = found.filter(anywhere)
    return found.order_by(Lower("username"))


def called(username: str) -> User | None:
    """The account of that name in any letter case; None for what is the name of none."""
    # What no name can be is not asked for: PostgreSQL refuses a NUL, SQLite a very long text.
    if not USERNAME.fullmatch(username):
        return None
    return User.objects.filter(username__iexact=username).first()


def known_to(user: User, text: str) -> QuerySet[User]:
    """Active people whom the user may find by name: all for administrators, else those of their teams."""
    found = User.objects.filter(is_active=True).exclude(username=SYSTEM_USERNAME)
    if not user.is_administrator:
        shared = Q(memberships__team__in=user.memberships.values("team"))
        found = found.filter(shared | Q(pk=user.pk)).distinct()
    for word in text.replace("\0", "").split():
        found = found.filter(Q(username__icontains=word) | Q(name__icontains=word))
    return found.order_by("username")


def deactivate(user: User, *, by: User) -> User:
    """End the account's rights at once, everywhere: pages, tools, feeds, open invitations.

    Raises PermissionDenied, or ValidationError for oneself and for the last administrator.
    """
    check_may_administer(by)
    with outbox.writing():
        user = User.objects.select_for_update().get(pk=user.pk)
        if by.pk == user.pk:
            raise ValidationError(
                {"user": _("Another administrator must deactivate your account.")}
            )
        _check_not_last(user, stays=False)
        if user.is_active:
            user.is_active = False
            user.save(update_fields=["is_active"])
            sessions.end_all_access(user)
            open_ones = Invitation.objects.open().filter(invited_by=user)
            open_ones.update(revoked_at=timezone.now())
            audit.record("deactivate", user, by=by)
    return user


def reactivate(user: User, *, by: User) -> User:
    """Let the account sign in again; sessions and keys that were ended stay ended."""
    check_may_administer(by)
    if user.is_system:
        raise PermissionDenied(_("Nobody signs in as this account."))
    with outbox.writing():
        if User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
            audit.record("reactivate", user, by=by)
    user.is_active = True
    return user


def set_site_roles(user: User, *, by: User, is_curator: bool, is_administrator: bool) -> User:
    """Say whether the account curates and administers; raises ValidationError for the last who does."""
    check_may_administer(by)
    after = {"is_curator": is_curator, "is_administrator": is_administrator}
    with outbox.writing():
        user = User.objects.select_for_update().get(pk=user.pk)
        before = {name: getattr(user, name) for name in after}
        if user.is_system:
            raise PermissionDenied(_("Nobody signs in as this account."))
        _check_not_last(user, stays=is_administrator)
        if before != after:
            user.is_curator, user.is_administrator = is_curator, is_administrator
            user.save(update_fields=list(after))
            audit.record("set-site-roles", user, by=by, before=before, after=after)
    return user


def _check_not_last(user: User, *, stays: bool) -> None:
    """The log lock is held: two administrators cannot take the role from each other at once."""
    if stays or not (user.is_administrator and user.is_active):
        return
    if not User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user.pk).exists():
        message = _("“%(user)s” is the last administrator; make somebody else one first.")
        raise ValidationError({"user": message % {"user": user}})
