"""A file's bytes as clean text, and its two halves: front matter and body. Pure."""

import re
from dataclasses import dataclass

from postmortems.exchange.problems import FileProblem, Refused

FILE_BYTES = 10 * 1024 * 1024
FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Halves:
    """The texts between and after the `---` lines, with the number of each one's first line."""

    front: str
    front_line: int
    body: str
    body_line: int


def decode(data: str | bytes) -> str:
    """The text with LF newlines and without a byte order mark; raises Refused."""
    if len(data) > FILE_BYTES:
        message = f"The file is over {FILE_BYTES >> 20} MiB."
        raise Refused(FileProblem(None, "", message, "Attach long logs instead of pasting them."))
    text = data if isinstance(data, str) else _from_utf8(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if (position := text.find("\0")) >= 0:
        line = text.count("\n", 0, position) + 1
        raise Refused(FileProblem(line, "", "The line holds a NUL character.", "Take it out."))
    return text


def _from_utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"The file is not UTF-8: byte {error.start + 1} of it does not fit."
        raise Refused(FileProblem(line, "", message, "Save it as UTF-8.")) from error


def split(text: str) -> Halves:
    """Front matter and body; raises Refused when the file does not begin with front matter."""
    lead = text[: len(text) - len(text.lstrip())]
    opening = FENCE.match(text, len(lead))
    if opening is None:
        raise Refused(
            FileProblem(1, "", "The file does not begin with front matter.", "Begin it with ---.")
        )
    closing = FENCE.search(text, opening.end())
    if closing is None:
        raise Refused(
            FileProblem(1, "", "The front matter does not end.", "Write --- on a line below it.")
        )
    front_line = lead.count("\n") + 2
    body_line = text.count("\n", 0, closing.start()) + 2
    return Halves(
        text[opening.end() + 1 : closing.start()], front_line, text[closing.end() + 1 :], body_line
    )
