"""Honest times: a moment knows how well it is known.

Pure; used by the Document and by everything that shows or sorts time.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

PRECISIONS = ("exact", "minute", "hour", "day", "month", "year", "bound", "unknown")
BOUNDS = ("", "not-before", "not-after")

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
TEXT_LENGTH = 300
# Outside these years the index, which counts nanoseconds, and the zone rules stop being true.
YEARS = range(1900, 2200)
MINUTES = 100 * 366 * 24 * 60

DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3])(?::([0-5]\d)(?::([0-5]\d))?)?", re.ASCII)
OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was, as far as it is known; every field may be empty.

    `date` is `2023`, `2023-03` or `2023-03-14`; `time` is `19`, `19:00` or `19:04:49`; `zone` is an
    offset (`+02:00`), an IANA name (`Europe/Berlin`, `UTC`) or empty for unknown. `after` names the
    timeline entry this is relative to and `minutes` how long after it, when that is known.
    `text` is the time as the source wrote it.
    """

    date: str = ""
    time: str = ""
    zone: str = ""
    approximate: bool = False
    bound: str = ""
    after: str = ""
    minutes: int | None = None
    text: str = ""


UNKNOWN = Moment()

Span = tuple[datetime | None, datetime | None]


@cache
def zone_names() -> dict[str, str]:
    """Every IANA zone by its name in lower case."""
    return {name.lower(): name for name in available_timezones() - {"localtime", "Factory"}}


@cache
def zone_of(name: str) -> tzinfo | None:
    """The zone for an offset or IANA name as a moment stores it; None when it is neither."""
    if match := OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-offset if sign == "-" else offset)
    return ZoneInfo(name) if zone_names().get(name.lower()) == name else None


def precision(moment: Moment) -> str:
    """How well the moment is known, one of PRECISIONS; without a date it is unknown."""
    if not moment.date:
        return "unknown"
    if moment.bound:
        return "bound"
    if not moment.time:
        return ("year", "month", "day")[moment.date.count("-")]
    if moment.approximate:
        return "hour"
    return ("hour", "minute", "exact")[moment.time.count(":")]


def instant(moment: Moment) -> datetime | None:
    """The UTC instant: only with a full date, a time to the minute, a zone and no bound."""
    if moment.bound or not moment.zone or ":" not in moment.time:
        return None
    return (span(moment) or (None, None))[0]


def span(moment: Moment) -> Span | None:
    """The earliest and the latest UTC second the moment can be; None when it has no date.

    A bound leaves one end open. An unknown zone counts as UTC; `approximate` does not widen.
    """
    if not moment.date or problems(moment):
        return None
    zone = zone_of(moment.zone) if moment.zone else UTC
    # In the hour that clocks repeat or skip, the two folds are two instants.
    edges = (_edge(moment, end).replace(tzinfo=zone, fold=end) for end in (0, 1))
    start, end = sorted(edge.astimezone(UTC).replace(fold=0) for edge in edges)
    if moment.bound == "not-after":
        return None, end
    return start, None if moment.bound == "not-before" else end


def _edge(moment: Moment, end: int) -> datetime:
    """The first (`end` 0) or last (1) second that the date and time as written can mean."""
    year, month, day = (int(part) if part else 0 for part in _parts(DATE, moment.date))
    month = month or (12 if end else 1)
    day = day or (monthrange(year, month)[1] if end else 1)
    clock = [int(part) if part else None for part in _parts(TIME, moment.time)]
    limits = (23, 59, 59) if end else (0, 0, 0)
    hour, minute, second = (
        limit if part is None else part for part, limit in zip(clock, limits, strict=True)
    )
    return datetime.combine(date(year, month, day), time(hour, minute, second))


def _parts(pattern: re.Pattern[str], text: str) -> tuple[str | None, ...]:
    match = pattern.fullmatch(text)
    return match.groups() if match else (None, None, None)


def problems(moment: Moment) -> list[str]:
    """What is wrong with a moment, a sentence each; empty when it is valid."""
    return [*_date_problems(moment), *_zone_problems(moment), *_qualifier_problems(moment)]


def _date_problems(moment: Moment) -> list[str]:
    found = []
    if moment.date and not _is_date(moment.date):
        found.append(
            f"“{moment.date[:40]}” is not a date: write a year, month or day of {YEARS[0]} to "
            f"{YEARS[-1]}, such as 2023, 2023-03 or 2023-03-14."
        )
    if moment.time and not TIME.fullmatch(moment.time):
        found.append(
            f"“{moment.time[:40]}” is not a time of day: write 19, 19:00 or 19:04:49, up to "
            "23:59:59."
        )
    if moment.time and moment.date and len(moment.date) < len("2023-03-14"):
        found.append(f"The time {moment.time[:40]} needs a full date such as 2023-03-14, or none.")
    return found


def _is_date(text: str) -> bool:
    match = DATE.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def _zone_problems(moment: Moment) -> list[str]:
    if not moment.zone:
        return []
    if not moment.time:
        return [f"The zone {moment.zone[:60]} needs a time of day before it."]
    if zone_of(moment.zone) is None:
        return [
            f"“{moment.zone[:60]}” is not a known zone: write an offset such as +02:00 or a name "
            "such as UTC or Europe/Berlin."
        ]
    return []


