"""Lessons and actions from the lists, tables and paragraphs of a pasted text. Pure."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from postmortems.document import LINE_LENGTH, PERMANENT, Action
from postmortems.document_rules import LINES, clean
from postmortems.writing.stamps import read_stamp
from postmortems.writing.tables import cells_of, is_rule

ITEM = re.compile(
    r"(?P<indent>[ \t]{0,40})(?:[*+•‣▪-]|[0-9]{1,3}[.)])[ \t]{1,4}(?:\[(?P<box>[ xX])\][ \t])?"
)
COLUMNS = {
    **dict.fromkeys(
        (
            "action",
            "action item",
            "actions",
            "action items",
            "description",
            "item",
            "task",
            "what",
            "title",
            "措施",
            "行动项",
            "行動項",
            "改进措施",
            "内容",
        ),
        "text",
    ),
    **dict.fromkeys(("owner", "assignee", "who", "responsible", "负责人", "負責人"), "owner"),
    **dict.fromkeys(
        ("due", "due date", "deadline", "when", "by", "date", "截止", "截止日期", "期限"), "due"
    ),
    **dict.fromkeys(
        ("bug", "ticket", "issue", "jira", "tracker", "link", "tracking", "工单", "工單"), "tracker"
    ),
    **dict.fromkeys(("status", "state", "状态", "狀態"), "status"),
    **dict.fromkeys(("type", "kind", "类型", "類型"), "kind"),
}
STATUSES = {
    **dict.fromkeys(
        ("done", "closed", "complete", "completed", "fixed", "✅", "完成", "已完成"), "done"
    ),
    **dict.fromkeys(
        ("open", "todo", "to do", "in progress", "started", "ongoing", "wip", "进行中", "進行中"),
        "open",
    ),
    **dict.fromkeys(("dropped", "won't do", "wontfix", "cancelled", "canceled", "取消"), "dropped"),
    "proposed": "proposed",
}
KINDS = {
    **dict.fromkeys(("permanent", "prevent", "prevention", "preventative", "fix"), PERMANENT),
    **dict.fromkeys(("temporary", "mitigate", "mitigation", "workaround"), "temporary"),
    **dict.fromkeys(("process", "training", "documentation"), "process"),
}

KEY = re.compile(r"\b[A-Z][A-Z0-9]{1,9}-[0-9]{1,7}\b")
ADDRESS = re.compile(r"https?://[^\s<>)\]|\"]{3,400}")


def items_of(text: str) -> list[str]:
    """The items of the lists in a text, else its paragraphs; sub-items stay with their item."""
    return [item for item, _box in _items(text)]


def _items(text: str) -> Iterator[tuple[str, str]]:
    current: list[str] = []
    box = ""
    for line in text.split("\n"):
        match = ITEM.match(line)
        begins = match is not None and len(match["indent"].expandtabs(4)) < 2
        ends = not begins and not line.strip()
        if (begins or ends) and current:
            yield from _fitting("\n".join(current), box)
            current, box = [], ""
        if begins and match:
            box = match["box"] or ""
            current = [line[match.end() :].strip()]
        elif line.strip() and not is_rule(line):
            current.append(line.rstrip())
    if current:
        yield from _fitting("\n".join(current), box)


def _fitting(text: str, box: str) -> Iterator[tuple[str, str]]:
    text = clean(text)
    for start in range(0, len(text), LINE_LENGTH):
        piece = clean(text[start : start + LINE_LENGTH])
        if piece:
            yield piece, box


def actions_of(text: str, first: int = 1) -> list[Action]:
    """The actions of a list or a table; what has no field of its own stays in the text."""
    lines = text.split("\n")
    found = list(_from_table(lines)) or [_from_item(item, box) for item, box in _items(text)]
    if found and any(cells_of(line) for line in lines):
        # Beside a table: what is no row of it.
        others = "\n".join(line for line in lines if not cells_of(line) and not is_rule(line))
        found += [_from_item(item, box) for item, box in _items(others)]
    fitting = (
        {**values, "text": piece}
        for values in found
        for piece, _box in _fitting(values["text"], "")
    )
    return [Action(id=f"a{number}", **values) for number, values in enumerate(fitting, first)]


def _from_item(text: str, box: str) -> dict[str, str]:
    values = {"text": text}
    if box:
        values["status"] = "open" if box == " " else "done"
    trackers = {*KEY.findall(text), *ADDRESS.findall(text)}
    if len(trackers) == 1:
        values["tracker"] = trackers.pop()
    return values


def _from_table(lines: list[str]) -> Iterator[dict[str, str]]:
    columns: list[str] = []
    names: list[str] = []
    for index, line in enumerate(lines):
        cells = cells_of(line)
        if not cells or is_rule(line):
            continue
        if index + 1 < len(lines) and is_rule(lines[index + 1]):
            names = [cell.strip("*_ ") for cell in cells]
            columns = [COLUMNS.get(name.lower(), "") for name in names]
            if "text" not in columns:
                columns = ["text", *columns[1:]]
            continue
        if any(cells):
            yield _from_row(cells, columns, names)


def _from_row(cells: list[str], columns: list[str], names: list[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    extra: list[str] = []
    for cell, column, name in zip_longest(cells, columns[: len(cells)], names[: len(cells)]):
        value = _value(column, cell) if column and column not in values else ""
        if value:
            values[column] = value
        if cell and value != cell:
            extra.append(f"{name}: {cell}" if name else cell)
    text = values.get("text") or "; ".join(cells)
    values["text"] = f"{text} ({'; '.join(extra)})" if extra else text
    return values


def _value(column: str, cell: str) -> str:
    """The cell as its field holds it; empty when it does not fit."""
    if column == "status":
        return STATUSES.get(cell.lower(), "")
    if column == "kind":
        return KINDS.get(cell.lower(), "")
    if column == "due":
        return _day(cell)
    return cell if len(cell) <= LINES.get(column, LINE_LENGTH // 2) and cell == clean(cell) else ""


def _day(cell: str) -> str:
    stamp = read_stamp(cell, 0)
    if stamp is None or stamp.day is None or stamp.clock or stamp.day.order == "either":
        return ""
    iso = stamp.day.iso()
    is_whole = len(iso) == len("2023-03-14") and not cell[stamp.end :].strip()
    return iso if is_whole else ""
