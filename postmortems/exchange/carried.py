"""The files that travel with postmortems: what they are called on the way, in lists and in texts.

A file is called alike by every site that it passes, whatever the site itself knows it by: so nobody
learns from an import which ids are in use, and what comes back is recognised.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from postmortems import attachments, document_json, file_types
from postmortems.document import Document
from postmortems.models import Postmortem, StoredFile
from postmortems.models.stored_file import is_file_id

BLOCK = 48 * 1024
WORD = re.compile(r"[0-9a-zA-Z]+", re.ASCII)
# What stands beside `walrus.md`: `walrus.files/ID/NAME`.
FOLDER_END = ".files"
# Names that an import passes over, as systems put such files everywhere.
PASSED_OVER = ("thumbs.db", ".ds_store")

Bytes = bytes | Path


@dataclass(frozen=True, slots=True)
class Carried:
    """A file of an export: its id outside, the name that its postmortem gives it, and the row."""

    id: str
    name: str
    file: StoredFile

    def open(self) -> BinaryIO | None:
        """Its bytes; None where they are gone, so that one loss does not end a whole export."""
        try:
            return attachments.open_bytes(self.file)
        except FileNotFoundError:
            return None

    def path(self, stem: str) -> str:
        """Where it lies beside the Markdown file of that stem."""
        name = file_types.clean_name(self.name)
        name = f"_{name}" if name.lower() in PASSED_OVER else name
        return f"{stem}{FOLDER_END}/{self.id}/{name}"


class CarriedFiles:
    """The files of some postmortems, found by one statement."""

    def __init__(self, postmortems: Iterable[Postmortem]) -> None:
        keys = [postmortem.pk for postmortem in postmortems]
        rows = StoredFile.objects.filter(postmortem__in=keys, claimed_at__isnull=False)
        self._rows: dict[int, dict[str, StoredFile]] = {}
        for row in rows:
            self._rows.setdefault(row.postmortem_id or 0, {})[row.pk] = row

    def put_into(
        self, document: Document, postmortem: Postmortem
    ) -> tuple[Document, tuple[Carried, ...]]:
        """The content with its files called as outside, and those that it names."""
        rows = self._rows.get(postmortem.pk, {})
        named = {item.id: item.name for item in document.attachments if item.id in rows}
        files = tuple(Carried(rows[pk].portable_id, name, rows[pk]) for pk, name in named.items())
        outside = {pk: row.portable_id for pk, row in rows.items()}
        return renamed(document, outside), files


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of an import as an upload: nobody has said what type it is."""

    name: str
    data: Bytes
    content_type: str = ""

    def chunks(self) -> Iterator[bytes]:
        """The bytes."""
        if isinstance(self.data, bytes):
            yield self.data
            return
        with self.data.open("rb") as source:
            while block := source.read(BLOCK):
                yield block


def beside(path: Path) -> dict[str, Bytes]:
    """The files that lie beside a Markdown file, by id."""
    found: dict[str, Bytes] = {}
    for file in sorted(path.with_suffix(FOLDER_END).glob("*/*")):
        # A link may lead anywhere.
        is_plain = file.is_file() and not file.is_symlink()
        if is_plain and is_file_id(file.parent.name) and file.name.lower() not in PASSED_OVER:
            found.setdefault(file.parent.name, file)
    return found


def owner_of(name: str) -> tuple[str, str]:
    """The stem of the Markdown file that a path in an archive lies beside, and its id; else nothing."""
    parts = name.rsplit("/", 2)
    if len(parts) == 3 and parts[0].endswith(FOLDER_END) and is_file_id(parts[1]):
        return parts[0].removesuffix(FOLDER_END), parts[1]
    return "", ""


def renamed(document: Document, names: Mapping[str, str]) -> Document:
    """The content with other ids of files, in its list and wherever a text gives the address of one.

    Ids are long and random: a word of a text that is one means the file.
    """
    names = {old: new for old, new in names.items() if old != new}
    if not names:
        return document
    return document_json.build(_renamed(document_json.to_json(document), names))


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return WORD.sub(lambda found: names.get(found[0], found[0]), value)
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    return value
