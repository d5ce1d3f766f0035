"""The editor's fields and a Document, either from the other. A field is named like the JSON pointer
into the Document (`timeline.3.text`), so that a problem of the content finds its field.

What people type stays text until it is saved: half a date is kept in a draft as it is.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from postmortems import document as shape
from postmortems import document_json, durations, moments
from postmortems.document import MOMENTS, Document
from postmortems.models.postmortem import REF_ALPHABET
from postmortems.writing.moments_typed import understood

Fields = dict[str, str]

# The lists of a Document with the fields of an item; the first ones say whether there is an item at
# all, the rest are choices that are never empty.
LISTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "signals": (("text",), ("kind",)),
    "workarounds": (("text",), ("state",)),
    "timeline": (("when", "text", "source"), ("kind",)),
    "hypotheses": (("claim", "holder", "reason"), ("verdict",)),
    "lessons": (("text", "source"), ()),
    "actions": (("text", "owner", "due", "tracker"), ("kind", "status")),
    "references": (("title", "url", "label", "language", "archived"), ("kind",)),
    "relations": (("target", "note"), ("kind",)),
}
EVIDENCE = (("text", "source"), ("supports",))
USE = (("term", "why"), ("role",))
WITHOUT_ID = ("relations",)
PREFIXES = {"hypotheses": "h", "timeline": "t", "workarounds": "w"}
ID_LENGTH = 6
MOST_ROWS = shape.ITEMS


@dataclass(frozen=True)
class Row:
    """One item of a list as its fields stand: the number in their names, and their texts by name."""

    number: str
    values: Mapping[str, str]

    def order(self, place: int) -> tuple[float, int]:
        """Where it stands: by its order number where one is written."""
        try:
            return float(self.values.get("order", "")), place
        except ValueError:
            return float(place + 1), place


@dataclass(frozen=True)
class Reading:
    """What the fields say: the content, or what keeps them from being one, by the name of the field.
    `doubts` are times that were kept as words, by the name of the field with the code of the reason."""

    document: Document | None
    problems: Mapping[str, str]
    doubts: Mapping[str, str]


# --- Document to fields -------------------------------------------------------------------------


def fields_of(document: Document) -> Fields:
    """The fields that show a Document."""
    return {name: text for name, text in _fields(document) if text}


def _fields(document: Document) -> Iterator[tuple[str, str]]:
    for name in ("title", "summary", "language"):
        yield name, getattr(document, name)
    for name in MOMENTS:
        yield name, moments.format_moment(getattr(document, name))
    if document.duration:
        yield "duration", durations.format_duration(document.duration)
    for key, text in document.sections.items():
        yield f"sections.{key}", text
    for language, item in document.translations.items():
        yield f"translations.{language}.title", item.title
        yield f"translations.{language}.summary", item.summary
    for name, (texts, choices) in LISTS.items():
        for number, item in enumerate(getattr(document, name)):
            yield from _item_fields(f"{name}.{number}", item, (*texts, *choices))
    yield from _uses(document)


def _item_fields(start: str, item: Any, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in ("id", *names):
        value: Any = getattr(item, name, "")
        yield f"{start}.{name}", moments.format_moment(value) if name == "when" else str(value)
    for number, fact in enumerate(getattr(item, "evidence", ())):
        yield from _item_fields(f"{start}.evidence.{number}", fact, EVIDENCE[0])
        yield f"{start}.evidence.{number}.supports", "for" if fact.supports else "against"


def _uses(document: Document) -> Iterator[tuple[str, str]]:
    numbers: dict[str, int] = {}
    for at, item in enumerate(document.classifications):
        number = numbers[item.vocabulary] = numbers.get(item.vocabulary, -1) + 1
        start = f"classifications.{item.vocabulary}.{number}"
        yield f"{start}.at", str(at)
        for name in ("term", "role", "why"):
            yield f"{start}.{name}", getattr(item, name)


# --- Fields to Document -------------------------------------------------------------------------


def rows_of(fields: Mapping[str, str], start: str) -> list[Row]:
    """The items of a list in their order; `start` is its name, or `hypotheses.2.evidence`."""
    found: dict[str, dict[str, str]] = {}
    for name, text in fields.items():
        if not name.startswith(f"{start}."):
            continue
        number, _dot, rest = name.removeprefix(f"{start}.").partition(".")
        if number.isdecimal() and rest and len(found) <= MOST_ROWS:
            found.setdefault(number, {})[rest] = text
    rows = [Row(number, values) for number, values in found.items()]
    return [row for _key, row in sorted((row.order(at), row) for at, row in enumerate(rows))]


def read(fields: Mapping[str, str], base: Document, *, by: str) -> Reading:
    """The content that the fields say. What no field is for is taken over from `base`; terms that
    are new are assigned by the person named `by`."""
    problems: dict[str, str] = {}
    doubts: dict[str, str] = {}
    data = document_json.to_json(base)
    for name in ("title", "summary", "language"):
        data[name] = fields.get(name, "").strip() or (base.language if name == "language" else "")
    data |= {name: _section_texts(fields, name) for name in ("sections", "translations")}
    numbers: dict[str, str] = {}
    for name in LISTS:
        data[name] = list(_items(fields, name, numbers))
    _read_times(fields, data, numbers, doubts)
    _read_duration(fields, data, problems)
    data["classifications"] = list(_classifications(fields, base, by, numbers))
    try:
        document = document_json.from_json(_without_empty(data))
    except document_json.Invalid as error:
        for problem in error.problems:
            problems.setdefault(field_of(problem.pointer, numbers), problem.message)
        return Reading(None, problems, doubts)
    return Reading(None if problems else document, problems, doubts)


def field_of(pointer: str, numbers: Mapping[str, str]) -> str:
    """The name of the field that a JSON pointer is about; `numbers` are those in the names of rows
    by the place of their items."""
    name = pointer.removeprefix("/").replace("/", ".")
    for place in sorted(numbers, key=len, reverse=True):
        if name == place or name.startswith(f"{place}."):
            return numbers[place] + name.removeprefix(place)
    return name


def _section_texts(fields: Mapping[str, str], name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field, text in fields.items():
        if not field.startswith(f"{name}.") or not text.strip():
            continue
        key, _dot, member = field.removeprefix(f"{name}.").partition(".")
        if member:
            found.setdefault(key, {})[member] = text
        else:
            found[key] = text
    return found


def _items(
    fields: Mapping[str, str], name: str, numbers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    texts, choices = LISTS[name]
    place = 0
    for row in rows_of(fields, name):
        start = f"{name}.{row.number}"
        evidence = list(_evidence(fields, f"{start}.evidence", f"{name}.{place}.evidence", numbers))
        if not evidence and not any(row.values.get(text, "").strip() for text in texts):
            continue
        item: dict[str, Any] = {
            key: row.values.get(key, "") for key in (*texts, *choices) if row.values.get(key)
        }
        if name not in WITHOUT_ID:
            item["id"] = row.values.get("id") or new_id(name)
        if name == "timeline":
            item.setdefault("text", "")
        if evidence:
            item["evidence"] = evidence
        numbers[f"{name}.{place}"] = start
        place += 1
        yield item


def _evidence(
    fields: Mapping[str, str], start: str, place: str, numbers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    count = 0
    for row in rows_of(fields, start):
        if not row.values.get("text", "").strip():
            continue
        numbers[f"{place}.{count}"] = f"{start}.{row.number}"
        count += 1
        yield {
            "id": row.values.get("id") or new_id("evidence"),
            "text": row.values["text"],
            "supports": row.values.get("supports") != "against",
            "source": row.values.get("source", ""),
        }


def new_id(part: str) -> str:
    """An id that no other item has, here or on another's screen: two who add entries at the same
    time must not both call them t12."""
    tail = "".join(secrets.choice(REF_ALPHABET) for _place in range(ID_LENGTH))
    return f"{PREFIXES.get(part, part[0])}-{tail}"


def _read_times(
    fields: Mapping[str, str],
    data: dict[str, Any],
    numbers: Mapping[str, str],
    doubts: dict[str, str],
) -> None:
    """The moments, each counted from the one before it where it is only said how much later."""
    entries = {item["id"]: item["text"] for item in data["timeline"]}
    latest: moments.Moment | None = None
    for name in MOMENTS:
        moment, code = understood(fields.get(name, ""), base=latest, entries=entries)
        if code:
            doubts[name] = code
        if name == "started":
            latest = moment
        data[name] = document_json.to_json(moment)
    for place, item in enumerate(data["timeline"]):
        others = {key: text for key, text in entries.items() if key != item["id"]}
        moment, code = understood(item.pop("when", ""), base=latest, entries=others)
        if code:
            doubts[f"{numbers[f'timeline.{place}']}.when"] = code
        item["when"] = document_json.to_json(moment)


def _read_duration(
    fields: Mapping[str, str], data: dict[str, Any], problems: dict[str, str]
) -> None:
    text = fields.get("duration", "").strip()
    data["duration"] = None
    if not text or text.lower() == "unknown":
        return
    try:
        data["duration"] = document_json.to_json(durations.parse_duration(text))
    except ValueError as error:
        problems["duration"] = str(error)


def _classifications(
    fields: Mapping[str, str], base: Document, by: str, numbers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    known = {(item.vocabulary, item.term): item.assigned_by for item in base.classifications}
    slugs = dict.fromkeys(
        name.split(".")[1] for name in fields if name.startswith("classifications.")
    )
    found = [
        (_at(row), slug, row)
        for slug in slugs
        for row in rows_of(fields, f"classifications.{slug}")
        if row.values.get("term", "").strip() or row.values.get("why", "").strip()
    ]
    for place, (_place, slug, row) in enumerate(sorted(found, key=lambda item: item[0])):
        term = row.values.get("term", "").strip()
        numbers[f"classifications.{place}"] = f"classifications.{slug}.{row.number}"
        yield {
            "vocabulary": slug,
            "term": term,
            "role": row.values.get("role", ""),
            "why": row.values.get("why", ""),
            "assigned_by": known.get((slug, term), by),
        }


def _at(row: Row) -> int:
    """Where it stood before; new ones come last."""
    text = row.values.get("at", "")
    return int(text) if text.isdecimal() and len(text) < 6 else MOST_ROWS


def _without_empty(value: Any) -> Any:
    """JSON without empty texts, so that what was left open takes its default."""
    if isinstance(value, dict):
        return {
            key: _without_empty(item)
            for key, item in value.items()
            if item not in ("", None, [], {}) or key == "title"
        }
    return [_without_empty(item) for item in value] if isinstance(value, list) else value
