"""A pasted chat log or list of lines as timeline entries, with midnight, zones and people in mind. Pure.

The editor shows the entries before they are taken; nothing that was pasted is dropped unseen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from types import MappingProxyType

from postmortems.document import ITEMS, LINE_LENGTH, TimelineEntry
from postmortems.document_rules import clean
from postmortems.moments import UNKNOWN, Moment
from postmortems.writing.chat_clock import ChatClock
from postmortems.writing.chat_lines import Line, read_line, without_bullet
from postmortems.writing.fences import closing_fences
from postmortems.writing.kinds import kind_of
from postmortems.writing.notices import Notice, notice
from postmortems.writing.people import People, is_person

# Spaces that chats put before AM and PM, and marks without width.
ODD = {0xA0: " ", 0x202F: " ", 0x200B: "", 0x200E: "", 0x200F: "", 0xFEFF: ""}
NOTICED = ("detect", "escalate", "mitigate", "recover")


@dataclass(frozen=True, slots=True)
class PastedEntry:
    """A timeline entry to be, with what should be looked at, and the line of the paste it begins at."""

    id: str
    kind: str
    text: str
    when: Moment = UNKNOWN
    notices: tuple[Notice, ...] = ()
    line: int = 0

    def as_entry(self) -> TimelineEntry:
        """The entry as a Document holds it."""
        return TimelineEntry(self.id, self.kind, self.text, self.when)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a paste was understood as.

    `people` gives each replaced name its role; `left_out` are lines that only dated or headed
    others; `rest` is the text of what did not fit into the longest timeline.
    """

    entries: tuple[PastedEntry, ...] = ()
    notices: tuple[Notice, ...] = ()
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    left_out: tuple[str, ...] = ()
    rest: str = ""


@dataclass(slots=True)
class _Block:
    """A line with a time and the lines without one that follow it."""

    number: int
    line: Line
    texts: list[str]


def entries_of(
    text: str, *, day: str = "", zone: str = "", keep_names: bool = False, first: int = 1
) -> Pasted:
    """The entries of a paste; never raises.

    `day` (`2023-03-14`) and `zone` hold where the paste says none. The entries are called `t1`,
    `t2` … from `first` on.
    """
    lines = [read_line(raw) for raw in clean_paste(text).split("\n")]
    clock = ChatClock(day, zone, [line.stamp for line in lines if line.stamp])
    blocks, left_out = _blocks(lines)
    people = People()
    if not keep_names:
        _meet(people, blocks)
    # One more than fit shows that there are more.
    entries = list(islice(_entries(blocks, clock, people, first), ITEMS + 1))
    rest = ""
    if len(entries) > ITEMS:
        rest = "\n".join(line.raw for line in lines[entries[ITEMS].line - 1 :]).strip()
        clock.say("too-many", most=ITEMS)
    return Pasted(
        tuple(entries[:ITEMS]),
        tuple(clock.notices),
        MappingProxyType(dict(people.roles)),
        tuple(left_out),
        rest,
    )


def clean_paste(text: str) -> str:
    """The text with plain newlines and spaces."""
    return clean(text).translate(ODD)


# --- Lines to blocks ----------------------------------------------------------------------------


def _blocks(lines: Sequence[Line]) -> tuple[list[_Block], list[str]]:
    has_times = any(line.is_entry for line in lines)
    closing = closing_fences([line.raw for line in lines])
    blocks: list[_Block] = []
    left_out: list[str] = []
    verbatim_to = -1
    for number, line in enumerate(lines, 1):
        if blocks and not blocks[-1].line.is_setting and number - 1 in closing:
            verbatim_to = closing[number - 1]
        if number - 1 <= verbatim_to:
            blocks[-1].texts.append(line.raw)
        elif line.is_setting:
            left_out.append(line.raw.strip())
            blocks.append(_Block(number, line, []))
        elif line.is_entry or _begins_without_time(line, blocks, has_times):
            bare = line if has_times else replace(line, text=without_bullet(line.text))
            blocks.append(_begun(number, bare, blocks))
        elif blocks and (has_times or line.text) and not blocks[-1].line.is_setting:
            blocks[-1].texts.append(line.raw.strip())
        elif line.text:
            blocks.append(_Block(number, replace(line, text=""), [line.text]))
    return _named(blocks), left_out


def _begins_without_time(line: Line, blocks: list[_Block], has_times: bool) -> bool:
    # In a paste without any time every line is an entry, but for indented ones.
    return not has_times and bool(line.text) and not (blocks and line.raw[:2].isspace())


def _begun(number: int, line: Line, blocks: list[_Block]) -> _Block:
    """A new block; a name on a line of its own above a bare time moves to it."""
    if line.text or line.author or line.stamp is None or not blocks:
        return _Block(number, line, [])
    above = blocks[-1].texts
    stands_apart = (len(above) == 1 and not blocks[-1].line.is_entry) or above[-2:-1] == [""]
    if above and stands_apart and is_person(above[-1]):
        return _Block(number, replace(line, author=above.pop()), [])
    return _Block(number, line, [])


def _named(blocks: list[_Block]) -> list[_Block]:
    """The blocks without empty ones; `[10:22] Alice Smith` above a text names who wrote it."""
    for block in blocks:
        line = block.line
        if line.is_bracketed and not line.author and any(block.texts) and is_person(line.text):
            block.line = replace(line, author=line.text, text="")
    return [block for block in blocks if block.line.stamp or _said(block) or block.line.is_setting]


def _said(block: _Block) -> str:
    return "\n".join([block.line.text, *block.texts]).strip()


def _meet(people: People, blocks: Sequence[_Block]) -> None:
    for block in blocks:
        if block.line.author and is_person(block.line.author):
            people.meet(block.line.author)
    people.meet_mentioned(_said(block) for block in blocks)


# --- Blocks to entries --------------------------------------------------------------------------


def _entries(
    blocks: Sequence[_Block],
    clock: ChatClock,
    people: People,
    first: int,
) -> Iterator[PastedEntry]:
    is_noticed, number = False, first
    for block in blocks:
        if block.line.is_setting:
            clock.set(block.line)
            continue
        found: list[Notice] = []
        when = clock.moment(block.line, found, f"t{number - 1}" if number > first else "")
        text = people.without_names(clean(_said(block)))
        kind = kind_of(text, is_noticed=is_noticed)
        is_noticed = is_noticed or kind in NOTICED
        author = _shown_author(block.line.author, people)
        pieces = _pieces(clean(f"{author}{text}") or block.line.written)
        if len(pieces) > 1:
            found.append(notice("split"))
        for piece in pieces:
            clock.made(f"t{number}", block.line, when)
            yield PastedEntry(f"t{number}", kind, piece, when, tuple(found), block.number)
            number += 1


def _shown_author(author: str, people: People) -> str:
    if not author:
        return ""
    known = people.roles.get(author) or people.without_names(author)
    return f"{known}: "


def _pieces(text: str) -> list[str]:
    """A text in parts that fit into an entry, cut between words where it has any."""
    pieces, start = [], 0
    while len(text) - start > LINE_LENGTH:
        end = text.rfind(" ", start + LINE_LENGTH // 2, start + LINE_LENGTH)
        end = end if end > 0 else start + LINE_LENGTH
        pieces.append(text[start:end])
        start = end
    return [piece for piece in map(clean, [*pieces, text[start:]]) if piece]
