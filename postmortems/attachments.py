"""The verbs of files: take in, add, remove, find for a reader, sweep. Pages, API and commands call them.

A file is its owner's alone until a saved content names it; from then on it is for those who see the
postmortem while the current content names it, and for those who see its history afterwards.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from postmortems import (
    access,
    audit,
    authoring,
    content,
    file_store,
    file_types,
    images,
    outbox,
    restoring,
    stored_files,
)
from postmortems.access import Viewer
from postmortems.document import Attachment, Document
from postmortems.file_types import FileType
from postmortems.images import Picture
from postmortems.models import Draft, Postmortem, StoredFile, User
from postmortems.models.postmortem import is_ref
from postmortems.models.stored_file import is_file_id

BLOCK = 64 * 1024
TRIES = 5
UNCLAIMED = timedelta(hours=24)


class Upload(Protocol):
    """What arrives: its name, the type it is said to have, and its bytes in pieces."""

    @property
    def name(self) -> str | None:
        """What it is called."""

    @property
    def content_type(self) -> str | None:
        """What it is said to be."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes."""


@dataclass(frozen=True)
class Taken:
    """A file that was taken in; of an animated picture the first image was kept."""

    file: StoredFile
    was_animated: bool = False


@dataclass(frozen=True)
class Swept:
    """How many uploads nobody saved and how many left-over files were removed; which rows lack bytes."""

    unclaimed: int
    orphans: int
    missing: tuple[str, ...]


# --- Taking in ----------------------------------------------------------------------------------


def take_in(upload: Upload, *, by: User, postmortem: Postmortem | None = None) -> Taken:
    """Keep an upload for what `by` is writing: a postmortem that is there, or a new one.

    Nobody else can read it until a saved content names it. Raises PermissionDenied for who may not
    write there; ValidationError, keyed `file` or `attachments`, for what is not taken in.
    """
    made = prepare(upload, by=by, postmortem=postmortem)
    _store(made.file, by)
    return made


def prepare(
    upload: Upload, *, by: User, postmortem: Postmortem | None = None, is_kept: bool = True
) -> Taken:
    """Look at an upload, make it what is kept of it, and put the bytes in their place, without a row.

    `enter` writes the row; without one the sweep takes the bytes. With `is_kept` false they are let
    go at once. Raises what `take_in` raises.
    """
    if postmortem:
        access.check_may_edit(by, postmortem)
    else:
        access.check_may_write(by)
    with file_store.desk() as folder:
        given = folder / "given"
        _write(upload, given)
        name = file_types.clean_name(upload.name or "")
        kind = _type_of(given, name, upload.content_type or "")
        picture = _remade(given, folder) if kind.is_picture else None
        whole = folder / "whole" if picture else given
        file = StoredFile(
            postmortem=postmortem,
            owner=by,
            name=file_types.name_as(name, _kind_called(picture.media) if picture else kind),
            media_type=picture.media if picture else kind.media,
            size=whole.stat().st_size,
            digest=_digest(whole),
            width=picture.width if picture else None,
            height=picture.height if picture else None,
        )
        sizes = {size: folder / size for size in file_store.SIZES} if picture else {}
        if is_kept:
            file_store.keep(file.pk, {file_store.WHOLE: whole, **sizes})
    return Taken(file, bool(picture and picture.is_animated))


def _write(upload: Upload, path: Path) -> None:
    size = 0
    with path.open("xb") as target:
        for piece in upload.chunks():
            size += len(piece)
            # Counted as it comes: what a header says about the size is only a word.
            if size > settings.MOST_FILE_BYTES:
                most = settings.MOST_FILE_BYTES // stored_files.MEGABYTE
                raise _refused(_("A file has at most %(most)d MB.") % {"most": most})
            target.write(piece)
    if not size:
        raise _refused(_("The file is empty."))


def _type_of(path: Path, name: str, declared: str) -> FileType:
    with path.open("rb") as source:
        kind = file_types.type_of(source.read(file_types.HEAD))
    if kind is None and file_types.is_text(_blocks(path)):
        kind = file_types.TEXT
    if kind is None:
        raise _refused(
            _("Files of this kind are not taken in: only pictures, texts, PDF, ZIP and gzip.")
        )
    if not kind.is_picture and file_types.poses_as_picture(name, declared):
        raise _refused(_("This is called a picture and is none."))
    return kind


def _remade(given: Path, folder: Path) -> Picture:
    try:
        return images.remake(given, folder)
    except images.Unreadable as error:
        if error.is_large:
            raise _refused(_("The picture has too many pixels: make it smaller.")) from error
        raise _refused(_("The picture cannot be read: it is damaged or incomplete.")) from error


def _kind_called(media: str) -> FileType:
    return next(kind for kind in file_types.PICTURES if kind.media == media)


def _store(file: StoredFile, by: User) -> None:
    """Write the row; the bytes stand in their place already."""
    others = StoredFile.objects.filter(postmortem=file.postmortem)
    if file.postmortem is None:
        others = others.filter(owner=by)
    try:
        with outbox.writing():
            stored_files.check_room(others, size=file.size, count=1)
            enter([file], by=by)
    except ValidationError:
        # Only this is known to have left no row; after any other failure the sweep decides.
        file_store.erase([file.pk])
        raise


def enter(files: Sequence[StoredFile], *, by: User) -> None:
    """Write the rows of prepared files, within the transaction that saves what names them.

    Saving looks whether a postmortem has room for them.
    """
    for file in files:
        file.save(force_insert=True)
        after = {"media_type": file.media_type, "size": file.size}
        audit.record("upload", file, by=by, after=after)


