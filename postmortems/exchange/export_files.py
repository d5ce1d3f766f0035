"""All that a search finds, as one stream in each of the formats; what it holds can be imported again.

Which postmortems there are is decided before the first piece; rights are asked again batch by batch.
"""

import base64
import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from postmortems.access import Viewer
from postmortems.document import Document
from postmortems.exchange import result_csv
from postmortems.exchange.carried import BLOCK, Carried
from postmortems.exchange.exporting import BATCH, FILE_NAME, contents_for, files_for
from postmortems.exchange.file_keys import Envelope
from postmortems.exchange.json_file import print_parts
from postmortems.models import Postmortem
from postmortems.search.whole import Record, whole_result
from taxonomy import lookup

# Bytes sent at once: one by one small pieces would travel, and be compressed, alone.
TOGETHER = 64 * 1024
# No archive says when it was written: the same postmortems make the same bytes.
LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Format:
    """A format of exports: its media type, and how names of its files end."""

    media_type: str
    end: str


FORMATS = {
    "ndjson": Format("application/x-ndjson", "ndjson"),
    "json": Format("application/json; charset=utf-8", "json"),
    "markdown": Format("application/zip", "zip"),
    "csv": Format("text/csv; charset=utf-8", "csv"),
}


YES = ("1", "true", "yes", "on")


@dataclass(frozen=True)
class Asked:
    """What is to be exported: a search as its page's address says it, by whom, in which language.

    `files` in it says whether the bytes of attached files come along; archives have them anyway.
    """

    text: str
    params: Mapping[str, object]
    viewer: Viewer
    language: str

    def records(self) -> Iterator[Record]:
        """The hits in the order of the pages."""
        return whole_result(self.text, self.params, self.viewer, language=self.language)

    def is_whole(self, name: str) -> bool:
        """Whether the format of that name is to hold the bytes of attached files."""
        said = str(self.params.get("files", "")).lower()
        return said in YES if said else name == "markdown"


def pieces(name: str, asked: Asked, address_of: Callable[[str], str]) -> Iterator[bytes]:
    """The file in the format of that name, piece by piece; `address_of` makes a whole address of a path.

    What it holds is decided now, not when the first piece is taken.
    """
    if name == "csv":
        lines = result_csv.lines(asked.records(), lookup.current(), address_of)
        return _joined(line.encode() for line in lines)
    chosen = _in_portable_order(asked)
    whole = asked.is_whole(name)
    if name == "markdown":
        return _joined(_archive(_files(asked, chosen, whole=whole)))
    objects = _objects(asked, chosen, whole=whole)
    return _joined(_array(objects) if name == "json" else _lines(objects))


def _in_portable_order(asked: Asked) -> list[int]:
    """The primary keys by team and import id: an order that another site would give them too."""
    keys: list[tuple[str, str, int]] = []
    records = asked.records()
    while refs := [record.hit.ref for record in islice(records, BATCH)]:
        rows = Postmortem.objects.filter(ref__in=refs)
        for pk, team, import_id, ref in rows.values_list("pk", "team__slug", "import_id", "ref"):
            keys.append((team, import_id or ref, pk))
    return [pk for _team, _import_id, pk in sorted(keys)]


def _seen(asked: Asked, chosen: list[int]) -> Iterator[Postmortem]:
    """Those that the viewer sees as the database now stands, in that order."""
    for start in range(0, len(chosen), BATCH):
        batch = chosen[start : start + BATCH]
        rows = Postmortem.objects.visible_to(asked.viewer).select_related("team")
        found = rows.prefetch_related("authors", "named_people").in_bulk(batch)
        yield from (found[pk] for pk in batch if pk in found)


def _objects(asked: Asked, chosen: list[int], *, whole: bool) -> Iterator[Iterator[bytes]]:
    """Each postmortem as one object, in pieces."""
    found = contents_for(_seen(asked, chosen), asked.viewer)
    for _postmortem, envelope, document, files in found:
        yield _object(envelope, document, files if whole else ())


def _object(envelope: Envelope, document: Document, files: tuple[Carried, ...]) -> Iterator[bytes]:
    with ExitStack() as stack:
        opened = {file.id: stack.enter_context(data) for file in files if (data := file.open())}
        # The text apart from the bytes, which no text could hold whole.
        for text, file_id in print_parts(envelope, document, opened.keys()):
            yield text.encode()
            if file_id:
                yield from map(base64.b64encode, _blocks(opened[file_id]))


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    """The bytes in pieces whose lengths base64 can join."""
    while block := source.read(BLOCK):
        yield block


def _array(objects: Iterator[Iterator[bytes]]) -> Iterator[bytes]:
    before = b"[\n"
    for parts in objects:
        yield before
        yield from parts
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _lines(objects: Iterator[Iterator[bytes]]) -> Iterator[bytes]:
    for parts in objects:
        yield from parts
        yield b"\n"


def _files(
    asked: Asked, chosen: list[int], *, whole: bool
) -> Iterator[tuple[str, str, tuple[Carried, ...]]]:
    """The name of each Markdown file in the archive, its text, and the files beside it."""
    taken: set[str] = set()
    seen = _seen(asked, chosen)
    found = files_for(seen, asked.viewer, language=asked.language, whole=whole)
    for postmortem, text, files in found:
        stem = f"{postmortem.team.slug}/{_stem(postmortem.import_id or postmortem.ref)}"
        name, number = f"{stem}.md", 1
        # Some systems cannot tell Walrus.md from walrus.md, and an import refuses both.
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{number}.md"
        taken.add(name.casefold())
        yield name, text, files


def _stem(import_id: str) -> str:
    if FILE_NAME.fullmatch(import_id):
        return import_id
    return f"import-{hashlib.sha256(import_id.encode()).hexdigest()[:16]}"


class _Pipe:
    """The file that an archive is written to: what was written is taken out at once."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Keep it until it is taken."""
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        """What was written since."""
        data = b"".join(self._written)
        self._written.clear()
        return data


def _archive(files: Iterator[tuple[str, str, tuple[Carried, ...]]]) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text, carried in files:
            archive.writestr(_member(name, zipfile.ZIP_DEFLATED), text)
            yield pipe.take()
            for file in carried:
                yield from _packed(archive, pipe, file, file.path(name.removesuffix(".md")))
    yield pipe.take()


def _packed(archive: zipfile.ZipFile, pipe: _Pipe, file: Carried, path: str) -> Iterator[bytes]:
    """One file of the archive, as it is: a log that packs too well is what imports refuse as a bomb.

    Only archives are packed again, whose directories would be counted as the files of this one.
    """
    is_archive = file.file.media_type == "application/zip"
    source = file.open()
    if source is None:
        return
    kind = zipfile.ZIP_DEFLATED if is_archive else zipfile.ZIP_STORED
    with source, archive.open(_member(path, kind), "w") as target:
        for block in _blocks(source):
            target.write(block)
            yield pipe.take()


def _member(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.compress_type = kind
    return info


def _joined(parts: Iterator[bytes]) -> Iterator[bytes]:
    some: list[bytes] = []
    size = 0
    for part in parts:
        some.append(part)
        size += len(part)
        if size >= TOGETHER:
            yield b"".join(some)
            some, size = [], 0
    if size:
        yield b"".join(some)
