"""What must be true of a postmortem's content before it is stored: texts, values, ids, sizes. Pure.

Called through `document_json`, which also reads and writes the JSON that the pointers point into.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

from postmortems import document as shape
from postmortems import durations, moments
from postmortems.document import Document
from postmortems.durations import Duration
from postmortems.moments import IDENTIFIER, Moment

# One-line fields and how many characters their columns hold; every other text is a paragraph.
LINES = {
    "id": 40,
    "title": shape.TITLE_LENGTH,
    "source": 200,
    "holder": 200,
    "owner": 200,
    "tracker": 500,
    "url": 2000,
    "archived": 2000,
    "label": 60,
    "language": 35,
    "assigned_by": 60,
    "vocabulary": 60,
    "term": 300,
    "target": 200,
    "name": 255,
    "due": 10,
}
CHOICES: dict[tuple[type, str], tuple[str, ...]] = {
    (Document, "language"): shape.LANGUAGES,
    (shape.Signal, "kind"): shape.SIGNAL_KINDS,
    (shape.Workaround, "state"): shape.WORKAROUND_STATES,
    (shape.TimelineEntry, "kind"): shape.ENTRY_KINDS,
    (shape.Hypothesis, "verdict"): shape.VERDICTS,
    (shape.Action, "kind"): shape.ACTION_KINDS,
    (shape.Action, "status"): shape.ACTION_STATUSES,
    (shape.Relation, "kind"): shape.RELATION_KINDS,
    (shape.Reference, "kind"): shape.REFERENCE_KINDS,
    (shape.Classification, "role"): shape.ROLES,
}
# What may not stand twice in a list; of other items, the id.
IDENTITIES: dict[type, tuple[str, ...]] = {
    shape.Relation: ("kind", "target"),
    shape.Classification: ("vocabulary", "term", "role"),
}
# Every class of the Document: each field with its default, MISSING for a required one.
DEFAULTS: dict[type, dict[str, Any]] = {
    kind: {
        item.name: item.default if item.default_factory is MISSING else item.default_factory()
        for item in fields(kind)
    }
    for kind in vars(shape).values()
    if isinstance(kind, type) and is_dataclass(kind)
}
# Each field with its type, `X | None` as X; and the fields that hold more than a single value.
HINTS: dict[type, dict[str, Any]] = {
    kind: {
        name: get_args(hint)[0] if isinstance(hint, UnionType) else hint
        for name, hint in get_type_hints(kind).items()
    }
    for kind in DEFAULTS
}
PARTS = {
    kind: [name for name, hint in hints.items() if hint not in (str, int, bool)]
    for kind, hints in HINTS.items()
}
SECTION_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
# Characters that a database, XML or UTF-8 refuses.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
SURROGATE = re.compile("[\ud800-\udfff]")


# What may be wrong, by code, as files and the API say it. A page names the field itself and says the
# rest in the language of its reader.
MESSAGES = {
    "schema": "schema must be %(number)s.",
    "empty": "%(name)s is empty: write something.",
    "missing": "%(name)s is missing.",
    "choice": "%(name)s “%(value)s” is not allowed: use %(choices)s.",
    "unclean": "%(name)s has control characters or white space at its ends: take them out.",
    "one-line": "%(name)s must be one line.",
    "too-long": "%(name)s is too long: at most %(most)s characters are allowed.",
    "too-large": "%(name)s is too long: at most %(most)s MiB are allowed.",
    "no-id": "%(name)s “%(value)s” is not allowed: use letters, digits, dots, dashes and underscores.",
    "no-address": (
        "%(name)s “%(value)s” is not allowed: write an address that begins with https:// or http://."
    ),
    "no-day": "%(name)s “%(value)s” is not allowed: write a day such as 2023-04-01.",
    "no-language": (
        "%(name)s “%(value)s” is not allowed: write a language tag such as en or zh-hans."
    ),
    "too-many": "%(name)s may have at most %(most)s items.",
    "twice": "“%(value)s” stands twice in %(name)s: it may stand there once.",
    "no-entry": "after names “%(value)s”, which is no entry of the timeline.",
    "section-key": (
        "The section key “%(value)s” is not allowed: use small letters, digits and hyphens, at most 60."
    ),
    "translation": "A translation into “%(value)s” is not allowed: use %(choices)s.",
    "whole": "The document is over %(most)s MiB: shorten it.",
    "time": "%(sentence)s",
    # The shape of JSON from outside; no form sends such a thing.
    "type": "%(name)s must be %(type)s.",
    "too-many-keys": "%(name)s may have at most %(most)s keys, all text.",
    "unknown-key": "%(name)s has no key “%(value)s”: its keys are %(choices)s.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (a sentence) and where (a JSON pointer into the Document); `code` is one of
    MESSAGES, which says the sentence with `values`."""

    pointer: str
    message: str
    code: str = field(default="", compare=False)
    values: Mapping[str, object] = field(default_factory=dict, compare=False)


def problem(pointer: str, code: str, **values: object) -> Problem:
    """The problem of that code at a place."""
    return Problem(pointer, MESSAGES[code] % values, code, values)


def clean(text: str) -> str:
    """The text as it is stored: LF newlines, no control characters, no white space at its ends."""
    text = UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text).strip()