def _refused(words: str) -> ValidationError:
    return ValidationError({"file": words})


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            yield block


# --- Changing a postmortem ----------------------------------------------------------------------


def add(postmortem: Postmortem, upload: Upload, *, by: User) -> Taken:
    """Take a file in and save a revision that names it; raises what `take_in` and `edit` raise."""
    taken = take_in(upload, by=by, postmortem=postmortem)
    named = Attachment(taken.file.pk, taken.file.name)
    comment = _("Added the file %(name)s") % {"name": named.name}
    _edit(postmortem, lambda files: (*files, named), by=by, comment=comment)
    taken.file.refresh_from_db()
    return taken


def remove(postmortem: Postmortem, file_id: str, *, by: User) -> Postmortem:
    """Save a revision that no longer names the file; old revisions keep it. Raises what `edit` raises."""
    # As it stands now: what the caller holds may be older than the file.
    postmortem = Postmortem.objects.select_related("team").get(pk=postmortem.pk)
    files = content.read(postmortem).attachments
    named = next((item for item in files if item.id == file_id), None)
    if named is None:
        access.check_may_edit(by, postmortem)
        return postmortem

    def without(files: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
        return tuple(item for item in files if item.id != file_id)

    comment = _("Removed the file %(name)s") % {"name": named.name}
    return _edit(postmortem, without, by=by, comment=comment)


def _edit(
    postmortem: Postmortem,
    change: Callable[[tuple[Attachment, ...]], tuple[Attachment, ...]],
    *,
    by: User,
    comment: str,
) -> Postmortem:
    """Change the list of files, whatever else is saved meanwhile: the two do not touch."""
    for tries_left in reversed(range(TRIES)):
        current = Postmortem.objects.select_related("team").get(pk=postmortem.pk)
        document: Document = content.read(current)
        changed = replace(document, attachments=change(document.attachments))
        try:
            return authoring.edit(
                current, changed, by=by, revision=current.revision, comment=comment[:500]
            )
        except authoring.Conflict:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def take_back(postmortem: Postmortem, file_ids: Collection[str], *, by: User) -> None:
    """Remove files for good that an import brought, rows and bytes; old revisions keep their names.

    Called within the transaction that gave the postmortem its former content. Raises
    PermissionDenied for who may not edit it.
    """
    access.check_may_edit(by, postmortem)
    named = {item.id for item in content.read(postmortem).attachments}
    found = StoredFile.objects.filter(postmortem=postmortem, pk__in=set(file_ids) - named)
    gone = list(found)
    audit.record_many("take-back-file", gone, by=by)
    ids = [file.pk for file in gone]
    found.delete()
    transaction.on_commit(lambda: file_store.erase(ids), robust=True)


# --- Reading ------------------------------------------------------------------------------------


def find(viewer: Viewer, file_id: str, ref: str = "") -> StoredFile | None:
    """The file, of that postmortem where one is named, if the viewer may read it now; else None."""
    # What cannot be an id never reaches the database: PostgreSQL refuses a NUL with an error.
    if not is_file_id(file_id) or (ref and not is_ref(ref)):
        return None
    files = StoredFile.objects.select_related("postmortem__team")
    found = files.filter(pk=file_id, **({"postmortem__ref": ref} if ref else {})).first()
    return found if found and _may_read(viewer, found) else None


def _may_read(viewer: Viewer, file: StoredFile) -> bool:
    postmortem = file.postmortem
    if postmortem:
        seen = Postmortem.objects.visible_to(viewer).filter(pk=postmortem.pk)
        if not seen.exists():
            return False
    if file.claimed_at is None or postmortem is None:
        return isinstance(viewer, User) and viewer.is_active and file.owner_id == viewer.pk
    is_current = any(item["id"] == file.pk for item in postmortem.attachments)
    return is_current or restoring.may_see_history(viewer, postmortem)


def open_bytes(file: StoredFile, size: str = file_store.WHOLE) -> BinaryIO:
    """The bytes of a file or of its thumbnail; raises FileNotFoundError. Who asks has looked at the right."""
    return file_store.open_bytes(file.pk, size)


# --- Sweeping -----------------------------------------------------------------------------------


def sweep(older_than: timedelta = UNCLAIMED) -> Swept:
    """Remove uploads that no saved content and no draft names, and bytes without a row, once that old."""
    unclaimed = _sweep_rows(timezone.now() - older_than)
    known = set(StoredFile.objects.values_list("pk", flat=True))
    orphans = list(file_store.orphans(known, older_than.total_seconds()))
    for path in orphans:
        path.unlink(missing_ok=True)
    missing = sorted(file_id for file_id in known if not file_store.path_of(file_id).exists())
    return Swept(unclaimed, len(orphans), tuple(missing))


def _sweep_rows(before: Any) -> int:
    old = StoredFile.objects.filter(claimed_at=None, created_at__lt=before)
    # The lock of all writers: nobody saves a content that names one of them meanwhile.
    with outbox.writing():
        unused = [file.pk for file in old.iterator() if not _is_in_a_draft(file)]
        StoredFile.objects.filter(pk__in=unused).delete()
        audit.record_many(
            "sweep-file", [StoredFile(pk=file_id) for file_id in unused], by=User.objects.system()
        )
    file_store.erase(unused)
    return len(unused)


def _is_in_a_draft(file: StoredFile) -> bool:
    """Whether its owner is still writing what it was uploaded for, however long that takes."""
    drafts = Draft.objects.filter(owner=file.owner_id).iterator(chunk_size=10)
    return any(file.pk in text for draft in drafts for text in draft.typed.values())
