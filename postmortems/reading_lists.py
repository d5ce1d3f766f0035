"""The verbs of reading lists: make, change, delete, and put postmortems in, in an order. Each checks the right.

Whoever acts on entries acts on those that they see: what they may not see keeps its place, and nothing
tells them that it is there.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from postmortems import access, audit, outbox
from postmortems.models import Membership, Postmortem, ReadingList, ReadingListEntry, Team, User
from postmortems.models.postmortem import is_ref
from postmortems.models.reading_list import LONGEST_DESCRIPTION, LONGEST_NAME, LONGEST_WHY
from postmortems.search.selection import readable

Shared = ReadingList.Shared
MOST_PER_OWNER = 200
MOST_ENTRIES = 200


class OrderMoved(Exception):
    """Somebody changed which postmortems stand in the list, or in which order, since it was read."""


def create(
    name: str,
    *,
    by: User,
    description: str = "",
    shared: str = Shared.PRIVATE,
    team: Team | None = None,
    first: Postmortem | None = None,
) -> ReadingList:
    """Make a list, empty or with a first postmortem in it.

    Raises PermissionDenied for sharing that the person may not do, ValidationError keyed by field.
    """
    made = ReadingList(owner=by, shared=shared, team=team if shared == Shared.TEAM else None)
    made.description = _text(description)
    with outbox.writing():
        if ReadingList.objects.filter(owner=by).count() >= MOST_PER_OWNER:
            message = _("You keep %(most)d reading lists already; delete one first.")
            raise ValidationError({"name": message % {"most": MOST_PER_OWNER}})
        made.name = _free_name(name, made)
        _check_sharing(made, by)
        made.save()
        audit.record("create", made, by=by, after=_told(made))
        if first is not None:
            add(made, first, by=by)
    return made


def change(
    found: ReadingList,
    *,
    by: User,
    name: str | None = None,
    description: str | None = None,
    shared: str | None = None,
    team: Team | None = None,
) -> ReadingList:
    """Change what is given and leave the rest; `team` goes with `shared="team"`.

    Raises PermissionDenied for another person's list, or sharing that the person may not do;
    ValidationError keyed by field.
    """
    with outbox.writing():
        found = _lock(found)
        check_may_change(by, found)
        before, shown = _told(found), _shown(found)
        found.name = found.name if name is None else _free_name(name, found)
        found.description = found.description if description is None else _text(description)
        if shared is not None:
            found.shared, found.team = shared, team if shared == Shared.TEAM else None
        # Also for other words alone: who may not share any more must not put words before others.
        if _shown(found) != shown:
            _check_sharing(found, by)
        found.save()
        audit.record("change", found, by=by, before=before, after=_told(found))
    return found


def delete(found: ReadingList, *, by: User) -> None:
    """Delete a list; administrators may do that with what others share.

    Raises PermissionDenied for anybody else. What is gone already stays gone.
    """
    with outbox.writing():
        present = ReadingList.objects.select_for_update(of=("self",)).filter(pk=found.pk).first()
        if present is None:
            return
        if not may_delete(by, present):
            raise PermissionDenied(_("Only who made a reading list deletes it."))
        audit.record("delete", present, by=by, before=_told(present))
        present.delete()


# --- Entries -------------------------------------------------------------------------------------


def add(found: ReadingList, postmortem: Postmortem, *, by: User, why: str = "") -> ReadingListEntry:
    """Put a postmortem at the end. Raises ValidationError for one that stands there, or a full list."""
    why = _why(why)
    with outbox.writing():
        found = _held(found, by)
        if why:
            _check_sharing(found, by)
        seen = entries_of(found, by)
        if not Postmortem.objects.visible_to(by).filter(pk=postmortem.pk).exists():
            raise PermissionDenied(_("You may not read this postmortem."))
        if any(entry.postmortem_id == postmortem.pk for entry in seen):
            raise ValidationError({"postmortem": _("It stands in this list already.")})
        # Of those that are seen: a number that includes others would tell of them.
        if len(seen) >= MOST_ENTRIES:
            message = _("A reading list holds at most %(most)d postmortems.")
            raise ValidationError({"postmortem": message % {"most": MOST_ENTRIES}})
        last = found.entries.order_by("-position").values_list("position", flat=True).first()
        place = 1 if last is None else last + 1
        made = found.entries.create(postmortem=postmortem, position=place, why=why)
        audit.record("add-to-list", found, by=by, after=_named(found, postmortem.ref))
    return made


def explain(found: ReadingList, ref: str, why: str, *, by: User) -> ReadingListEntry:
    """Say why a postmortem of the list is to be read. Raises ObjectDoesNotExist for one not there,
    PermissionDenied for who may not put words before those that the list is shared with."""
    why = _why(why)
    with outbox.writing():
        found = _held(found, by)
        entry = _entry(found, ref, by)
        if entry.why != why:
            _check_sharing(found, by)
            entry.why = why
            entry.save(update_fields=["why"])
            audit.record("explain-in-list", found, by=by, after=_named(found, ref))
    return entry


def remove(found: ReadingList, ref: str, *, by: User) -> None:
    """Take a postmortem out of the list. Raises ObjectDoesNotExist for one not there."""
    with outbox.writing():
        found = _held(found, by)
        entry = _entry(found, ref, by)
        audit.record("remove-from-list", found, by=by, before=_named(found, ref))
        entry.delete()


def move(found: ReadingList, ref: str, steps: int, *, by: User) -> None:
    """Move a postmortem up (`steps` below 0) or down, no further than the ends.

    Raises ObjectDoesNotExist for one that is not there.
    """
    with outbox.writing():
        found = _held(found, by)
        refs = refs_of(entries_of(found, by))
        if ref not in refs:
            raise ReadingListEntry.DoesNotExist
        place = refs.index(ref)
        refs.insert(max(0, place + steps), refs.pop(place))
        _arrange(found, refs, by)


def arrange(found: ReadingList, refs: Sequence[str], *, by: User, seen: str) -> None:
    """Put all postmortems of the list that the person sees in this order.

    `seen` is the `state_of` the refs that they were shown. Raises OrderMoved where it is another by
    now, ValidationError where these are not the same postmortems.
    """
    with outbox.writing():
        found = _held(found, by)
        present = refs_of(entries_of(found, by))
        if state_of(present) != seen:
            raise OrderMoved
        if sorted(refs) != sorted(present):
            message = _("Name each postmortem of the list once, and no other.")
            raise ValidationError({"postmortems": message})
        _arrange(found, refs, by)


def entries_of(found: ReadingList, viewer: access.Viewer) -> Any:
    """The entries that the viewer sees, in order, with their postmortems."""
    seen = ReadingListEntry.objects.filter(reading_list=found).seen_by(viewer)
    return seen.select_related("postmortem").in_order()


def refs_of(entries: Iterable[ReadingListEntry]) -> list[str]:
    """The refs of their postmortems."""
    return [entry.postmortem.ref for entry in entries]


def state_of(refs: Iterable[str]) -> str:
    """What tells one order from another: made of what a reader sees, so that it tells of nothing else."""
    return hashlib.sha256(" ".join(refs).encode()).hexdigest()[:16]


# --- Rights --------------------------------------------------------------------------------------


def may_change(user: access.Viewer, found: ReadingList) -> bool:
    """Whether the user may rename, share and describe the list."""
    return user.pk == found.owner_id


def check_may_change(user: User, found: ReadingList) -> None:
    """Raise PermissionDenied for another person's list."""
    if not may_change(user, found):
        raise PermissionDenied(_("Only who made a reading list changes what it is called."))


