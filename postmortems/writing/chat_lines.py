"""One line of a pasted chat or timeline: its time, its author, its text. Pure; `chat` joins the lines."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from postmortems.writing.amounts import read_amount
from postmortems.writing.days import WEEKDAY, read_clock, read_day
from postmortems.writing.people import is_person
from postmortems.writing.stamps import APPROXIMATE, Stamp, read_stamp
from postmortems.writing.tables import cells_of, is_rule
from postmortems.writing.zones import Zone, read_zone

# A time stands at the beginning of a line, or a line with a name and a time is no longer than this.
HEAD = 300
SHORT = 120
LEAD = re.compile(
    r"[\s>]{0,40}(?:[*+•·‣▪◦-]\s{1,4}|[0-9]{1,3}[.)]\s{1,4})?(?:[\[({（【*_`]{1,6}\s?)?"
)
BULLET = re.compile(r"\s{0,40}(?:[*+•·‣▪◦-]|[0-9]{1,3}[.)])\s{1,4}")
CLOSE = re.compile(r"[\])}）】*_`]{0,6}")
SEPARATOR = re.compile(r"\s{0,20}(?:[-–—:：|>→•]{1,3}(?=\s|$|[^\s\d!]))?\s{0,20}")
BOUNDARY = re.compile(r"$|[\s\])}）】*_`|,，;；:：–—\-.>→。、<\"“「]|[\u3400-\u9fff]")
DATED = re.compile(r"\s{0,3}[:：–—|\t-]|\t")
FROM_START = re.compile(
    r"T[ ]?(?:0\b|(?P<sign>[+−-])[ ]?"
    r"(?:(?P<hours>[0-9]{1,3}):(?P<minutes>[0-5][0-9])|(?P<plain>[0-9]{1,4})(?![\w:.])|(?=[0-9])))"
)
PLUS = re.compile(r"\+[ ]?(?=[0-9])")
LATER = re.compile(r"[ ]?(?:later\b|(?:之|以)?[后後])", re.IGNORECASE)
IN_ANGLES = re.compile(r"<[@+%~&!]?([^\s<>][^<>\n]{0,40})>[:：]?\s")
SAID = re.compile(
    r"@?([^\s:：@|<>\[\](){}*`\"/][^:：|<>\[\](){}*`\"/\n]{0,40}?)\s?[:：](?=\s|$|[\u3400-\u9fff])\s?"
)
BY_MAIL = re.compile(r"<?([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})>?\s?[:：](?=\s|$)\s?")
EVENT = re.compile(r"(?:-!-|\*\*\*|\*|-->|<--)\s+(\S{1,40})\s")
STARTS = re.compile(r"(?:(?<=[\s\[(（])|(?<=[\u3400-\u9fff]))(?=[0-9A-Za-z上下晚凌中早星周])")
TODAY = re.compile(
    r"(?:last[ ])?(?:today|yesterday|new messages?|new|今天|昨天|前天)", re.IGNORECASE
)
TODAY_AT = re.compile(rf"(?:today|yesterday|今天|昨天|{WEEKDAY})[, ]*(?:at)?[ ]*$", re.IGNORECASE)
BADGE = re.compile(r"[ ]{1,3}(?:APP|BOT|\(bot\)|机器人|機器人)$")
DECORATION = " \t#=-–—_*~.:：[]()（）【】>|"
HEADING = re.compile(r"\s{0,3}#{1,6}\s")
ABOUT_ZONE = re.compile(
    r"\btimes?(?:zones?|stamps?|line)?\b|时间|時間|时区|時區|UTC|GMT", re.IGNORECASE
)
WORD_START = re.compile(r"(?<![\w/])(?=[A-Za-z北台香+−-])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line understood. `is_entry` begins a timeline entry; a line with `is_setting` only dates others.

    `seconds` counts from the first entry (`is_from_start`, as in T+5) or from the one before.
    """

    raw: str
    text: str = ""
    stamp: Stamp | None = None
    written: str = ""
    author: str = ""
    is_entry: bool = False
    is_setting: bool = False
    is_bracketed: bool = False
    day: Stamp | None = None
    zone: Zone | None = None
    seconds: Fraction | None = None
    is_from_start: bool = False


def read_line(raw: str) -> Line:
    """What one line says; without a time it is text."""
    raw = raw.rstrip()
    if not raw.strip():
        return Line(raw)
    if is_rule(raw):
        return Line(raw, is_setting=True)
    if cells := cells_of(raw):
        return _read_row(raw, cells)
    return _read_setting(raw) or _read_entry(raw) or _read_name_line(raw) or _read_plain(raw)


