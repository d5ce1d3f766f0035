"""Pure: words replaced in all texts of a content that stands as JSON, and where that was."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# What these hold are words of the product, times and links between parts: never free text.
FIXED = frozenset(
    (
        *("schema", "id", "key", "slug", "kind", "state", "verdict", "status", "language"),
        *("vocabulary", "term", "role", "target", "due", "assigned_by"),
        *("date", "time", "zone", "bound", "after"),
    )
)
# Their keys are names that people chose, none of which is fixed.
NAMED_BY_PEOPLE = ("sections", "translations")
MARKER = "▮"
AROUND = 40

Change = Callable[[str], str]


def names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """What finds these names as words of their own, in any letter case, the longest first."""
    return _pattern(_bounded(name) for name in _longest_first(names))


def texts_pattern(texts: Iterable[str]) -> re.Pattern[str]:
    """What finds these texts anywhere, inside of words too, in any letter case."""
    return _pattern(re.escape(text) for text in _longest_first(texts))


def replaced(data: Any, change: Change, *, fixed: frozenset[str] = FIXED) -> Any:
    """The same JSON with every free text changed; keys stay."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list):
        return [replaced(item, change, fixed=fixed) for item in data]
    if isinstance(data, dict):
        return {
            key: value if key in fixed else replaced(value, change, fixed=_fixed_in(key, fixed))
            for key, value in data.items()
        }
    return data


def places(data: Any, pattern: re.Pattern[str], new: str) -> Iterator[tuple[str, str]]:
    """Each place the pattern fits, with a few words around it: before and after."""
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    replaced(data, note)
    for text in texts:
        for match in pattern.finditer(text):
            left = text[max(0, match.start() - AROUND) : match.start()]
            right = text[match.end() : match.end() + AROUND]
            yield f"{left}{match[0]}{right}", f"{left}{new}{right}"


def _fixed_in(key: str, fixed: frozenset[str]) -> frozenset[str]:
    return frozenset() if key in NAMED_BY_PEOPLE else fixed


def _longest_first(texts: Iterable[str]) -> list[str]:
    return sorted({text.strip() for text in texts if text.strip()}, key=len, reverse=True)


def _pattern(parts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _bounded(name: str) -> str:
    # Chinese has no spaces between words: there a name stands wherever its signs do.
    first = r"(?<!\w)" if name[0].isascii() and name[0].isalnum() else ""
    last = r"(?!\w)" if name[-1].isascii() and name[-1].isalnum() else ""
    return f"{first}{re.escape(name)}{last}"