def may_fill(user: access.Viewer, found: ReadingList) -> bool:
    """Whether the user may change what stands in it: who made it, and who writes in its team."""
    if not isinstance(user, User):
        return False
    if user.pk == found.owner_id:
        return True
    return found.team is not None and access.has_role(user, found.team, "author")


def check_may_fill(user: User, found: ReadingList) -> None:
    """Raise PermissionDenied for who may not."""
    if not may_fill(user, found):
        raise PermissionDenied(_("Only who made this reading list changes what stands in it."))


def may_delete(user: access.Viewer, found: ReadingList) -> bool:
    """Whether the user may delete the list."""
    is_shared = found.shared != Shared.PRIVATE
    is_administrator = isinstance(user, User) and user.is_administrator
    return user.pk == found.owner_id or (is_administrator and is_shared)


def may_share_with_everybody(user: User) -> bool:
    """Whether the user may show a list beyond a team: reviewers, leads and administrators."""
    trusted = Membership.roles_from("reviewer")
    return user.is_administrator or user.memberships.filter(role__in=trusted).exists()


def to_fill(user: User) -> Any:
    """The lists that the user may add to, by name."""
    roles = Membership.roles_from("author")
    teams = user.memberships.filter(role__in=roles).values("team")
    own = ReadingList.objects.filter(owner=user)
    return (own | ReadingList.objects.filter(team__in=teams)).order_by("name", "ref")


