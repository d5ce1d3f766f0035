"""Taking a whole import back: what it made goes to the bin, what it changed becomes what it was.

What somebody changed since is left alone, and its row says so.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import (
    access,
    attachments,
    audit,
    authoring,
    bin,
    outbox,
    restoring,
    reviews,
    shelving,
)
from postmortems.exchange.importing import TRANSACTION
from postmortems.models import Import, ImportRow, Postmortem, User

Outcome, Undone, Status = ImportRow.Outcome, ImportRow.Undone, Postmortem.Status


def check_may_undo(batch: Import, by: User) -> None:
    """Raise PermissionDenied for whoever did not import it."""
    if batch.by_id != by.pk:
        raise PermissionDenied(_("Only who imported something takes it back."))


def undo_import(batch: Import, *, by: User) -> Import:
    """Take the import back row by row, with the rights of `by`; again it does nothing.

    Raises PermissionDenied for anybody but who imported it, ValidationError while it still runs.
    """
    check_may_undo(batch, by)
    if batch.finished_at is None:
        raise ValidationError({"import": _("This import is not finished yet.")})
    with outbox.postponed():
        # Backwards, so that what was made by the first row is the last to go.
        while rows := list(_left(batch)[:TRANSACTION]):
            _undo(rows, by)
    with outbox.writing():
        batch = Import.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if batch.undone_at is None:
            batch.undone_at = timezone.now()
            batch.save(update_fields=["undone_at"])
            audit.record("undo-import", batch, by=by, after=undone_counts(batch))
    return batch


def _left(batch: Import) -> Any:
    changed = batch.rows.filter(outcome__in=(Outcome.CREATED, Outcome.UPDATED), undone=Undone.NOT)
    return changed.order_by("-position")


def undone_counts(batch: Import) -> dict[str, int]:
    """What became of the rows when the import was taken back."""
    found = batch.rows.exclude(undone=Undone.NOT).order_by()
    return dict(found.values_list("undone").annotate(Count("pk")))


def _undo(rows: Sequence[ImportRow], by: User) -> None:
    with outbox.writing():
        locked = ImportRow.objects.select_for_update(of=("self",)).filter(
            pk__in=[row.pk for row in rows], undone=Undone.NOT
        )
        for row in locked.order_by("-position"):
            row.undone = _undone(row, by)
            row.save(update_fields=["undone"])


def _undone(row: ImportRow, by: User) -> str:
    """Undo one row, whole or not at all; says what became of it."""
    postmortem = Postmortem.objects.select_related("team").filter(pk=row.postmortem_id or 0).first()
    if postmortem is None or postmortem.deleted_at:
        return Undone.GONE
    if not access.may_edit(by, postmortem):
        return Undone.REFUSED
    if postmortem.version != row.version_after:
        return Undone.CHANGED
    try:
        with transaction.atomic():
            if row.outcome == Outcome.CREATED:
                bin.throw_away(postmortem, by=by)
                return Undone.BINNED
            _restore(row, postmortem, by)
            return Undone.RESTORED
    except (PermissionDenied, ValidationError, authoring.Conflict):
        return Undone.REFUSED


def _restore(row: ImportRow, postmortem: Postmortem, by: User) -> None:
    """Content, envelope and status as they were before the import."""
    before = dict(row.before)
    status = before.pop("status", postmortem.status)
    # Unfinished first: what it was need not be fit for what it is now.
    if postmortem.status in access.FINISHED and status not in access.FINISHED:
        postmortem = authoring.change_envelope(postmortem, by=by, status=status)
    if row.revision_before and row.revision_before != postmortem.revision:
        comment = _("Import %(ref)s was taken back") % {"ref": row.batch.ref}
        number, revision = row.revision_before, postmortem.revision
        postmortem = restoring.restore(
            postmortem, number, by=by, revision=revision, comment=comment
        )
    if changes := {name: _value(name, value) for name, value in before.items()}:
        postmortem = authoring.change_envelope(postmortem, by=by, **changes)
    _bring_back(postmortem, status, by)
    attachments.take_back(postmortem, row.files, by=by)


def _bring_back(postmortem: Postmortem, status: str, by: User) -> None:
    if status == postmortem.status or status not in access.FINISHED:
        return
    if postmortem.status == Status.ARCHIVED:
        shelving.unarchive(postmortem, by=by)
    elif status == Status.ARCHIVED and postmortem.status == Status.PUBLISHED:
        shelving.archive(postmortem, by=by)
    else:
        reviews.publish_imported(postmortem, by=by)


def _value(name: str, value: Any) -> Any:
    if name in ("authors", "named_people"):
        return list(User.objects.filter(pk__in=value))
    return value
