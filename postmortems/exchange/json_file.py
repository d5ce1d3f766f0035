"""One postmortem as a JSON object: its envelope beside the keys of the Document. Pure.

`records` finds the objects of a text without building more than one at a time; `parse` never raises.
"""

import base64
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from postmortems import document_json
from postmortems import document_rules as rules
from postmortems.document import Document
from postmortems.document_json import Invalid, clean
from postmortems.exchange import file_keys
from postmortems.exchange.file_keys import Envelope
from postmortems.exchange.file_reader import Place, envelope_rules
from postmortems.exchange.markdown_file import Parsed
from postmortems.exchange.problems import FileProblem, Refused, did_you_mean

# How one object may be nested, how many values it may hold and how long it may be, its Chinese
# written as escapes. No Document comes near them.
DEPTH = 20
VALUES = 400_000
RECORD_CHARS = 8 * 1024 * 1024
NUMBER_DIGITS = 18
LONGEST_POINTER = 200

# What the API calls these; the rest of the envelope is called alike everywhere.
NAMES = {"named": "named_people"}
LISTS = ("authors", "named")
# What belongs to one site alone: told by the API, and of no use to another.
OF_THE_SITE = ("url", "version", "revision", "created_at", "updated_at", "published_at")
REF = re.compile(r"[0-9a-hjkmnp-tv-z]{8}")

# The key of a file's bytes beside its id and name; a text so long is nothing but bytes.
BYTES = "base64"
PLACE = re.compile(rf'(?<="{BYTES}": ")\\u0000(\w+)(?=")', re.ASCII)
BYTES_TEXT = re.compile(rf'"{BYTES}"\s*:\s*"([A-Za-z0-9+/=]*)"', re.ASCII)

TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|"|[\[\]{},]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one object, and its line where each stands on a line of its own."""

    text: str
    line: int | None = None


