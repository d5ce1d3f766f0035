"""The verbs of saved searches: keep, change, delete. Each checks the right and writes the audit log."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import access, audit, outbox
from postmortems.models import Membership, SavedSearch, Team, User
from postmortems.search import saved as stored
from postmortems.search.selection import readable

Shared = SavedSearch.Shared
LONGEST_NAME = 120
MOST_PER_OWNER = 200


def create(
    name: str,
    query: str,
    *,
    by: User,
    shared: str = Shared.PRIVATE,
    team: Team | None = None,
    is_default: bool = False,
) -> SavedSearch:
    """Keep a search under a name; `query` is a search address or what stands behind its `?`.

    Raises PermissionDenied for sharing that the person may not do, ValidationError keyed by field.
    """
    saved = SavedSearch(owner=by, shared=shared, team=team if shared == Shared.TEAM else None)
    saved.query = stored.canonical(query)
    with outbox.writing():
        if SavedSearch.objects.filter(owner=by).count() >= MOST_PER_OWNER:
            message = _("You keep %(most)d searches already; delete one first.")
            raise ValidationError({"name": message % {"most": MOST_PER_OWNER}})
        saved.name = _free_name(name, saved)
        _check_sharing(saved, by)
        _set_default(saved, is_default)
        saved.save()
        audit.record("create", saved, by=by, after=_told(saved))
    return saved


def change(
    saved: SavedSearch,
    *,
    by: User,
    name: str | None = None,
    query: str | None = None,
    shared: str | None = None,
    team: Team | None = None,
    is_default: bool | None = None,
) -> SavedSearch:
    """Change what is given and leave the rest; `team` goes with `shared="team"`.

    Raises PermissionDenied for another person's search, or sharing that the person may not do;
    ValidationError keyed by field.
    """
    wanted_query = None if query is None else stored.canonical(query)
    with outbox.writing():
        saved = _lock(saved)
        check_may_change(by, saved)
        before = _told(saved)
        shown = _shown(saved)
        saved.name = saved.name if name is None else _free_name(name, saved)
        saved.query = saved.query if wanted_query is None else wanted_query
        if shared is not None:
            saved.shared, saved.team = shared, team if shared == Shared.TEAM else None
        # Also for a new name alone: who may not share any more must not put words before others.
        if _shown(saved) != shown:
            _check_sharing(saved, by)
        if is_default is not None:
            _set_default(saved, is_default)
        saved.updated_at = timezone.now()
        saved.save()
        audit.record("change", saved, by=by, before=before, after=_told(saved))
    return saved


def delete(saved: SavedSearch, *, by: User) -> None:
    """Forget a search; administrators may do that with what others share.

    Raises PermissionDenied for anybody else. What is gone already stays gone.
    """
    with outbox.writing():
        found = SavedSearch.objects.select_for_update().filter(pk=saved.pk).first()
        if found is None:
            return
        if not may_delete(by, found):
            raise PermissionDenied(_("Only who saved a search deletes it."))
        audit.record("delete", found, by=by, before=_told(found))
        found.delete()


def may_change(user: User, saved: SavedSearch) -> bool:
    """Whether the user may change the search."""
    return user.pk == saved.owner_id


def check_may_change(user: User, saved: SavedSearch) -> None:
    """Raise PermissionDenied for another person's search."""
    if not may_change(user, saved):
        raise PermissionDenied(_("Only who saved a search changes it."))


def may_delete(user: User, saved: SavedSearch) -> bool:
    """Whether the user may delete the search."""
    is_shared = saved.shared != Shared.PRIVATE
    return user.pk == saved.owner_id or (user.is_administrator and is_shared)


def may_share_with_site(user: User) -> bool:
    """Whether the user may put a search before everybody: reviewers, leads and administrators.

    Its name stands in everybody's completions, so it takes those who are trusted to approve for others.
    """
    trusted = Membership.roles_from("reviewer")
    return user.is_administrator or user.memberships.filter(role__in=trusted).exists()


def _lock(saved: SavedSearch) -> SavedSearch:
    """The row as it stands now, held until the transaction ends."""
    found = SavedSearch.objects.select_for_update().filter(pk=saved.pk).first()
    if found is None:
        raise ValidationError({"name": _("This search was deleted meanwhile.")})
    return found


def _free_name(name: str, saved: SavedSearch) -> str:
    """The name without odd spaces; raises ValidationError when it cannot be, or is taken."""
    name = " ".join(readable(name).split())
    if not name:
        raise ValidationError({"name": _("Give the search a name.")})
    if len(name) > LONGEST_NAME:
        message = _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME}
        raise ValidationError({"name": message})
    # Compared here and not by the database: SQLite knows the letter case of ASCII only.
    others = SavedSearch.objects.filter(owner=saved.owner_id).exclude(pk=saved.pk)
    taken = {other.casefold() for other in others.values_list("name", flat=True)}
    if name.casefold() in taken:
        message = _("You have a search “%(name)s” already.") % {"name": name}
        raise ValidationError({"name": message})
    return name


def _check_sharing(saved: SavedSearch, by: User) -> None:
    if saved.shared not in Shared.values:
        message = _("There is no sharing “%(name)s”.") % {"name": saved.shared[:20]}
        raise ValidationError({"shared": message})
    if saved.shared == Shared.SITE and not may_share_with_site(by):
        raise PermissionDenied(_("Reviewers, leads and administrators share with everybody."))
    if saved.shared != Shared.TEAM:
        return
    if saved.team is None:
        raise ValidationError({"team": _("Choose the team to share it with.")})
    if not access.may_write_in(by, saved.team):
        raise PermissionDenied(
            _("You may not share with the team “%(team)s”.") % {"team": saved.team}
        )


def _set_default(saved: SavedSearch, is_default: bool) -> None:
    if is_default:
        # The one before gives way first: the database allows no two, not even for a moment.
        others = SavedSearch.objects.filter(owner=saved.owner_id, is_default=True)
        others.exclude(pk=saved.pk).update(is_default=False)
    saved.is_default = is_default


def _shown(saved: SavedSearch) -> tuple[Any, ...]:
    """What others see of it."""
    if saved.shared == Shared.PRIVATE:
        return ()
    return (saved.name, saved.query, saved.shared, saved.team_id)


def _told(saved: SavedSearch) -> dict[str, Any]:
    """What the audit log holds: neither the search's name nor what is searched for."""
    if saved.shared == Shared.PRIVATE:
        return {"shared": saved.shared}
    return {"shared": saved.shared, "team": saved.team.slug if saved.team else None}
