"""Pure: words replaced in all texts of a content that stands as JSON, and where that was."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

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
LONG_WORD = 16

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


class Place(NamedTuple):
    """What the pattern fits, with a few words around it."""

    left: str
    found: str
    right: str


def places(data: Any, pattern: re.Pattern[str]) -> Iterator[Place]:
    """Each place the pattern fits."""
    texts: list[str] = []

    def note(text: str) -> str:
        texts.append(text)
        return text

    replaced(data, note)
    for text in texts:
        for match in pattern.finditer(text):
            yield Place(_before(text[: match.start()]), match[0], _behind(text[match.end() :]))


def _before(text: str) -> str:
    """Its last words, none of them cut; Chinese, that has few spaces, is cut anywhere."""
    if len(text) <= AROUND:
        return text
    cut = text[-AROUND:]
    space = cut.find(" ", 0, LONG_WORD)
    return f"…{cut}" if space < 0 else f"…{cut[space:]}"


def _behind(text: str) -> str:
    """Its first words, likewise."""
    if len(text) <= AROUND:
        return text
    cut = text[:AROUND]
    space = cut.rfind(" ", AROUND - LONG_WORD)
    return f"{cut}…" if space < 0 else f"{cut[: space + 1]}…"


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
