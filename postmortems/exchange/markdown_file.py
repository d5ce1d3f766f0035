"""The file format of one postmortem: Markdown below YAML front matter. Pure.

`parse` never raises, whatever the bytes are; `print_file` writes what `parse` reads back unchanged.
The help page on importing describes the format.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from postmortems.document import Document
from postmortems.exchange import body, file_printer, file_text, front_matter
from postmortems.exchange.file_keys import Envelope
from postmortems.exchange.file_reader import Place, Reader, place_of
from postmortems.exchange.problems import PROBLEMS, FileProblem, Refused

__all__ = ["Envelope", "FileProblem", "Parsed", "as_file_holds", "parse", "print_file"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file says. With problems, the document is not to be used.

    `has_files` tells a file that says which files are attached from one that does not, `is_exact` one
    that keeps the order of terms. `files` are the bytes that came with it, by id.
    """

    envelope: Envelope
    document: Document
    problems: tuple[FileProblem, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict, repr=False)
    has_files: bool = False
    is_exact: bool = False
    files: Mapping[str, bytes | Path] = field(default_factory=dict, repr=False)

    def place(self, pointer: str) -> Place:
        """Where the part of the Document with that JSON pointer stands in the file."""
        return place_of(self.places, pointer)


def parse(data: str | bytes, vocabularies: Collection[str]) -> Parsed:
    """Read a file; a top-level key that is the slug of a vocabulary classifies."""
    try:
        halves = file_text.split(file_text.decode(data))
        front = front_matter.read(halves.front, halves.front_line)
    except Refused as refused:
        return Parsed(Envelope(), Document(title=""), (refused.problem,))
    reader = Reader(vocabularies)
    envelope = reader.envelope(front.keys)
    document = reader.document(front.keys, body.read(halves.body, halves.body_line))
    problems = sorted([*front.problems, *reader.problems], key=lambda problem: problem.line or 0)
    has_files = "attachments" in front.keys
    return Parsed(envelope, document, tuple(problems[:PROBLEMS]), reader.places, has_files)


def print_file(
    envelope: Envelope, document: Document, names: Mapping[str, str] | None = None
) -> str:
    """The file for the content, whose relations name their targets as the file should. `names` are
    what sections are called that have no fixed name."""
    front = file_printer.print_front_matter(envelope, document)
    text = body.print_body(document.summary, document.sections, names)
    return f"---\n{front}---\n{text}\n" if text else f"---\n{front}---\n"


def as_file_holds(document: Document) -> Document:
    """The content as a file gives it back: terms grouped by vocabulary."""
    terms = document.classifications
    order = list(dict.fromkeys(item.vocabulary for item in terms))
    grouped = sorted(terms, key=lambda item: order.index(item.vocabulary))
    return replace(document, classifications=tuple(grouped))
