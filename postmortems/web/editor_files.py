"""The files part of the editor: what stands in its list, and files that come with the form itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from postmortems import attachments, stored_files
from postmortems.models import User
from postmortems.web import file_links
from postmortems.web.editor_desk import Desk
from postmortems.web.editor_fields import rows_of
from postmortems.web.file_links import FileRow, Files

PART = "attachments"


@dataclass(frozen=True)
class EditFile:
    """A line of the list; `start` begins the names of its fields."""

    start: str
    row: FileRow
    is_removed: bool = False

    @property
    def id(self) -> str:
        """The beginning of the ids of its elements."""
        return self.start.replace(".", "-")


def files_on(desk: Desk, by: User) -> Files:
    """The files that the fields name and that `by` may use here, by id."""
    ids = [row.values.get("id", "") for row in rows_of(desk.fields, PART)]
    found = stored_files.usable([one for one in ids if one], by=by, postmortem=desk.postmortem)
    for file in found.values():
        if file.postmortem_id:
            file.postmortem = desk.postmortem
    return found


def list_on(desk: Desk, files: Files) -> Iterator[EditFile]:
    """The lines of the list."""
    for row in rows_of(desk.fields, PART):
        file_id, name = row.values.get("id", ""), row.values.get("name", "")
        if name:
            line = file_links.row_of(file_id, name, files.get(file_id))
            yield EditFile(f"{PART}.{row.number}", line, bool(row.values.get("removed")))


def with_uploads(desk: Desk, sent: list[UploadedFile], by: User) -> tuple[Desk, list[str]]:
    """The desk with the files that came with the form, and what was wrong with the others."""
    refused: list[str] = []
    for upload in sent:
        try:
            taken = attachments.take_in(upload, by=by, postmortem=desk.postmortem)
        except ValidationError as error:
            told = {"name": upload.name, "words": " ".join(error.messages)}
            refused.append(_("%(name)s: %(words)s") % told)
            continue
        desk = _with_file(desk, taken)
    return desk, refused


def _with_file(desk: Desk, taken: attachments.Taken) -> Desk:
    number = 1 + max((int(row.number) for row in rows_of(desk.fields, PART)), default=-1)
    start = f"{PART}.{number}"
    added = {f"{start}.id": taken.file.pk, f"{start}.name": taken.file.name}
    said = _("%(name)s was added to the files.") % {"name": taken.file.name}
    note = (_("Of the animation the first picture was kept."),) if taken.was_animated else ()
    return replace(desk, fields={**desk.fields, **added}, said=(*desk.said, said, *note))
