"""What somebody sends to be imported, as the sources of an import: one for each postmortem.

Called by `imports`. Formats are told by media type, by the end of the name, else by the first bytes.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems.document import Document
from postmortems.exchange import archive, carried, json_file
from postmortems.exchange.file_keys import Envelope
from postmortems.exchange.import_plan import Markdown, Source
from postmortems.exchange.markdown_file import Parsed
from postmortems.exchange.problems import FileProblem, Refused

# The most bytes that one import may send, and the most postmortems it may hold.
UPLOAD_BYTES = 40 * 1024 * 1024
RECORDS = 10_000
# The most files that come with them: each picture is made anew, which takes its time.
FILES = 1_000
NAME_LENGTH = 255

JSON, NDJSON, MARKDOWN, ZIP = "json", "ndjson", "markdown", "zip"
MEDIA_TYPES = {
    "application/json": JSON,
    "application/x-ndjson": NDJSON,
    "text/markdown": MARKDOWN,
    "application/zip": ZIP,
}
ENDS = {
    ".json": JSON,
    ".ndjson": NDJSON,
    ".jsonl": NDJSON,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".zip": ZIP,
}


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it was sent; `media_type` is empty where the sender did not say what it is."""

    name: str
    data: bytes
    media_type: str = ""


def digest(uploads: Sequence[Upload]) -> str:
    """What makes two uploads the same."""
    found = hashlib.sha256()
    for item in uploads:
        for part in (item.name.encode(errors="replace"), item.media_type.encode(), item.data):
            found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


def sources(uploads: Sequence[Upload]) -> list[Source]:
    """A source for each postmortem, in their order; what cannot be read is one with a problem.

    Raises ValidationError, keyed `file`, for an archive that is not safe to read, and for too much.
    """
    if not any(item.data.strip() for item in uploads):
        raise ValidationError(
            {
                "file": _(
                    "There is nothing to import: choose a file that is not empty, or send its text."
                )
            }
        )
    if sum(len(item.data) for item in uploads) > UPLOAD_BYTES:
        raise ValidationError({"file": too_large()})
    found: list[Source] = []
    files = 0
    for item in uploads:
        for source in _of(item):
            found.append(source)
            files += _files_in(source)
            if files > FILES:
                message = _("At most %(most)d attached files come in at once.") % {"most": FILES}
                raise ValidationError({"file": message})
            if len(found) > RECORDS:
                message = _("At most %(most)d postmortems come in at once.") % {"most": RECORDS}
                raise ValidationError({"file": message})
    if not found:
        raise ValidationError({"file": _("There is no postmortem in it.")})
    return found


def _files_in(source: Source) -> int:
    data = source[1] if isinstance(source, tuple) else None
    return len(data.files) if isinstance(data, Markdown | Parsed) else 0


def too_large() -> str:
    """What is said to who sends more than is taken."""
    return _("An import has at most %(most)d MiB.") % {"most": UPLOAD_BYTES >> 20}


def _of(item: Upload) -> Iterator[Source]:
    name = shown_name(item.name)
    kind = MEDIA_TYPES.get(item.media_type) or _kind_of(item)
    if kind == ZIP:
        yield from _of_archive(name, item.data)
    elif kind in (JSON, NDJSON):
        yield from _of_json(name, item.data, kind)
    else:
        yield name, item.data


def shown_name(name: str) -> str:
    """The name of a file as a report may show it: the last part, nothing unseen in it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable())[:NAME_LENGTH] or "file"


def _kind_of(item: Upload) -> str:
    if archive.is_archive(item.data):
        return ZIP
    if kind := _kind_named(item.name):
        return kind
    head = item.data[:1_000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return JSON if head in (b"[", b"{") else MARKDOWN


def _kind_named(name: str) -> str:
    dot = name.rfind(".")
    return ENDS.get(name[dot:].lower(), "") if dot >= 0 else ""


def _of_archive(name: str, data: bytes) -> Iterator[Source]:
    try:
        members = list(archive.members(data))
    except Refused as refused:
        problem = refused.problem
        where = f"{name}/{problem.key}" if problem.key else name
        raise ValidationError({"file": f"{where}: {problem.message} {problem.advice}"}) from refused
    beside = _beside(members)
    taken = {path for files in beside.values() for path, _data in files.values()}
    for member in members:
        if member.name in taken:
            continue
        kind = _kind_named(member.name)
        if carried.owner_of(member.name)[0]:
            yield _problem(member.name, _("There is no Markdown file that it belongs to alone."))
        elif kind in (JSON, NDJSON):
            yield from _of_json(member.name, member.data, kind)
        elif kind == MARKDOWN:
            found = beside.get(_stem_of(member.name), {})
            files = {file_id: data for file_id, (_path, data) in found.items()}
            yield member.name, Markdown(member.data, files)
        else:
            message = _("A file of this kind is not read, and what is in it neither.")
            yield _problem(member.name, message)


def _beside(members: Sequence[archive.Member]) -> dict[str, dict[str, tuple[str, bytes]]]:
    """The files that belong to each of the Markdown files, with their paths, by its stem and by id."""
    names = {member.name for member in members}
    found: dict[str, dict[str, tuple[str, bytes]]] = {}
    for member in members:
        stem, file_id = carried.owner_of(member.name)
        if stem and f"{stem}.md" in names:
            found.setdefault(stem, {}).setdefault(file_id, (member.name, member.data))
    return found


def _stem_of(name: str) -> str:
    return name.removesuffix(".md")


def _of_json(name: str, data: bytes, kind: str) -> Iterator[Source]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield _problem(name, _("It is not UTF-8."))
        return
    has_lines = kind == NDJSON or json_file.is_one_a_line(text)
    number = 0
    try:
        for piece in json_file.lines(text) if has_lines else json_file.records(text):
            number += 1
            yield f"{name}#{number}", json_file.parse(piece)
    except Refused as refused:
        yield _problem(f"{name}#{number + 1}", refused.problem.message, refused.problem.advice)


def _problem(name: str, message: str, advice: str = "") -> tuple[str, Parsed]:
    problems = (FileProblem(None, "", message, advice),)
    return name, Parsed(Envelope(), Document(title=""), problems)
