"""A pasted text cut at its headings, however they are marked. Pure; `headings` makes a Document of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from postmortems.document import TITLE_LENGTH
from postmortems.writing.days import read_day
from postmortems.writing.fences import code_lines
from postmortems.writing.heading_names import FIELDS, REST, TIMELINE, TITLE, normal, target_of

HASHES = re.compile(r"\s{0,3}(#{1,6})[ \t]+(\S.{0,500}?)[ \t]*#*\s*")
WIKI = re.compile(r"\s*(={1,6})[ \t]*([^=\s][^=\n]{0,300}?)[ \t]*\1\s*")
UNDERLINE = re.compile(r"(?:={3,200}|-{3,200})\s*")
BOLD = re.compile(r"\s*(?:\*\*|__)([^*_\n]{2,120}?)(?:\*\*|__)?[:：]?(?:\*\*|__)?\s*")
INLINE = re.compile(
    r"(?:\*\*|__)?([^\W\d_][^:：*|\n]{1,50}?)(?:(?:\*\*|__)[:：]|[:：](?:\*\*|__)?)[ \t]*(?=\S)"
)
PLAIN = 80
# Headings that are not marked as such count as being of this level.
UNMARKED = 2


@dataclass(slots=True)
class Part:
    """A heading as written, where its text belongs (empty: unknown), its level and its lines."""

    heading: str
    target: str
    level: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines below the heading."""
        return "\n".join(self.lines).strip("\n")


@dataclass(frozen=True, slots=True)
class _Heading:
    text: str
    level: int
    target: str
    lines: int = 1
    inline: str = ""


# Where the text below a heading belongs; empty where that is not known.
Targets = Callable[[str], str]


def parts_of(text: str, target_of: Targets = target_of) -> list[Part]:
    """The parts in their order; the first has no heading and may be empty."""
    lines = text.split("\n")
    code = code_lines(lines)
    parts = [Part("", "", 0)]
    resumed: Part | None = None
    index = 0
    while index < len(lines):
        found = None if index in code else _heading_at(lines, index, target_of)
        if resumed and not lines[index].strip():
            # What stands behind "Impact: …" ends with its paragraph.
            parts.append(Part("", resumed.target, resumed.level))
            resumed = None
        if found is None or _stays(found, parts[-1], len(parts) == 1):
            parts[-1].lines.append(lines[index])
            index += 1
            continue
        before = resumed or parts[-1]
        parts.append(Part(found.text, found.target, found.level))
        resumed = before if found.inline else None
        parts[-1].lines += [found.inline] if found.inline else []
        index += found.lines
    return parts


def _stays(found: _Heading, current: Part, is_first: bool) -> bool:
    """Whether a heading belongs to the text it stands in."""
    if current.target == TIMELINE and read_day(found.text.strip("*_ "), 0):
        return True
    is_deeper = found.level > current.level and not is_first
    if not found.target:
        return is_deeper and bool(current.target)
    return is_deeper and found.target == current.target and found.target != REST


def _heading_at(lines: list[str], index: int, target_of: Targets) -> _Heading | None:
    line = lines[index]
    if not line.strip() or (len(line) > 2 * TITLE_LENGTH and not INLINE.match(line)):
        return None
    if match := HASHES.fullmatch(line) or WIKI.fullmatch(line):
        return _Heading(match[2], len(match[1]), target_of(match[2]))
    is_apart = index == 0 or not lines[index - 1].strip()
    if is_apart and index + 1 < len(lines) and UNDERLINE.fullmatch(lines[index + 1]):
        level = 1 if lines[index + 1][0] == "=" else UNMARKED
        if "|" not in line:
            return _Heading(line.strip(), level, target_of(line), lines=2)
    return _unmarked(line, is_apart, target_of)


def _unmarked(line: str, is_apart: bool, target_of: Targets) -> _Heading | None:
    """A known heading in bold, alone on its line, or before a colon and its text."""
    if (match := BOLD.fullmatch(line)) and (target := target_of(match[1])):
        return _Heading(match[1], UNMARKED, target)
    is_known = len(line) <= PLAIN and (is_apart or line.rstrip().endswith((":", "：")))
    if is_known and line[:1] not in " \t-*>|" and (target := target_of(line)):
        return _Heading(line.strip(), UNMARKED, target)
    match = INLINE.match(line)
    if match is None or not (is_apart or line.startswith(("**", "__"))):
        return None
    target = target_of(match[1])
    is_field = normal(match[1]) in FIELDS
    if not target or target == TITLE or is_field:
        return None
    return _Heading(match[1], UNMARKED, target, inline=line[match.end() :])