def _read_plain(raw: str) -> Line:
    text = raw.strip()
    if match := IN_ANGLES.match(text):
        return Line(raw, text[match.end() :], author=match[1], is_entry=True)
    return Line(raw, text)


def without_bullet(text: str) -> str:
    """The text of a line without the mark that made it an item of a list."""
    return text[_end_of(BULLET, text, 0) :]


# --- Lines that date the lines below them -------------------------------------------------------


def _read_setting(raw: str) -> Line | None:
    if len(raw) > SHORT:
        return None
    bare = raw.strip(DECORATION)
    if not bare:
        return Line(raw, is_setting=True) if len(raw.strip()) > 2 else None
    if TODAY.fullmatch(bare) or re.fullmatch(WEEKDAY, bare, re.IGNORECASE):
        return Line(raw, is_setting=True)
    if day := _whole_day(bare):
        return Line(raw, is_setting=True, day=day, zone=day.zone)
    is_heading = bool(HEADING.match(raw))
    zone = _zone_said(bare) if ABOUT_ZONE.search(bare) else None
    if zone and not (not is_heading and _read_entry(raw)):
        return Line(raw, is_setting=True, zone=zone)
    return Line(raw, is_setting=True) if is_heading and _read_entry(raw) is None else None


def _whole_day(bare: str) -> Stamp | None:
    day = read_day(bare, 0)
    if day is None or day.day is None:
        return None
    zone = read_zone(bare, day.end)
    rest = bare[zone.end if zone else day.end :].strip(DECORATION + ",")
    return Stamp(0, day.end, day=day, zone=zone) if not rest else None


def _zone_said(bare: str) -> Zone | None:
    """The zone of "All times are in UTC" and the like, which say little else."""
    if len(bare.split()) > 10:
        return None
    found = (read_zone(bare, match.start()) for match in WORD_START.finditer(bare))
    return next((zone for zone in found if zone), None)


# --- Lines that begin with a time ---------------------------------------------------------------


def _read_entry(raw: str) -> Line | None:
    head = raw[:HEAD]
    lead = LEAD.match(head)
    start = lead.end() if lead else 0
    opened = head[:start].rstrip()[-1:]
    stamp = read_stamp(head, start)
    if stamp is None or not BOUNDARY.match(head, stamp.end):
        return _read_relative(raw, head, start)
    if not _is_entry_time(head, stamp, opened):
        return None
    end = _end_of(CLOSE, head, stamp.end)
    if stamp.zone is None and stamp.clock and (zone := read_zone(head, end)):
        stamp, end = replace(stamp, zone=zone), _end_of(CLOSE, head, zone.end)
    is_bracketed = opened in ("[", "(", "【", "（")
    return _with_author(
        Line(
            raw,
            _opened_again(raw, start, end),
            stamp,
            head[stamp.start : max(stamp.end, stamp.zone.end if stamp.zone else 0)].strip(),
            is_entry=True,
            is_bracketed=is_bracketed,
        )
    )


def _is_entry_time(head: str, stamp: Stamp, opened: str) -> bool:
    if stamp.clock is not None:
        return True
    # A date without a clock begins an entry only when it is set off: "March 14 releases" is text.
    is_known = stamp.day is not None and stamp.day.month is not None
    end = _end_of(CLOSE, head, stamp.end)
    return is_known and bool(
        (opened in ("[", "*", "(", "【") and end > stamp.end) or DATED.match(head, end)
    )


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _opened_again(raw: str, start: int, end: int) -> str:
    """The text behind the time; bold that began before the time begins behind it instead."""
    text = raw[_end_of(SEPARATOR, raw, end) :].strip()
    is_open = "**" in raw[:start] and "**" not in raw[start:end] and text.count("**") % 2
    return f"**{text}" if is_open else text


def _read_relative(raw: str, head: str, start: int) -> Line | None:
    about = APPROXIMATE.match(head, start)
    position = about.end() if about else start
    from_start, plus = FROM_START.match(head, position), PLUS.match(head, position)
    sign = from_start or plus
    amount = read_amount(head, sign.end() if sign else position)
    seconds, end = amount or (Fraction(0), sign.end() if sign else position)
    if from_start and (from_start["plain"] or from_start["hours"]):
        minutes = int(from_start["hours"] or 0) * 60 + int(
            from_start["minutes"] or from_start["plain"]
        )
        seconds, end = Fraction(minutes * 60), from_start.end()
    elif not from_start and (amount is None or not (plus or LATER.match(head, end))):
        return None
    if from_start and from_start["sign"] and from_start["sign"] != "+":
        seconds = -seconds
    if not plus and not from_start:
        end = _end_of(LATER, head, end)
    if not BOUNDARY.match(head, end):
        return None
    text = raw[_end_of(SEPARATOR, raw, _end_of(CLOSE, head, end)) :].strip()
    found = Line(
        raw,
        text,
        Stamp(start, end, approximate=bool(about)),
        head[start:end].strip(),
        is_entry=True,
    )
    return _with_author(replace(found, seconds=seconds, is_from_start=bool(from_start)))


