"""Who reads a postmortem: visibility, named people, owning team and authors, changed together."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import access, authoring, outbox, people
from postmortems.authoring import Conflict
from postmortems.models import Postmortem, Team, User

Visibility = Postmortem.Visibility


@dataclass(frozen=True)
class Sharing:
    """What the envelope says of who reads and writes; people as their names to sign in with."""

    visibility: str
    team: str
    authors: frozenset[str]
    named: frozenset[str]


def of(postmortem: Postmortem) -> Sharing:
    """How a postmortem is shared now."""
    return Sharing(
        visibility=postmortem.visibility,
        team=postmortem.team.slug,
        authors=frozenset(user.username for user in postmortem.authors.all()),
        named=frozenset(user.username for user in postmortem.named_people.all()),
    )


def change(
    postmortem: Postmortem, wanted: Sharing, *, by: User, version: int | None = None
) -> Postmortem:
    """Share it like that from the next request on, in every list, search and feed.

    Raises what `authoring.change_envelope` raises; Conflict when a `version` is named and is no
    longer the current one; ValidationError keyed by field for people that the user may not find,
    for no authors, and for locking oneself out.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        access.check_may_edit(by, postmortem)
        # All the names are sent: an older page would give back what was taken away since.
        if version is not None and version != postmortem.version:
            raise Conflict(postmortem)
        changes = _changes(of(postmortem), wanted, by)
        check_people(wanted.authors, wanted.named, wanted.visibility, by=by)
        return authoring.change_envelope(postmortem, by=by, **changes) if changes else postmortem


def _changes(present: Sharing, wanted: Sharing, by: User) -> dict[str, Any]:
    """What of the envelope is to be otherwise."""
    changes: dict[str, Any] = {}
    kept = present.authors | present.named
    if wanted.visibility != present.visibility:
        changes["visibility"] = wanted.visibility
    if wanted.team != present.team:
        changes["team"] = _team(wanted.team)
    if wanted.authors != present.authors:
        changes["authors"] = accounts_of(wanted.authors, by=by, kept=kept)
    if wanted.named != present.named:
        changes["named_people"] = accounts_of(wanted.named, by=by, kept=kept)
    return changes


def readers(postmortem: Postmortem) -> list[str]:
    """Who can read it now, in sentences."""
    names = {"team": postmortem.team}
    always = _("Its authors always can, and so can administrators.")
    if postmortem.visibility == Visibility.RESTRICTED:
        return [_("The people named here can read it, and nobody else of the team."), always]
    if postmortem.status not in access.FINISHED:
        later = {
            Visibility.PUBLIC: _("Once published, everybody can, signed in or not."),
            Visibility.INTERNAL: _("Once published, everybody who signs in can."),
            Visibility.TEAM: _("Once published, that stays so."),
        }
        now = _("It is not published yet: the team %(team)s can read it.") % names
        return [now, later[Visibility(postmortem.visibility)], always]
    finished = {
        Visibility.PUBLIC: _("Everybody can read it, signed in or not."),
        Visibility.INTERNAL: _("Everybody who signs in can read it."),
        Visibility.TEAM: _("The team %(team)s can read it.") % names,
    }
    return [finished[Visibility(postmortem.visibility)], always]


def _team(slug: str) -> Team:
    found = Team.objects.filter(slug=slug.replace("\0", "")).first()
    if found is None:
        raise ValidationError({"team": _("Choose a team.")})
    return found


def accounts_of(
    wanted: Collection[str], *, by: User, kept: Collection[str] = frozenset()
) -> list[User]:
    """The accounts of these names: those of `kept` may stay, others must be findable by `by`.

    Raises ValidationError for names that are neither.
    """
    stays = User.objects.filter(username__in=kept)
    findable = people.known_to(by, "").filter(username__in=wanted)
    known = {user.username: user for user in [*stays, *findable]}
    missing = sorted(name for name in wanted if name not in known)
    if missing:
        message = _("There is no %(names)s among the people of your teams.")
        raise ValidationError({"people": message % {"names": ", ".join(missing)[:200]}})
    return [known[name] for name in wanted]


def check_people(
    authors: Collection[str], named: Collection[str], visibility: str | None, *, by: User
) -> None:
    """Raise ValidationError where nobody would be its author, or `by` would lock themselves out."""
    if not authors:
        raise ValidationError({"authors": _("A postmortem needs at least one author.")})
    if visibility != Visibility.RESTRICTED or by.is_administrator or by.is_system:
        return
    if by.username not in {*authors, *named}:
        raise ValidationError({"people": _("You would lock yourself out; name yourself as well.")})
