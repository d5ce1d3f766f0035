"""How long: stated or derived, exact or bounded, unknown and impossible are answers. Pure."""

import operator
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from postmortems.moments import Moment, instant, precision, span

KINDS = ("exact", "approximate", "at-most", "at-least")

MARKS = {"exact": "", "approximate": "~", "at-most": "≤ ", "at-least": "≥ "}
UNITS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
UNIT_WORDS = {
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
}
# Fifty years fit the integer columns of every database.
LONGEST = 50 * 366 * UNITS["d"]

NOTATION = re.compile(r"(?P<mark>~|≤|<=|≥|>=|) ?(?P<parts>(?:\d+(?:\.\d+)? ?[a-z]+ ?)+)", re.ASCII)
PART = re.compile(r"(\d+(?:\.\d+)?) ?([a-z]+)", re.ASCII)
ALLOWED = "write it like 314 min, 5 h 14 min, ~1 h, ≤ 6 h, ≥ 3 d 20 h or 34 s, in whole seconds"

COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


# Why a text is no duration, by code.
REASONS = {
    "unreadable": f"“%(value)s” cannot be read as a duration: {ALLOWED}.",
    "not-whole": (
        "“%(value)s” cannot be read as a duration: it must come to whole seconds and at most 50 years."
    ),
}


class Unreadable(ValueError):
    """A text that is no duration: a sentence with the text and what is allowed. `code` is one of
    REASONS, and `value` the text as it may be shown."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(REASONS[code] % {"value": value})
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in whole seconds and how it is meant."""

    seconds: int
    kind: str = "exact"


def problems(duration: Duration) -> list[str]:
    """What is wrong with a duration, a sentence each; empty when it is valid."""
    found = []
    if duration.kind not in KINDS:
        found.append(
            f"“{duration.kind[:40]}” is not a kind of duration: {', '.join(KINDS[:-1])} and "
            f"{KINDS[-1]} are."
        )
    if not 0 <= duration.seconds <= LONGEST:
        found.append(f"A duration must be from 0 to {LONGEST} seconds (50 years).")
    return found


def format_duration(duration: Duration) -> str:
    """The duration in notation, such as `~5 h 14 min`; `parse_duration` reads it back."""
    rest, parts = duration.seconds, []
    for unit, size in UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return MARKS.get(duration.kind, "") + (" ".join(parts) or "0 s")


def parse_duration(text: str) -> Duration:
    """Read the notation; raises Unreadable."""
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    plain = " ".join(unicodedata.normalize("NFKC", text[:200]).lower().split())
    match = NOTATION.fullmatch(plain) if len(text) <= 200 else None
    parts = PART.findall(match["parts"]) if match else []
    if match is None or not all(word in UNIT_WORDS for _, word in parts):
        raise Unreadable("unreadable", shown)
    seconds = sum(Fraction(number) * UNITS[UNIT_WORDS[word]] for number, word in parts)
    mark = match["mark"].replace("<=", "≤").replace(">=", "≥")
    kind = next(kind for kind, sign in MARKS.items() if sign.strip() == mark)
    duration = Duration(int(seconds), kind)
    if seconds != duration.seconds or problems(duration):
        raise Unreadable("not-whole", shown)
    return duration


def resolve(stated: Duration | None, started: Moment, resolved: Moment) -> Duration | None:
    """How long the incident took: as stated, else resolved − started where both are known well."""
    return stated if stated is not None else between(started, resolved)


def between(first: Moment, last: Moment) -> Duration | None:
    """The exact time from one moment to another when both are known to the minute; else None.

    None also when the last lies before the first.
    """
    if {precision(first), precision(last)} - {"exact", "minute"}:
        return None
    start, end = _comparable(first, last)
    if start is None or end is None or end < start:
        return None
    return Duration(int((end - start).total_seconds()))


def _comparable(first: Moment, last: Moment) -> tuple[datetime | None, datetime | None]:
    # Two clock readings without a zone come from one clock: their difference is known, though
    # neither instant is.
    if not first.zone and not last.zone:
        return _clock(first), _clock(last)
    return instant(first), instant(last)


def _clock(moment: Moment) -> datetime | None:
    return (span(moment) or (None, None))[0]


def impossible(started: Moment, resolved: Moment) -> bool:
    """Whether the incident would have ended before it began, however the two are read."""
    earliest = (span(started) or (None, None))[0]
    latest = (span(resolved) or (None, None))[1]
    if earliest is None or latest is None:
        return False
    return latest + _doubt(started, resolved) < earliest


def _doubt(first: Moment, last: Moment) -> timedelta:
    if first.approximate or last.approximate:
        return timedelta(days=1)
    # An unknown zone counts as UTC in a span but may be any: up to 14 hours away.
    return timedelta(hours=0 if bool(first.zone) == bool(last.zone) else 14)


def matches(duration: Duration | None, comparison: str, seconds: int) -> bool:
    """Whether a duration answers `duration:<4h` and the like; an unknown one never does.

    Exact and approximate ones compare by value. "At most x" is known to be less than y only when
    x ≤ y, and "at least x" to be more than y only when x ≥ y; neither equals anything.
    """
    if duration is None:
        return False
    if duration.kind == "at-most":
        return comparison in ("<", "<=") and duration.seconds <= seconds
    if duration.kind == "at-least":
        return comparison in (">", ">=") and duration.seconds >= seconds
    return COMPARISONS[comparison](duration.seconds, seconds)
