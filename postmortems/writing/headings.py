"""A whole pasted postmortem with headings of any known template as a Document. Pure; nothing of it is lost."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from postmortems.document import ITEMS, TITLE_LENGTH, Classification, Document, Lesson
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
    PEOPLE,
    REST,
    SEVERITY,
    SUMMARY,
    TIMELINE,
    TITLE,
    normal,
    target_of,
)
from postmortems.writing.lists import actions_of, items_of
from postmortems.writing.moments_typed import understood
from postmortems.writing.notices import Notice
from postmortems.writing.parts import Part, parts_of
from postmortems.writing.people import CJK_NAME, GROUPS, MAIL, People, is_person
from postmortems.writing.tables import cells_of, is_rule

FIELD = re.compile(
    r"\s{0,3}(?:[-*+•][ \t]{1,3})?(?:\*\*|__)?(?P<name>[^\W\d_][^:：*|\n]{1,40}?)"
    r"(?:(?:\*\*|__)[:：]|[:：](?:\*\*|__)?)[ \t]*(?P<value>\S.{0,290})"
)
BETWEEN_NAMES = re.compile(r"[,;，；、\n]|\band\b")
TEAM_ENDINGS = ("组", "組", "团队", "團隊", "部", "部门", "部門", "班")
# Longer lists of names are none.
MOST_NAMES = 2_000
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


def document_of(
    text: str,
    *,
    keep_names: bool = True,
    severity_of: Callable[[str], str] = lambda _words: "",
    sections: Mapping[str, str] = MappingProxyType({}),
) -> PastedDocument:
    """The Document in a text; never raises. Without a title in the text its title is empty.

    With `keep_names` false the people of its timeline and of lines such as `Owner: Jane Doe` become
    roles. `severity_of` gives the term of what is written as the severity, empty where there is none.
    `sections` are headings in `normal` form, with the keys of sections that they lead to before all
    others.
    """
    return _Reader(keep_names, severity_of, sections).read(clean_paste(text))


class _Reader:
    def __init__(
        self, keep_names: bool, severity_of: Callable[[str], str], sections: Mapping[str, str]
    ) -> None:
        self.keep_names, self.severity_of = keep_names, severity_of
        self.own = sections
        self.met = People()
        self.values: dict[str, Any] = {}
        self.summary: list[str] = []
        self.sections: dict[str, list[str]] = {}
        self.headings: list[tuple[str, str]] = []
        self.left_out: list[str] = []
        self.notices: list[Notice] = []
        self.entries: list[PastedEntry] = []
        self.takers: dict[str, Callable[[Part], None]] = {
            SUMMARY: self._summary,
            TIMELINE: self._timeline,
            LESSONS: self._lessons,
            ACTIONS: self._actions,
        }

    def read(self, text: str) -> PastedDocument:
        parts = parts_of(text, self._target_of)
        if not self.keep_names:
            self._meet(parts)
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
            document if self.keep_names else self._without_names(document),
            tuple(self.headings),
            tuple(self.left_out),
            tuple(self.notices),
            MappingProxyType(dict(self.met.roles)),
            tuple(self.entries),
        )

    def _target_of(self, heading: str) -> str:
        return self.own.get(normal(heading)) or target_of(heading)

    # --- Who is named ---

    def _meet(self, parts: list[Part]) -> None:
        """Get to know whom lines such as `Owner: Jane Doe <jane@corp.com>` name."""
        for part in parts:
            if normal(part.heading) in PEOPLE:
                self._meet_all(part.text)
            for line in part.lines:
                written, value = _named_value(line)
                if normal(written) in PEOPLE:
                    self._meet_all(value)

    def _meet_all(self, written: str) -> None:
        for name in BETWEEN_NAMES.split(written[:MOST_NAMES]):
            words = name.strip(" \t*_-•")
            if MAIL.search(words) or _is_surely_person(words):
                self.met.meet_with_mail(words)

    def _without_names(self, document: Document) -> Document:
        replaced = self.met.without_names
        return replace(
            document,
            title=replaced(document.title)[:TITLE_LENGTH].strip(),
            summary=replaced(document.summary),
            sections=MappingProxyType(
                {key: replaced(text) for key, text in document.sections.items()}
            ),
            lessons=tuple(replace(item, text=replaced(item.text)) for item in document.lessons),
            actions=tuple(
                replace(item, text=replaced(item.text), owner=replaced(item.owner))
                for item in document.actions
            ),
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
        written, value = _named_value(line)
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
        if target == SEVERITY:
            return self._severity(value)
        moment, code = understood(value, base=None, entries={})
        if code or moment in (Moment(), Moment(text=value)):
            return False
        self.values[target] = (
            moment if moment.text else replace(moment, text=_as_written(moment, value))
        )
        return True

    def _severity(self, value: str) -> bool:
        term = self.severity_of(value)
        if not term or "classifications" in self.values:
            return False
        self.values["classifications"] = (Classification(SEVERITY, term),)
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
        name = normal(part.heading)
        is_own = target in (self.own.get(name), OWN_NAMES.get(name)) and target not in self.sections
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
            people=self.met,
        )
        self.values[TIMELINE] = (*before, *(entry.as_entry() for entry in pasted.entries))
        self.entries += [entry for entry in pasted.entries if entry.notices]
        self._add(REST, pasted.rest)
        self.left_out += [line for line in pasted.left_out if not is_rule(line)]
        self.notices += [found for found in pasted.notices if found not in self.notices]

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


def _is_surely_person(words: str) -> bool:
    # "Owner: checkout" names a team: a single word is a name only where it is marked as one.
    if any(GROUPS.fullmatch(word) for word in words.split()) or words.endswith(TEAM_ENDINGS):
        return False
    is_marked = words.startswith("@") or len(words.split()) > 1 or bool(CJK_NAME.fullmatch(words))
    return is_marked and is_person(words.lstrip("@"))


def _named_value(line: str) -> tuple[str, str]:
    """`Start: 2023-03-14`, or a row of a table of two, as the name and the value; empty for other lines."""
    if len(line) > TITLE_LENGTH:
        return "", ""
    cells = cells_of(line)
    if len(cells) == 2:
        return cells[0], cells[1]
    match = FIELD.fullmatch(line)
    return (match["name"], match["value"].strip().strip("*_").strip()) if match else ("", "")


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
