"""The bin: throw a postmortem away, take it back, or remove it for good. And who sees what lies there."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import access, audit, authoring, content, history, outbox, rendering, stored_files
from postmortems.access import Viewer
from postmortems.models import Membership, Postmortem, RenderedText, Revision, User
from taxonomy import lookup


def binned_for(user: Viewer) -> models.QuerySet[Postmortem]:
    """What lies in the bin for this user, last thrown away first: as author, team lead or administrator."""
    if not isinstance(user, User) or not user.is_active:
        return Postmortem.objects.none()
    binned = Postmortem.objects.filter(deleted_at__isnull=False)
    seen = binned.visible_with(access.tokens_of(user)).order_by("-deleted_at", "-pk")
    if user.is_administrator:
        return seen
    # The tokens name the leads of the day it was thrown away; who leads no longer sees it no longer.
    led = user.memberships.filter(role=Membership.Role.LEAD).values("team")
    written = Postmortem.authors.through._default_manager.filter(user=user).values("postmortem")
    return seen.filter(models.Q(pk__in=written) | models.Q(team__in=led))


def may_restore(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user may take a postmortem out of the bin: who sees it there and writes in its team."""
    return access.may_write_in(user, postmortem.team) and _finds(user, postmortem)


def may_purge(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user may remove a postmortem for good: the leads of its team, and administrators."""
    if not isinstance(user, User):
        return False
    is_lead = access.has_role(user, postmortem.team, Membership.Role.LEAD)
    is_trusted = is_lead or user.is_administrator or user.is_system
    return is_trusted and _finds(user, postmortem)


def check_may_restore(user: Viewer, postmortem: Postmortem) -> None:
    """Raise PermissionDenied for who may not take the postmortem out of the bin."""
    if not may_restore(user, postmortem):
        message = _("Only who writes in the team %(team)s may take this out of the bin.")
        raise PermissionDenied(message % {"team": postmortem.team})


def check_may_purge(user: Viewer, postmortem: Postmortem) -> None:
    """Raise PermissionDenied for who may not remove the postmortem for good."""
    if not may_purge(user, postmortem):
        message = _("Only the leads of %(team)s and administrators may remove this for good.")
        raise PermissionDenied(message % {"team": postmortem.team})


def throw_away(postmortem: Postmortem, *, by: User) -> Postmortem:
    """Move a postmortem to the bin: gone for all but its authors, its team's leads, and administrators.

    Everything it holds stays with it. Raises PermissionDenied for who may not change it,
    ValidationError when it is no longer there at all.
    """
    with outbox.writing():
        postmortem = _lock(postmortem)
        if postmortem.deleted_at and may_restore(by, postmortem):
            return postmortem
        access.check_may_edit(by, postmortem)
        postmortem.deleted_at = timezone.now()
        authoring.save_envelope(postmortem, by=by, action="throw-away", before={"deleted_at": ""})
    return postmortem


def restore(postmortem: Postmortem, *, by: User) -> Postmortem:
    """Take a postmortem out of the bin, as it was: its revisions, relations and readers come back.

    Raises PermissionDenied for who may not, ValidationError when it was purged meanwhile.
    """
    with outbox.writing():
        postmortem = _lock(postmortem)
        if not postmortem.deleted_at and access.may_edit(by, postmortem):
            return postmortem
        check_may_restore(by, postmortem)
        before = {"deleted_at": str(postmortem.deleted_at)}
        postmortem.deleted_at = None
        authoring.save_envelope(postmortem, by=by, action="restore", before=before)
    return postmortem


def purge(postmortem: Postmortem, *, by: User) -> None:
    """Remove what lies in the bin for good, with its revisions and everything else that hangs on it.

    What is gone already stays gone. Raises PermissionDenied for who neither leads its team nor
    administers, ValidationError for what is not in the bin.
    """
    with outbox.writing():
        found = Postmortem.objects.filter(pk=postmortem.pk).first()
        if found is None:
            return
        postmortem = authoring.lock(found)
        if postmortem.deleted_at is None:
            raise ValidationError({"deleted_at": _("Only what is in the bin can be purged.")})
        check_may_purge(by, postmortem)
        changed = authoring.with_relatives([postmortem])
        _forget_renderings(postmortem)
        # The log says that it went and who did it; the title may be the very thing that had to go.
        audit.record("purge", Postmortem(pk=postmortem.pk, ref=postmortem.ref), by=by)
        stored_files.erase_with(postmortem)
        postmortem.delete()
        outbox.log_changes(changed)


def _finds(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user sees the postmortem in the bin; the system user needs no audience."""
    if isinstance(user, User) and user.is_system:
        return postmortem.deleted_at is not None
    return binned_for(user).filter(pk=postmortem.pk).exists()


def _lock(postmortem: Postmortem) -> Postmortem:
    """The row as it stands now; raises ValidationError when there is none any more."""
    if not Postmortem.objects.filter(pk=postmortem.pk).exists():
        raise ValidationError({"deleted_at": _("It was removed for good meanwhile.")})
    return authoring.lock(postmortem)


def _forget_renderings(postmortem: Postmortem) -> None:
    """Delete what was laid out of any of its revisions; a text that others share is laid out again."""
    terms = lookup.current()
    for revision in Revision.objects.filter(postmortem=postmortem).iterator(chunk_size=20):
        texts = content.paragraphs(history.document_of(revision, terms))
        RenderedText.objects.filter(pk__in=[rendering.digest(text) for text in texts]).delete()