def _with_author(line: Line) -> Line:
    """The line with who said it taken out of its text."""
    text = line.text
    if match := IN_ANGLES.match(f"{text} "):
        return replace(line, author=match[1], text=text[match.end() :].strip())
    if match := EVENT.match(text):
        return replace(line, author=match[1], text=text[match.end() :].strip())
    if "\t" in text:
        name, _tab, rest = text.partition("\t")
        if is_person(name.strip()):
            return replace(line, author=name.strip(), text=rest.strip())
    match = BY_MAIL.match(text) or SAID.match(text)
    if match and is_person(match[1].strip()):
        return replace(line, author=match[1].strip(), text=text[match.end() :].strip())
    return line


# --- Lines of a name and a time, with the text below --------------------------------------------


def _read_name_line(raw: str) -> Line | None:
    text = raw.strip()
    if len(text) > SHORT or not (text[-1].isalnum() or text[-1] in ")]）.") or ":" not in text[1:]:
        return None
    for match in STARTS.finditer(text):
        stamp = read_stamp(text, match.start())
        if stamp is None or stamp.clock is None or text[stamp.end :].strip(" ])）."):
            continue
        before = text[: match.start()]
        name = TODAY_AT.sub("", before.rstrip(" [(（,"))
        name = BADGE.sub("", name.rstrip(" —–-,[(（\t")).rstrip()
        if name and _is_author(name, before, stamp):
            return Line(raw, "", stamp, text[stamp.start : stamp.end], author=name, is_entry=True)
    return None


def _is_author(name: str, before: str, stamp: Stamp) -> bool:
    if "@" in name and is_person(name):
        return True
    is_set_off = before.endswith(("  ", "\t", "[", "(", "（", "— ", "– ", ", ", "at "))
    is_clear = is_set_off or bool(BADGE.search(before.rstrip()))
    if stamp.clock and (stamp.clock.is_twelve_hours or stamp.day):
        is_clear = True
    if is_person(name):
        return is_clear or not name.isascii()
    return is_clear and len(name) <= 40 and len(name.split()) <= 3 and is_set_off


# --- Rows of tables -----------------------------------------------------------------------------


def _read_row(raw: str, cells: list[str]) -> Line:
    for index, cell in enumerate(cells[:6]):
        found = _cell_time(cell)
        if found is None:
            continue
        stamp, end = found, index + 1
        following = _cell_time(cells[end]) if end < len(cells) else None
        if stamp.clock is None and following and following.clock and not following.day:
            stamp, end = replace(following, day=stamp.day), end + 1
        rest = [*cells[:index], *cells[end:]]
        written = " ".join(part.strip("*`_ ") for part in cells[index:end])
        author, rest = _author_cell(rest)
        text = " | ".join(part for part in rest if part)
        line = Line(raw, text, stamp, written, author=author, is_entry=True)
        return line if author else _with_author(line)
    zone = next((zone for cell in cells if (zone := _zone_of_header(cell))), None)
    is_header = any(ABOUT_ZONE.fullmatch(cell.split("(")[0].strip(" *")) for cell in cells)
    text = " | ".join(part for part in cells if part)
    return Line(raw, text, is_setting=is_header, zone=zone if is_header else None)


def _cell_time(cell: str) -> Stamp | None:
    bare = cell.strip("*`_[] ")[:HEAD]
    stamp = read_stamp(bare, 0)
    if stamp is None or bare[stamp.end :].strip():
        clock = read_clock(bare, 0) if stamp is None else None
        return Stamp(0, clock.end, clock=clock) if clock and not bare[clock.end :] else None
    return stamp


def _zone_of_header(cell: str) -> Zone | None:
    return _zone_said(cell.strip("* ")) if len(cell) < SHORT else None


def _author_cell(cells: list[str]) -> tuple[str, list[str]]:
    """A first cell that is one mention or nick, before another cell, says who spoke."""
    if len(cells) > 1 and cells[0].startswith("@") and is_person(cells[0][1:]):
        return cells[0][1:], cells[1:]
    return "", cells
