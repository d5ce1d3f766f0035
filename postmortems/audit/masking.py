"""What may stand in the audit log: JSON values without secrets, without control characters, not endless."""

import re
from collections.abc import Mapping
from typing import Any

MASK = "•••"
LONGEST_NAME = 300
LONGEST_TEXT = 4_000
MOST_ITEMS = 500

# Line ends and other controls, marks that turn text around, halves of characters that no database takes.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
SECRET_FIELD = re.compile(r"pass(word|phrase)|secret|digest|cookie|authorization|^token$", re.I)
# The product's own keys, wherever somebody may have pasted one; what is shown of them stays.
OWN_KEY = re.compile(r"\b(hsf?_[A-Za-z0-9_-]{4,5})[A-Za-z0-9_-]{16,}")


def visible(text: str) -> str:
    """The text on one line: what would break it or turn it around stands there as its escape."""
    return OWN_KEY.sub(rf"\1{MASK}", UNSEEN.sub(_escape, text))


def told(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The values as they are stored and hashed; whatever is named like a secret is masked."""
    return None if values is None else _told_mapping(values)


def _told_mapping(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        visible(str(name)): MASK if SECRET_FIELD.search(str(name)) else _told(value)
        for name, value in values.items()
    }


def _told(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return _told_mapping(value)
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else list(value)
        more = [f"… {len(items) - MOST_ITEMS}"] if len(items) > MOST_ITEMS else []
        return [*map(_told, items[:MOST_ITEMS]), *more]
    # Fractions too are kept as text: two databases would not write one the same way.
    text = visible(str(value))
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
