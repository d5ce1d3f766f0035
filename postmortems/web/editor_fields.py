"""The editor's fields and a Document, either from the other. A field is named like the JSON pointer
into the Document (`timeline.3.text`), so that a problem of the content finds its field.

What people type stays text until it is saved: half a date is kept in a draft as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from postmortems import document as shape
from postmortems import document_json, durations, moments
from postmortems.document import MOMENTS, Document
from postmortems.document_rules import SECTION_KEY
from postmortems.item_ids import new_id
from postmortems.moments import Moment
from postmortems.web.editor_problems import words_of, words_of_duration
from postmortems.web.editor_relations import ref_in
from postmortems.web.editor_times import read_times

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
    "attachments": (("name",), ()),
}
EVIDENCE = (("text", "source"), ("supports",))
USE = (("term", "why"), ("role",))
WITHOUT_ID = ("relations",)
# More than can be saved: what was pasted below a full list is shown all the same, and then refused.
MOST_ROWS = 2 * shape.ITEMS + 100
# Longer numbers than any row has; Python refuses to read very long ones.
NUMBER_LENGTH = 15
TRANSLATED = ("title", "summary")


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
    """What the fields say: the content, or what keeps them from being one, by the name of the field and
    to stand behind that. `doubts` are times that were kept as words, by the name of the field with
    the code of the reason.

    `numbers` are what `field_of` needs, `times` all moments by the name of the field, and `entries`
    the texts of the timeline by the ids that these moments name."""

    document: Document | None
    problems: Mapping[str, str]
    doubts: Mapping[str, str]
    numbers: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, Moment] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)


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
    prefix = f"{start}."
    return _rows(
        {
            name.removeprefix(prefix): text
            for name, text in fields.items()
            if name.startswith(prefix)
        }
    )


def _rows(members: Mapping[str, str]) -> list[Row]:
    found: dict[str, dict[str, str]] = {}
    for name, text in members.items():
        number, _dot, rest = name.partition(".")
        fits = number in found or len(found) <= MOST_ROWS
        if fits and rest and _is_number(number):
            found.setdefault(number, {})[rest] = text
    rows = [Row(number, values) for number, values in found.items()]
    return [row for _key, row in sorted((row.order(at), row) for at, row in enumerate(rows))]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= NUMBER_LENGTH


def _parts_of(fields: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """The fields by the first part of their names, with the rest of these."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, text in fields.items():
        part, dot, rest = name.partition(".")
        if dot:
            found[part][rest] = text
    return dict(found)


def read(fields: Mapping[str, str], base: Document, *, by: str) -> Reading:
    """The content that the fields say. What no field is for is taken over from `base`; terms that
    are new are assigned by the person named `by`."""
    problems: dict[str, str] = {}
    # Grouped once: there may be thousands of rows, and this is read with every pause in typing.
    parts = _parts_of(fields)
    data = document_json.to_json(base)
    for name in ("title", "summary", "language"):
        data[name] = fields.get(name, "").strip() or (base.language if name == "language" else "")
    # Its field wraps, so that Enter may put a line into it where there is no script.
    data["title"] = " ".join(line.strip() for line in data["title"].splitlines())
    data["sections"] = _sections(parts.get("sections", {}))
    data["translations"] = _translations(parts.get("translations", {}))
    numbers: dict[str, str] = {}
    for name in LISTS:
        data[name] = list(_items(name, parts.get(name, {}), numbers))
    entries = {item["id"]: item["text"] for item in data["timeline"]}
    times, doubts = read_times(fields, data, numbers, base)
    _read_duration(fields, data, problems)
    chosen = parts.get("classifications", {})
    data["classifications"] = list(_classifications(chosen, base, by, numbers))
    try:
        document = document_json.from_json(_without_empty(data))
    except document_json.Invalid as error:
        document = None
        for problem in error.problems:
            problems.setdefault(field_of(problem.pointer, numbers), words_of(problem))
    return Reading(None if problems else document, problems, doubts, numbers, times, entries)


def field_of(pointer: str, numbers: Mapping[str, str]) -> str:
    """The name of the field that a JSON pointer is about; `numbers` are those in the names of rows
    by the place of their items."""
    name = pointer.removeprefix("/").replace("/", ".")
    place = name
    while place:
        if place in numbers:
            return numbers[place] + name.removeprefix(place)
        place = place.rpartition(".")[0]
    return name


def _sections(members: Mapping[str, str]) -> dict[str, str]:
    return {
        key: text for key, text in members.items() if text.strip() and SECTION_KEY.fullmatch(key)
    }


def _translations(members: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, text in members.items():
        language, _dot, member = name.partition(".")
        if member in TRANSLATED and text.strip():
            found[language][member] = text
    return dict(found)


def _items(
    name: str, members: Mapping[str, str], numbers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    texts, choices = LISTS[name]
    place = 0
    for row in _rows(members):
        start = f"{name}.{row.number}"
        evidence = []
        if name == "hypotheses":
            facts = _parts_of(row.values).get("evidence", {})
            evidence = list(_evidence(facts, start, f"{name}.{place}", numbers))
        is_empty = not any(row.values.get(text, "").strip() for text in texts)
        if (is_empty and not evidence) or row.values.get("removed"):
            continue
        item: dict[str, Any] = {
            key: row.values.get(key, "") for key in (*texts, *choices) if row.values.get(key)
        }
        if "target" in item:
            item["target"] = ref_in(item["target"])
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
    members: Mapping[str, str], start: str, place: str, numbers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    count = 0
    for row in _rows(members):
        if not row.values.get("text", "").strip():
            continue
        numbers[f"{place}.evidence.{count}"] = f"{start}.evidence.{row.number}"
        count += 1
        yield {
            "id": row.values.get("id") or new_id("evidence"),
            "text": row.values["text"],
            "supports": row.values.get("supports") != "against",
            "source": row.values.get("source", ""),
        }


def _read_duration(
    fields: Mapping[str, str], data: dict[str, Any], problems: dict[str, str]
) -> None:
    text = fields.get("duration", "").strip()
    data["duration"] = None
    if not text or text.lower() == "unknown":
        return
    try:
        data["duration"] = document_json.to_json(durations.parse_duration(text))
    except durations.Unreadable as error:
        problems["duration"] = words_of_duration(error)


def _classifications(
    members: Mapping[str, str], base: Document, by: str, numbers: dict[str, str]
) -> Iterator[dict[str, Any]]:
    found = [
        (_at(row), slug, row)
        for slug, rows in _parts_of(members).items()
        for row in _rows(rows)
        if row.values.get("term", "").strip() or row.values.get("why", "").strip()
    ]
    known = {(use.vocabulary, use.term, use.role): use.assigned_by for use in base.classifications}
    for place, (at, slug, row) in enumerate(sorted(found, key=lambda item: item[0])):
        term, role = row.values.get("term", "").strip(), row.values.get("role", "")
        numbers[f"classifications.{place}"] = f"classifications.{slug}.{row.number}"
        # Who changes its role did not assign the term.
        was = base.classifications[at] if at < len(base.classifications) else None
        same = was.assigned_by if was and (was.vocabulary, was.term) == (slug, term) else by
        yield {
            "vocabulary": slug,
            "term": term,
            "role": role,
            "why": row.values.get("why", ""),
            "assigned_by": known.get((slug, term, role), same),
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