def problems(document: Document) -> Iterator[Problem]:
    """Everything that keeps a Document from being stored, in the order of its parts."""
    if document.schema != shape.SCHEMA:
        yield problem("/schema", "schema", number=shape.SCHEMA)
    entries = {entry.id for entry in document.timeline}
    for pointer, item in _items(document, ""):
        if isinstance(item, Moment):
            yield from _moment_problems(pointer, item, entries)
        elif isinstance(item, Duration):
            yield from _sentences(pointer, durations.problems(item))
        else:
            yield from _field_problems(pointer, item)
    yield from _section_problems(document)
    yield from _translation_problems(document)


def size_problems(document_as_json: object) -> Iterator[Problem]:
    """Whether the whole is longer than may be stored."""
    text = json.dumps(document_as_json, ensure_ascii=False)
    if len(text.encode(errors="replace")) > shape.DOCUMENT_BYTES:
        yield problem("", "whole", most=shape.DOCUMENT_BYTES >> 20)


def _items(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """Every object within the Document, itself included, with its pointer."""
    if type(value) in DEFAULTS:
        yield pointer, value
        for name in PARTS[type(value)]:
            yield from _items(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _items(item, f"{pointer}/{index}")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _items(item, below(pointer, key))


def _moment_problems(pointer: str, moment: Moment, entries: set[str]) -> Iterator[Problem]:
    yield from _sentences(pointer, moments.problems(moment))
    if moment.after and moment.after not in entries:
        yield problem(f"{pointer}/after", "no-entry", value=short(moment.after))


def _sentences(pointer: str, sentences: Iterable[str]) -> Iterator[Problem]:
    return (problem(pointer, "time", sentence=sentence) for sentence in sentences)


def _field_problems(pointer: str, item: Any) -> Iterator[Problem]:
    for name, default in DEFAULTS[type(item)].items():
        value = getattr(item, name)
        below_item = f"{pointer}/{name}"
        if isinstance(value, tuple):
            yield from _duplicates(below_item, value)
        elif isinstance(value, str):
            yield from _text_problems(below_item, name, value, CHOICES.get((type(item), name)))
            if default is MISSING and not value:
                yield problem(below_item, "empty", name=name)


def _duplicates(pointer: str, items: tuple[Any, ...]) -> Iterator[Problem]:
    if len(items) > shape.ITEMS:
        yield problem(pointer, "too-many", name=pointer[1:], most=shape.ITEMS)
    seen: set[tuple[str, ...]] = set()
    for index, item in enumerate(items):
        names = IDENTITIES.get(type(item), ("id",))
        identity = tuple(getattr(item, name) for name in names)
        if identity in seen:
            words = short(" ".join(filter(None, identity)))
            yield problem(f"{pointer}/{index}/{names[0]}", "twice", value=words, name=pointer[1:])
        seen.add(identity)


def _text_problems(
    pointer: str, name: str, value: str, choices: tuple[str, ...] | None
) -> Iterator[Problem]:
    if choices:
        if value not in choices:
            allowed = choice(filter(None, choices))
            yield problem(pointer, "choice", name=name, value=short(value), choices=allowed)
    elif value != clean(value):
        yield problem(pointer, "unclean", name=name)
    elif name in LINES:
        yield from _line_problems(pointer, name, value)
    elif name == "summary":
        yield from _paragraph_problems(pointer, name, value)
    elif len(value) > shape.LINE_LENGTH:
        yield problem(pointer, "too-long", name=name, most=shape.LINE_LENGTH)


def _line_problems(pointer: str, name: str, value: str) -> Iterator[Problem]:
    if len(value.splitlines()) > 1:
        yield problem(pointer, "one-line", name=name)
    # "next Friday" is no day first, and too long for one second.
    if len(value) > LINES[name] and name != "due":
        yield problem(pointer, "too-long", name=name, most=LINES[name])
    elif value and name in FORMATS and not FORMATS[name][0](value):
        yield problem(pointer, FORMATS[name][1], name=name, value=short(value))


def _paragraph_problems(pointer: str, name: str, value: str) -> Iterator[Problem]:
    if value != clean(value):
        yield problem(pointer, "unclean", name=name)
    if len(value.encode(errors="replace")) > shape.SECTION_BYTES:
        yield problem(pointer, "too-large", name=name, most=shape.SECTION_BYTES >> 20)


def _section_problems(document: Document) -> Iterator[Problem]:
    for key, value in document.sections.items():
        pointer = below("/sections", key)
        yield from _paragraph_problems(pointer, short(key), value)
        if not SECTION_KEY.fullmatch(key):
            yield problem(pointer, "section-key", value=short(key))


def _translation_problems(document: Document) -> Iterator[Problem]:
    others = [name for name in shape.LANGUAGES if name != document.language]
    for key in document.translations:
        if key not in others:
            pointer = below("/translations", key)
            yield problem(pointer, "translation", value=short(key), choices=choice(others))


def below(pointer: str, key: object) -> str:
    """The pointer one step further down."""
    return f"{pointer}/{short(key).replace('~', '~0').replace('/', '~1')}"


def short(text: object) -> str:
    """Foreign text as a message may quote it."""
    words = clean(str(text))
    return words if len(words) <= 60 else f"{words[:59]}…"


def choice(names: Iterable[str]) -> str:
    """`a, b or c`."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", text)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


FORMATS: dict[str, tuple[Callable[[str], object], str]] = {
    "id": (IDENTIFIER.fullmatch, "no-id"),
    "url": (_is_address, "no-address"),
    "archived": (_is_address, "no-address"),
    "due": (_is_day, "no-day"),
    "language": (LANGUAGE_TAG.fullmatch, "no-language"),
}
