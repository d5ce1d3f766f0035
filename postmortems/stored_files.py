"""The rows of stored files: which belong to which content, and how much room is left. Called by verbs."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import file_store
from postmortems.document import Document
from postmortems.models import Postmortem, StoredFile, User

MEGABYTE = 1024 * 1024


def named_in(document: Document) -> list[str]:
    """The ids of the files that a content names."""
    return [item.id for item in document.attachments]


def claim(postmortem: Postmortem, document: Document, *, by: User) -> None:
    """Make what `by` has uploaded and the content names part of the postmortem; within its transaction.

    An id that is no upload of theirs stays a mere name: it opens nothing to anybody. Raises
    ValidationError when the postmortem has no room for more.
    """
    if not document.attachments:
        return
    theirs = StoredFile.objects.filter(pk__in=named_in(document), owner=by, claimed_at=None)
    free = theirs.filter(Q(postmortem=None) | Q(postmortem=postmortem))
    if free.update(postmortem=postmortem, claimed_at=timezone.now()):
        check_room(StoredFile.objects.filter(postmortem=postmortem))


def check_room(files: QuerySet[StoredFile], *, size: int = 0, count: int = 0) -> None:
    """Raise ValidationError when these files with so much more are over what a postmortem may hold."""
    held = files.aggregate(count=Count("pk"), size=Sum("size"))
    if held["count"] + count > settings.MOST_FILES:
        message = _("A postmortem holds at most %(most)d files, those of old revisions included.")
        raise ValidationError({"attachments": message % {"most": settings.MOST_FILES}})
    if (held["size"] or 0) + size > settings.MOST_FILES_BYTES:
        message = _("The files of a postmortem have at most %(most)d MB, old revisions included.")
        most = settings.MOST_FILES_BYTES // MEGABYTE
        raise ValidationError({"attachments": message % {"most": most}})


def of(postmortem: Postmortem, ids: Collection[str]) -> dict[str, StoredFile]:
    """Those of the ids that are files of the postmortem, by id. Who asks has looked at the right."""
    if not ids:
        return {}
    files = StoredFile.objects.filter(postmortem=postmortem, claimed_at__isnull=False)
    return files.in_bulk(list(ids))


def usable(
    ids: Collection[str], *, by: User, postmortem: Postmortem | None
) -> dict[str, StoredFile]:
    """Those of the ids that stand in the editor of `by`: files of the postmortem and new ones of theirs."""
    if not ids:
        return {}
    new = Q(owner=by, claimed_at=None) & (Q(postmortem=None) | Q(postmortem=postmortem))
    kept = Q(postmortem=postmortem, claimed_at__isnull=False) if postmortem else Q(pk__in=())
    return StoredFile.objects.filter(new | kept).in_bulk(list(ids))


def erase_with(postmortem: Postmortem) -> None:
    """Remove the bytes of a postmortem's files once the transaction that removes their rows is over."""
    ids = list(StoredFile.objects.filter(postmortem=postmortem).values_list("pk", flat=True))
    # After the commit: bytes without a row can be swept, a row without its bytes is a loss.
    transaction.on_commit(lambda: file_store.erase(ids), robust=True)