def _lock(found: ReadingList) -> ReadingList:
    """The row as it stands now, held until the transaction ends."""
    rows = ReadingList.objects.select_for_update(of=("self",)).select_related("team")
    return rows.get(pk=found.pk)


def _held(found: ReadingList, by: User) -> ReadingList:
    found = _lock(found)
    check_may_fill(by, found)
    return found


def _entry(found: ReadingList, ref: str, by: User) -> ReadingListEntry:
    # What cannot be a ref never reaches the database: PostgreSQL refuses a NUL with an error.
    if not is_ref(ref):
        raise ReadingListEntry.DoesNotExist
    entry: ReadingListEntry = entries_of(found, by).get(postmortem__ref=ref)
    return entry


def _arrange(found: ReadingList, refs: Sequence[str], by: User) -> None:
    """Give the places that these have to them in this order; all others stay where they are."""
    by_ref = {entry.postmortem.ref: entry for entry in entries_of(found, by)}
    places = sorted(entry.position for entry in by_ref.values())
    moved = []
    for ref, place in zip(refs, places, strict=True):
        if by_ref[ref].position != place:
            by_ref[ref].position = place
            moved.append(by_ref[ref])
    if moved:
        ReadingListEntry.objects.bulk_update(moved, ["position"])
        audit.record("arrange-list", found, by=by)


# --- What is taken -------------------------------------------------------------------------------


def _free_name(name: str, found: ReadingList) -> str:
    """The name without odd spaces; raises ValidationError when it cannot be, or is taken."""
    name = " ".join(readable(name).split())
    if not name:
        raise ValidationError({"name": _("Give the list a name.")})
    if len(name) > LONGEST_NAME:
        message = _("A name has at most %(most)d characters.") % {"most": LONGEST_NAME}
        raise ValidationError({"name": message})
    # Compared here and not by the database: SQLite knows the letter case of ASCII only.
    others = ReadingList.objects.filter(owner=found.owner_id).exclude(pk=found.pk)
    if name.casefold() in {other.casefold() for other in others.values_list("name", flat=True)}:
        message = _("You have a reading list “%(name)s” already.") % {"name": name}
        raise ValidationError({"name": message})
    return name


def _text(description: str) -> str:
    text = readable(description).strip()
    if len(text) > LONGEST_DESCRIPTION:
        message = _("A description has at most %(most)d characters.")
        raise ValidationError({"description": message % {"most": LONGEST_DESCRIPTION}})
    return text


def _why(why: str) -> str:
    text = " ".join(readable(why).split())
    if len(text) > LONGEST_WHY:
        message = _("Say it in at most %(most)d characters.") % {"most": LONGEST_WHY}
        raise ValidationError({"why": message})
    return text


def _named(found: ReadingList, ref: str) -> dict[str, str]:
    """What the audit log keeps of an entry: of a private list nothing."""
    return {} if found.shared == Shared.PRIVATE else {"postmortem": ref}


def _check_sharing(found: ReadingList, by: User) -> None:
    if found.shared not in Shared.values:
        message = _("There is no sharing “%(name)s”.") % {"name": found.shared[:20]}
        raise ValidationError({"shared": message})
    is_wide = found.shared in (Shared.SITE, Shared.PUBLIC)
    if is_wide and not may_share_with_everybody(by):
        raise PermissionDenied(_("Reviewers, leads and administrators share with everybody."))
    if found.shared != Shared.TEAM:
        return
    if found.team is None:
        raise ValidationError({"team": _("Choose the team to share it with.")})
    if not access.may_write_in(by, found.team):
        raise PermissionDenied(
            _("You may not share with the team “%(team)s”.") % {"team": found.team}
        )


def _shown(found: ReadingList) -> tuple[Any, ...]:
    """What others see of it."""
    if found.shared == Shared.PRIVATE:
        return ()
    return (found.name, found.description, found.shared, found.team_id)


def _told(found: ReadingList) -> dict[str, Any]:
    """What the audit log holds: neither the list's name nor its words."""
    if found.shared == Shared.PRIVATE:
        return {"shared": found.shared}
    return {"shared": found.shared, "team": found.team.slug if found.team else None}
