"""A whole pasted postmortem with headings of any known template as a Document. Pure; nothing of it is lost."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from postmortems.document import ITEMS, TITLE_LENGTH, Document, Lesson
from postmortems.document_rules import clean
from postmortems.durations import parse_duration
from postmortems.moments import Moment
from postmortems.writing.chat import PastedEntry, clean_paste, entries_of
from postmortems.writing.chat_lines import read_line
from postmortems.writing.heading_names import (
    ACTIONS,
    DURATION,
    FIELDS,
    LESSONS,
    OWN_NAMES,
    REST,
    SUMMARY,
    TIMELINE,
    TITLE,
    normal,
)
from postmortems.writing.lists import actions_of, items_of
from postmortems.writing.moments_typed import understood
from postmortems.writing.notices import Notice
from postmortems.writing.parts import Part, parts_of
from postmortems.writing.tables import cells_of, is_rule

FIELD = re.compile(
    r"\s{0,3}(?:[-*+•][ \t]{1,3})?(?:\*\*|__)?(?P<name>[^\W\d_][^:：*|\n]{1,40}?)"
    r"(?:(?:\*\*|__)[:：]|[:：](?:\*\*|__)?)[ \t]*(?P<value>\S.{0,290})"
)
DATES = ("date", "日期", "incident date", "date of incident")
LETTER = re.compile(r"[A-Za-z]+|[\u3400-\u9fff]")
SIMPLIFIED = frozenset("这为时间发现个们对应务处过导线来问题无")
TRADITIONAL = frozenset("這為時間發現個們對應務處過導線來問題無")


@dataclass(frozen=True, slots=True)
class PastedDocument:
    """What a text was understood as, to be shown before it is taken.

    `headings` are those that were recognised, as written, with where their texts went: a section,
    a field of the Document, `lessons` and so on. `left_out` are lines that only dated or headed
    others; `entries` are those of its timeline that have notices of their own.
    """

    document: Document
    headings: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    entries: tuple[PastedEntry, ...] = ()


def document_of(text: str, *, keep_names: bool = True) -> PastedDocument:
    """The Document in a text; never raises. Without a title in the text its title is empty.

    With `keep_names` false the people of its timeline become roles.
    """
    return _Reader(keep_names).read(clean_paste(text))


class _Reader:
    def __init__(self, keep_names: bool) -> None:
        self.keep_names = keep_names
        self.values: dict[str, Any] = {}
        self.summary: list[str] = []
        self.sections: dict[str, list[str]] = {}
        self.headings: list[tuple[str, str]] = []
        self.left_out: list[str] = []
        self.notices: list[Notice] = []
        self.people: dict[str, str] = {}
        self.entries: list[PastedEntry] = []
        self.takers: dict[str, Callable[[Part], None]] = {
            SUMMARY: self._summary,
            TIMELINE: self._timeline,
            LESSONS: self._lessons,
            ACTIONS: self._actions,
        }

    def read(self, text: str) -> PastedDocument:
        parts = parts_of(text)
        self._title(parts)
        # Dates first, since the timeline needs its day; a bare date gives way to a start.
        for is_date in (False, True):
            for part in parts:
                self._fields(part, is_date)
        for part in parts:
            self._take(part)
        title = self.values.pop("title", "")
        document = Document(
            title=title,
            summary="\n\n".join(self.summary),
            language=_language(text),
            sections=MappingProxyType(
                {key: clean("\n\n".join(texts)) for key, texts in self.sections.items()}
            ),
            **self.values,
        )
        return PastedDocument(
            document,
            tuple(self.headings),
            tuple(self.left_out),
            tuple(self.notices),
            MappingProxyType(self.people),
            tuple(self.entries),
        )

    # --- The title and the dates ---

    def _title(self, parts: list[Part]) -> None:
        first = parts[0]
        is_first = len(parts) > 1 and not first.text.strip()
        if is_first and parts[1].level == 1 and not parts[1].target:
            self._set_title(parts[1].heading)
            parts[1].heading = ""
        elif title := _title_line(first, has_headings=len(parts) > 1):
            first.lines = first.lines[first.lines.index(title) + 1 :]
            self._set_title(title)

    def _set_title(self, title: str) -> None:
        words = clean(" ".join(title.strip("*_# \t").split()))
        self.values["title"] = clean(words[:TITLE_LENGTH])
        if len(words) > TITLE_LENGTH:
            self._add(REST, words)

    def _fields(self, part: Part, is_date: bool) -> None:
        name = normal(part.heading)
        if name in FIELDS and (name in DATES) is is_date and self._field(name, part.text.strip()):
            self.headings.append((part.heading, FIELDS[name]))
            part.heading, part.lines = "", []
        if part.target in ("", REST):
            part.lines = [line for line in part.lines if not self._field_line(line, is_date)]

    def _field_line(self, line: str, is_date: bool) -> bool:
        if len(line) > TITLE_LENGTH:
            return False
        cells = cells_of(line)
        match = FIELD.fullmatch(line)
        if len(cells) == 2:
            written, value = cells
        elif match:
            written, value = match["name"], match["value"].strip().strip("*_").strip()
        else:
            return False
        name = normal(written)
        if name not in FIELDS or (name in DATES) is not is_date or not self._field(name, value):
            return False
        self.headings.append((written, FIELDS[name]))
        return True

    def _field(self, name: str, value: str) -> bool:
        """Whether a value was understood and taken for a field that was still empty."""
        target = FIELDS[name]
        if target in self.values or not value or "\n" in value:
            return False
        if target == TITLE:
            self._set_title(value)
            return True
        if target == DURATION:
            return self._duration(value)
        moment, code = understood(value, base=None, entries={})
        if code or moment in (Moment(), Moment(text=value)):
            return False
        self.values[target] = (
            moment if moment.text else replace(moment, text=_as_written(moment, value))
        )
        return True

    def _duration(self, value: str) -> bool:
        try:
            self.values[DURATION] = parse_duration(value.rstrip(".").replace(" and ", " "))
        except ValueError:
            return False
        # The words stay readable beside what was made of them.
        self._add(REST, f"Duration: {value}")
        return True

    # --- The parts ---

    def _take(self, part: Part) -> None:
        if not part.heading and not part.text.strip():
            return
        target = part.target or REST
        if part.heading:
            self.headings.append((part.heading, target))
        if target in self.takers:
            self.takers[target](part)
            return
        is_own = OWN_NAMES.get(normal(part.heading)) == target and target not in self.sections
        if part.heading and not is_own:
            self._add(target, f"### {clean(part.heading)}")
        self._add(target, part.text)

    def _add(self, key: str, text: str) -> None:
        if text := clean(text):
            self.sections.setdefault(key, []).append(text)

    def _summary(self, part: Part) -> None:
        if text := clean(part.text):
            self.summary.append(text)

    def _timeline(self, part: Part) -> None:
        started = self.values.get("started", Moment())
        day = started.date if len(started.date) == len("2023-03-14") else ""
        before = self.values.get(TIMELINE, ())
        if len(before) == ITEMS:
            self._add(REST, part.text)
            return
        zone_line = read_line(part.heading)
        text = f"{part.heading}\n{part.text}" if zone_line.zone else part.text
        pasted = entries_of(
            text,
            day=day,
            keep_names=self.keep_names,
            first=len(before) + 1,
            most=ITEMS - len(before),
        )
        self.values[TIMELINE] = (*before, *(entry.as_entry() for entry in pasted.entries))
        self.entries += [entry for entry in pasted.entries if entry.notices]
        self._add(REST, pasted.rest)
        self.left_out += [line for line in pasted.left_out if not is_rule(line)]
        self.notices += [found for found in pasted.notices if found not in self.notices]
        self.people |= pasted.people

    def _lessons(self, part: Part) -> None:
        before = self.values.get(LESSONS, ())
        items = items_of(part.text)
        room = ITEMS - len(before)
        made = (
            Lesson(f"l{number}", item) for number, item in enumerate(items[:room], len(before) + 1)
        )
        self.values[LESSONS] = (*before, *made)
        self._add(REST, "\n".join(items[room:]))

    def _actions(self, part: Part) -> None:
        before = self.values.get(ACTIONS, ())
        if len(before) == ITEMS:
            self._add(REST, part.text)
            return
        made = (*before, *actions_of(part.text, len(before) + 1))
        self.values[ACTIONS] = made[:ITEMS]
        self._add(REST, "\n".join(action.text for action in made[ITEMS:]))
        self.left_out += _header_rows(part.lines)


def _title_line(first: Part, has_headings: bool) -> str:
    """A short line above everything, set off by an empty one, in a text that has headings."""
    lines = [line for line in first.lines if line.strip()]
    if not lines or not has_headings or FIELD.fullmatch(lines[0]) or read_line(lines[0]).is_entry:
        return ""
    index = first.lines.index(lines[0])
    is_apart = index + 1 >= len(first.lines) or not first.lines[index + 1].strip()
    is_short = len(lines[0]) <= TITLE_LENGTH // 2 and not lines[0].rstrip().endswith(
        (".", "。", ",")
    )
    return lines[0] if is_apart and is_short else ""


def _as_written(moment: Moment, value: str) -> str:
    plain = " ".join(filter(None, (moment.date, moment.time, moment.zone)))
    return "" if plain == value else clean(" ".join(value.split()))


def _header_rows(lines: list[str]) -> list[str]:
    return [
        line.strip()
        for line, below in itertools.pairwise(lines)
        if cells_of(line) and is_rule(below)
    ]


def _language(text: str) -> str:
    """The language most words are in."""
    words = LETTER.findall(text[:200_000])
    chinese = [word for word in words if not word.isascii()]
    if len(chinese) * 4 < len(words) or not chinese:
        return "en"
    simplified = sum(char in SIMPLIFIED for char in chinese)
    traditional = sum(char in TRADITIONAL for char in chinese)
    return "zh-hant" if traditional > simplified else "zh-hans"