class _Pointers(Mapping[str, Place]):
    """Where the parts stand: in JSON a place is its pointer."""

    def __init__(self, line: int | None) -> None:
        self._line = line

    def __getitem__(self, pointer: str) -> Place:
        return Place(self._line, pointer)

    def __contains__(self, pointer: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


def is_one_a_line(text: str) -> bool:
    """Whether the first line that is not empty holds a whole object: then each line does."""
    first, _break, rest = text.lstrip().partition("\n")
    if not first.startswith("{") or not rest.strip():
        return False
    try:
        return len(list(records(first))) == 1
    except Refused:
        return False


def lines(text: str) -> Iterator[Piece]:
    """The objects of NDJSON; empty lines are none."""
    start, number = 0, 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if line := text[start:end].strip():
            yield Piece(line, number)
        start, number = end + 1, number + 1


@dataclass
class _Scan:
    """How deep in brackets a reading of JSON is, and how many values it met in the present object."""

    deepest: int
    depth: int = 0
    values: int = 0

    def meet(self, mark: str) -> None:
        """Take in the next bracket, comma or lone quote; raises Refused beyond a limit."""
        if mark == '"':
            raise _refused("A text in it does not end.")
        self.depth += (mark in "[{") - (mark in "]}")
        self.values += mark in "[{,"
        if self.depth > self.deepest:
            raise _refused("It is nested too deeply.")
        if self.values > VALUES:
            raise _refused("It holds too many values.")


def records(text: str) -> Iterator[Piece]:
    """The objects of a JSON array, or the one object that the text is.

    Raises Refused, at the first place that is none: what follows is not looked at.
    """
    is_array = text.lstrip()[:1] == "["
    start, end = text.find("[") + 1 if is_array else 0, len(text)
    scan = _Scan(deepest=DEPTH + is_array)
    for token in TOKEN.finditer(text):
        mark = token[0]
        scan.meet(mark)
        is_over = is_array and scan.depth == 0
        if is_over or (is_array and scan.depth == 1 and mark == ","):
            yield from _piece(text[start : token.start()], is_last=is_over)
            start, scan.values = token.end(), 0
        if is_over:
            end = token.start()
            break
    if not is_array:
        yield Piece(text)
    elif scan.depth or text[end + 1 :].strip():
        raise _refused("The list does not end where it should.")


def _piece(text: str, *, is_last: bool) -> Iterator[Piece]:
    # An empty list has no first object; between two commas something must stand.
    if text.strip() or not is_last:
        yield Piece(text)


def _refused(message: str, line: int | None = None) -> Refused:
    return Refused(FileProblem(line, "", message, "What follows was not read."))


def parse(piece: Piece) -> Parsed:
    """What the object says; with problems, the document is not to be used."""
    try:
        data = _object_in(piece)
    except Refused as refused:
        return Parsed(Envelope(), Document(title=""), (refused.problem,))
    problems: list[FileProblem] = []
    envelope = _envelope(data, piece.line, problems)
    has_files = data.get("attachments") is not None
    files = _files(data, piece.line, problems)
    try:
        document = document_json.from_json(data)
    except Invalid as invalid:
        document = Document(title="")
        problems += [
            FileProblem(piece.line, _shown(item.pointer), item.message, _advice(item.pointer))
            for item in invalid.problems
        ]
    places = _Pointers(piece.line)
    return Parsed(
        envelope, document, tuple(problems), places, has_files, is_exact=has_files, files=files
    )


def _shown(pointer: str) -> str:
    """The pointer as a report can keep it: a name in it may be of any length and hold anything."""
    return clean(pointer)[:LONGEST_POINTER]


def _advice(pointer: str) -> str:
    known = (*rules.HINTS[Document], *map(_name, file_keys.ENVELOPE))
    word = pointer.removeprefix("/")
    return "" if "/" in word or word in known else did_you_mean(word, known)


def _object_in(piece: Piece) -> dict[str, Any]:
    if len(piece.text) - _size_of_bytes(piece.text) > RECORD_CHARS:
        raise _problem(piece, f"It is over {RECORD_CHARS >> 20} MiB.")
    try:
        # Scanned before it is built: neither depth nor number of values can hurt any more.
        list(records(piece.text))
        data = json.loads(
            piece.text,
            object_pairs_hook=_once,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
        # Only by an escape can a half of a character stand in it, which no database holds.
        if "\\u" in piece.text:
            json.dumps(data, ensure_ascii=False).encode()
    except Refused as refused:
        raise _problem(piece, refused.problem.message) from refused
    except UnicodeEncodeError as error:
        raise _problem(piece, "A text has half of a character.") from error
    except (ValueError, RecursionError) as error:
        raise _problem(piece, f"This is no JSON: {str(error)[:200]}.") from error
    if not isinstance(data, dict):
        raise _problem(piece, "This is no object.", "Write {…} around it.")
    return data


def _size_of_bytes(text: str) -> int:
    """How much of it is files, which have limits of their own."""
    if len(text) <= RECORD_CHARS:
        return 0
    return sum(len(found[1]) for found in BYTES_TEXT.finditer(text))


def _files(data: dict[str, Any], line: int | None, problems: list[FileProblem]) -> dict[str, bytes]:
    """Take the bytes of files out of the object, by id."""
    files: dict[str, bytes] = {}
    given = data.get("attachments")
    for index, item in enumerate(given if isinstance(given, list) else ()):
        if not isinstance(item, dict) or BYTES not in item:
            continue
        text, file_id = item.pop(BYTES), item.get("id")
        try:
            # What else is no text raises TypeError; texts beyond ASCII are a ValueError.
            files[str(file_id)] = base64.b64decode(text, validate=True)
        except (TypeError, ValueError):
            pointer = f"/attachments/{index}/{BYTES}"
            problems.append(FileProblem(line, pointer, f"{BYTES} must be bytes in base64."))
    return files


def _problem(piece: Piece, message: str, advice: str = "") -> Refused:
    return Refused(FileProblem(piece.line, "", message, advice))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _integer(digits: str) -> int:
    if len(digits) > NUMBER_DIGITS:
        raise ValueError("a number is too long")
    return int(digits)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _name(field: str) -> str:
    return NAMES.get(field, field)


def _envelope(data: dict[str, Any], line: int | None, problems: list[FileProblem]) -> Envelope:
    """Take the envelope out of the object; what is wrong in it joins the problems."""
    values: dict[str, Any] = {}
    for field in file_keys.ENVELOPE:
        name = _name(field)
        given = data.pop(name, None)
        if given is None:
            continue
        read = _texts(given) if field in LISTS else clean(given) if isinstance(given, str) else None
        if read is None:
            kind = "a list of texts" if field in LISTS else "text"
            problems.append(FileProblem(line, f"/{name}", f"{name} must be {kind}."))
        else:
            values[field] = read
    ref = data.pop("ref", None)
    for name in OF_THE_SITE:
        data.pop(name, None)
    # What has no import id is known by its ref, here as in an export.
    if not values.get("import_id") and isinstance(ref, str) and REF.fullmatch(ref):
        values["import_id"] = ref
    envelope = Envelope(**values)
    for name, is_fine, advice in envelope_rules(envelope):
        if not is_fine:
            value = rules.short(getattr(envelope, name))
            message = f"{name} “{value}” is not allowed."
            problems.append(FileProblem(line, f"/{name}", message, advice))
    return replace(envelope, slug=envelope.slug or file_keys.usual_slug(envelope.import_id))


def _texts(given: Any) -> tuple[str, ...] | None:
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        return None
    return tuple(dict.fromkeys(filter(None, map(clean, given))))


def print_parts(
    envelope: Envelope, document: Document, with_bytes: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """The object on one line, whose relations name their targets as a file does, in parts.

    After each part stands, in base64, what the file of the id beside it holds; after the last nothing.
    """
    values = {
        _name(field): list(value) if isinstance(value, tuple) else value
        for field in file_keys.ENVELOPE
        if (value := getattr(envelope, field)) or value == ()
    }
    values |= document_json.to_json(document)
    for item in values.get("attachments", ()):
        if item["id"] in with_bytes:
            # No text that is stored holds a NUL, and in a text the quotes would be escaped.
            item[BYTES] = f"\0{item['id']}"
    parts = PLACE.split(json.dumps(values, ensure_ascii=False))
    yield from zip(parts[::2], [*parts[1::2], ""], strict=True)
