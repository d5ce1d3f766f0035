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
    text: str,
    *,
    day: str = "",
    zone: str = "",
    keep_names: bool = False,
    first: int = 1,
    most: int = ITEMS,
    people: People | None = None,
) -> Pasted:
    """The entries of a paste, at most `most`; never raises.

    `day` (`2023-03-14`) and `zone` hold where the paste says none. The entries are called `t1`,
    `t2` … from `first` on. `people` are those who were met before, and then those of this paste too.
    """
    raws = clean_paste(text).split("\n")
    # One more than fit shows that there are more.
    blocks, left_out = _blocks(raws, most + 1)
    stamps = [block.line.stamp for block in blocks if block.line.stamp]
    clock = ChatClock(day, zone, stamps)
    people = People() if people is None else people
    if not keep_names:
        _meet(people, blocks)
    entries = list(islice(_entries(blocks, clock, people, first), most + 1))
    rest = ""
    if len(entries) > most:
        rest = "\n".join(raws[entries[most].line - 1 :]).strip()
        clock.say("too-many", most=ITEMS)
    return Pasted(
        tuple(entries[:most]),
        tuple(clock.notices),
        MappingProxyType(dict(people.roles)),
        tuple(left_out),
        rest,
    )


def clean_paste(text: str) -> str:
    """The text with plain newlines and spaces."""
    return clean(text).translate(ODD)


# --- Lines to blocks ----------------------------------------------------------------------------


def _blocks(raws: Sequence[str], most: int) -> tuple[list[_Block], list[str]]:
    """The blocks of the lines up to the first `most` entries, and the lines that only dated others.

    What lies behind is not read: a log can have a hundred times as many lines as a timeline holds.
    """
    lines = _Lines(raws)
    has_times = lines.have_times(most)
    closing = closing_fences(raws)
    blocks: list[_Block] = []
    left_out: list[str] = []
    verbatim_to, entries = -1, 0
    for number, line in enumerate(lines, 1):
        if blocks and not blocks[-1].line.is_setting and number - 1 in closing:
            verbatim_to = closing[number - 1]
        if number - 1 <= verbatim_to:
            blocks[-1].texts.append(line.raw)
        elif line.is_setting:
            left_out.append(line.raw.strip())
            entries += _ends_in_entry(blocks)
            blocks.append(_Block(number, line, []))
        elif line.is_entry or _begins_without_time(line, blocks, has_times):
            bare = line if has_times else replace(line, text=without_bullet(line.text))
            begun = _begun(number, bare, blocks)
            entries += _ends_in_entry(blocks)
            if entries >= most:
                break
            blocks.append(begun)
        elif blocks and (has_times or line.text) and not blocks[-1].line.is_setting:
            blocks[-1].texts.append(line.raw.strip())
        elif line.text:
            blocks.append(_Block(number, replace(line, text=""), [line.text]))
    return _named(blocks), left_out


class _Lines:
    """The lines of a paste, each read when it is needed, and once."""

    def __init__(self, raws: Sequence[str]) -> None:
        self.raws = raws
        self.read: list[Line] = []

    def __iter__(self) -> Iterator[Line]:
        for place, raw in enumerate(self.raws):
            if place == len(self.read):
                self.read.append(read_line(raw))
            yield self.read[place]

    def have_times(self, most: int) -> bool:
        """Whether any of the first `most` lines that say something begins an entry."""
        told = (line for line in self if line.text or line.is_entry)
        return any(line.is_entry for line in islice(told, most))


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
        return _Block(number - 1, replace(line, author=above.pop()), [])
    return _Block(number, line, [])


def _named(blocks: list[_Block]) -> list[_Block]:
    """The blocks without empty ones; `[10:22] Alice Smith` above a text names who wrote it."""
    for block in blocks:
        line = block.line
        if line.is_bracketed and not line.author and any(block.texts) and is_person(line.text):
            block.line = replace(line, author=line.text, text="")
    return [block for block in blocks if block.line.is_setting or _is_entry(block)]


def _ends_in_entry(blocks: Sequence[_Block]) -> bool:
    return bool(blocks) and _is_entry(blocks[-1])


def _is_entry(block: _Block) -> bool:
    return not block.line.is_setting and bool(block.line.stamp or _said(block))


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