def _qualifier_problems(moment: Moment) -> list[str]:
    found = []
    timed = bool(moment.date or moment.time)
    if moment.bound not in BOUNDS:
        found.append(f"“{moment.bound[:40]}” is not a bound: not-before and not-after are.")
    if moment.bound and not timed and moment.minutes is None:
        found.append("A bound needs a date, a time or a number of minutes to bound.")
    if moment.approximate and not timed and not moment.after:
        found.append("Only a date, a time or a relative time can be approximate.")
    if moment.after and not IDENTIFIER.fullmatch(moment.after):
        found.append(f"“{moment.after[:40]}” is not the id of a timeline entry, such as t7.")
    if moment.minutes is not None and not moment.after:
        found.append("Minutes need the timeline entry that they are counted from.")
    if moment.minutes is not None and abs(moment.minutes) > MINUTES:
        found.append(f"Minutes after an entry may be at most {MINUTES}.")
    if not _is_words(moment.text):
        found.append(f"The time as written must be one line of at most {TEXT_LENGTH} characters.")
    return found


def _is_words(text: str) -> bool:
    plain = not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text)
    return plain and text == text.strip() and len(text) <= TEXT_LENGTH


# --- Notation: how a moment is written in files, forms and queries ------------------------------

MARKS = {"not-before": "≥", "not-after": "≤", "": ""}
UNITS = {"min": 1, "h": 60, "d": 24 * 60}
NOTATION = re.compile(
    r"(?P<marks>(?:[~≤≥ ]|<=|>=)*)"
    r"(?P<date>\d{4}(?:[-/]\d{1,2}){0,2}(?![\d:/-]))?"
    r"(?:[T ]?(?P<time>\d{1,2}(?::\d{2}){0,2})(?![\d:])"
    r"(?: ?(?P<zone>(?!after\b)[A-Z][\w+/:-]*|[+-]\d{1,2}(?::?\d\d)?))?)?"
    r"(?: ?after (?P<after>[\w.-]+)(?: ?(?P<sign>[+−-]) ?(?P<amount>\d[\w. ]*))?)?",
    re.ASCII | re.IGNORECASE,
)
LOOSE_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?", re.ASCII | re.IGNORECASE)
AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ?([a-z]+) ?", re.ASCII)
ALLOWED = (
    "write it like 2023-03-14 19:00 UTC, ~2021-08, ≤ 2019-09-11, 20:30 or after t7 + 3 min; "
    "other words stand in parentheses"
)


def format_moment(moment: Moment) -> str:
    """The moment in notation, which `parse_moment` reads back; the unknown moment is empty."""
    mark = ("~" if moment.approximate else "") + MARKS.get(moment.bound, "")
    relative = f"after {moment.after}" if moment.after else ""
    if moment.minutes is not None:
        relative += f" {'-' if moment.minutes < 0 else '+'} {_format_minutes(abs(moment.minutes))}"
    head = " ".join(filter(None, (moment.date, moment.time, moment.zone, relative)))
    # "≤ 2023" but "~2023": only the bound is set off by a space.
    head = f"{mark} {head}" if moment.bound else f"{mark}{head}"
    return " ".join(filter(None, (head.strip(), f"({moment.text})" if moment.text else "")))


def _format_minutes(minutes: int) -> str:
    fitting = [unit for unit in UNITS if minutes and minutes % UNITS[unit] == 0]
    unit = fitting[-1] if fitting else "min"
    return f"{minutes // UNITS[unit]} {unit}"


def parse_moment(text: str) -> Moment:
    """Read the notation; raises ValueError: a sentence with the text and what is allowed."""
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    words, head = "", text.strip()
    if head.endswith((")", "）")) and (opening := re.search("[(（]", head)):
        words = head[opening.end() : -1].strip()
        head = head[: opening.start()]
    head = " ".join(unicodedata.normalize("NFKC", head).split())
    if head.lower() == "unknown":
        head = ""
    match = NOTATION.fullmatch(head) if len(head) <= TEXT_LENGTH else None
    if match is None:
        raise ValueError(f"“{shown}” cannot be read as a time: {ALLOWED}.")
    moment = Moment(**_absolute(match), **_relative(match, shown), text=words)  # type: ignore[arg-type]
    if wrong := problems(moment):
        raise ValueError(f"“{shown}” cannot be read as a time. {wrong[0]}")
    return moment


def _absolute(match: re.Match[str]) -> dict[str, str | bool]:
    marks = match["marks"].replace("<=", "≤").replace(">=", "≥")
    bounds = [bound for bound, mark in MARKS.items() if mark and mark in marks]
    date_parts = re.split("[-/]", match["date"] or "")
    return {
        "date": "-".join(part.zfill(2) for part in date_parts) if match["date"] else "",
        "time": ":".join(part.zfill(2) for part in (match["time"] or "").split(":") if part),
        "zone": _canonical_zone(match["zone"] or ""),
        "approximate": "~" in marks,
        # Both bounds at once have no meaning; the joined word is refused as an unknown bound.
        "bound": " ".join(bounds),
    }


def _canonical_zone(zone: str) -> str:
    if zone.lower() in zone_names():
        return zone_names()[zone.lower()]
    if match := LOOSE_OFFSET.fullmatch(zone):
        return f"{match[1]}{match[2].zfill(2)}:{match[3] or '00'}"
    return "UTC" if zone in ("Z", "z") else zone


def _relative(match: re.Match[str], shown: str) -> dict[str, str | int | None]:
    if match["amount"] is None:
        return {"after": match["after"] or ""}
    pieces = AMOUNT.findall(match["amount"])
    whole = AMOUNT.sub("", match["amount"]) == "" and all(unit in UNITS for _, unit in pieces)
    minutes = sum(Fraction(number) * UNITS.get(unit, 0) for number, unit in pieces)
    if not whole or minutes != int(minutes):
        raise ValueError(
            f"“{shown}” cannot be read as a time: after an entry come whole minutes in the units "
            "min, h and d, such as + 3 min or - 1 h."
        )
    return {"after": match["after"], "minutes": int(minutes) * (1 if match["sign"] == "+" else -1)}
