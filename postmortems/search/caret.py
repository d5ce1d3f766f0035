"""What is being typed at one place of a query text. Pure; `completion` asks it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from postmortems.search.parser import FULL_WIDTH, MAX_LENGTH

# Quoted text, closed or not; what ends a word; all else.
PIECE = re.compile(r'"(?:\\.?|[^"\\])*(?:"|\Z)|[\s()]|[^\s()"]+', re.DOTALL)
FIELD = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_.-]*):")
ELEMENTS = re.compile(r'"(?:\\.|[^"\\])*"|[^",]+|,', re.DOTALL)
OPERATOR = re.compile(r">=|<=|>|<|[^,]*?\.\.<?")
REST_OF_WORD = re.compile(r"[^\s()\"]*")
REST_OF_VALUE = re.compile(r"[^\s()\",]*")


@dataclass(frozen=True, slots=True)
class Caret:
    """What stands before the caret, and what an option replaces.

    `typed` is the beginning of a word, or of a value when `field` is set; text[start:end] is what
    an option stands in for. `sign` is the minus before it, `operator` what stands between colon and
    value (`>`, `2021..`), `others` the values before it. The whole word, with its field and all its
    values, is text[word_start:word_end].
    """

    typed: str
    start: int
    end: int
    word_start: int
    word_end: int
    sign: str = ""
    field: str = ""
    operator: str = ""
    others: tuple[str, ...] = ()


def caret_of(text: str, at: int, fields: Collection[str]) -> Caret | None:
    """What is typed at `at`; None inside quotes, where nothing is grammar, and behind all that is
    read. `fields` are the names before a colon that mean something. Positions count characters of
    `text`."""
    at = max(0, min(at, len(text)))
    kept = text[:MAX_LENGTH].translate(FULL_WIDTH)
    if at > len(kept):
        return None
    word_start = _word_start(kept, at)
    if word_start is None:
        return None
    word = kept[word_start:at]
    sign = "-" if word.startswith("-") and not word.startswith("--") else ""
    named = FIELD.match(word, len(sign))
    name = named["name"].lower() if named else ""
    if not named or name not in fields:
        end = _end_of(kept, at, REST_OF_WORD)
        start = word_start + len(sign)
        return Caret(word[len(sign) :], start, end, word_start, end, sign)
    return _in_field(kept, at, word_start, named, sign)


def _word_start(text: str, at: int) -> int | None:
    """Where the word before the caret begins; None inside quotes."""
    start = 0
    for piece in PIECE.finditer(text):
        if piece.start() >= at:
            break
        is_quoted = piece.group().startswith('"')
        is_closed = len(piece.group()) > 1 and piece.group().endswith('"') and piece.end() <= at
        if is_quoted and not is_closed:
            return None
        if piece.group().isspace() or piece.group() in "()":
            start = piece.end()
    return start


def _in_field(text: str, at: int, word_start: int, named: re.Match[str], sign: str) -> Caret | None:
    """The value that the caret stands in, of one field's values."""
    values_start = word_start + named.end()
    last, others = values_start, []
    for match in ELEMENTS.finditer(text, values_start, at):
        if match.group() == ",":
            last = match.end()
        else:
            others.append((match.start(), match.group()))
    typed = text[last:at]
    if '"' in typed:
        return None
    operator = OPERATOR.match(typed)
    start = last + (operator.end() if operator else 0)
    return Caret(
        typed=text[start:at],
        start=start,
        end=_end_of(text, at, REST_OF_VALUE),
        word_start=word_start,
        word_end=_end_of_values(text, at),
        sign=sign,
        field=named["name"].lower(),
        operator=operator.group() if operator else "",
        others=tuple(value.strip('"') for begin, value in others if begin < last),
    )


def _end_of(text: str, at: int, rest: re.Pattern[str]) -> int:
    """Where the word or value around the caret ends."""
    match = rest.match(text, at)
    return match.end() if match else at


def _end_of_values(text: str, at: int) -> int:
    """Where all values of the field around the caret end."""
    end = at
    for piece in PIECE.finditer(text, at):
        if piece.group().isspace() or piece.group() in "()":
            break
        end = piece.end()
    return end
