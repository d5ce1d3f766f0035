"""Moments as the pages print them, in each language of the interface, read back. Pure; for `moments_typed`.

What is shown can be copied into a field: a test prints moments and reads them again.
"""

import re

from postmortems.moments import Moment, problems, zone_names
from postmortems.writing.days import Day, read_day

HEAD = re.compile(
    r"(?:(?P<bound>≤|≦|≥|≧|不晚[于於]|不早[于於])[ ]?)?(?P<about>(?:about[ ]|[约約])[ ]?)?",
    re.IGNORECASE,
)
BOUNDS = {"≤": "not-after", "≦": "not-after", "≥": "not-before", "≧": "not-before"} | {
    **dict.fromkeys(("不晚于", "不晚於"), "not-after"),
    **dict.fromkeys(("不早于", "不早於"), "not-before"),
}
YEAR = re.compile(r"[0-9]{4}(?![0-9:])")
CLOCK = re.compile(
    r"(?P<about>(?:about[ ]|[约約])[ ]?)?(?P<time>(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){0,2})(?![0-9:])",
    re.IGNORECASE,
)
NO_DAY = re.compile(r",[ ]?(?:day unknown|日期未知)", re.IGNORECASE)
BETWEEN = re.compile(r",?[ ]")
ZONE = re.compile(
    r"[ ]?(?:\((?:zone unknown|时区未知|時區未知)\)"
    r"|UTC(?P<sign>[+−-])(?P<offset>[0-9]{2}:[0-9]{2})|(?P<name>[A-Za-z][A-Za-z0-9_+/-]{0,60}))",
    re.IGNORECASE,
)
# What stands where no time is known.
NOTHING = frozenset(
    ("day unknown", "time unknown", "not recorded", "日期未知", "时间未知", "時間未知")
) | {"未记录", "未記錄"}


Parts = tuple[Day | None, re.Match[str] | None, re.Match[str] | None]


def read_shown(words: str) -> Moment | None:
    """The moment that a page prints so; `words` are in compatibility form (NFKC), on one line."""
    head = HEAD.match(words)
    parts = _parts(words, head.end() if head else 0)
    if head is None or parts is None:
        return None
    day, clock, zone = parts
    found = Moment(
        date=day.iso() if day else "",
        time=clock["time"] if clock else "",
        zone=_zone(zone) if zone else "",
        approximate=bool(head["about"] or (clock and clock["about"])),
        bound=BOUNDS.get(head["bound"] or "", ""),
    )
    is_lost = bool(zone and zone["name"] and not found.zone) or bool(day and not found.date)
    return None if is_lost or problems(found) else found


def _parts(words: str, start: int) -> Parts | None:
    """Day, clock and zone; None when one of them is doubtful, or when words are left over."""
    day = read_day(words, start) or _year(words, start)
    if day and day.order == "either":
        return None
    clock = CLOCK.match(words, _after(day, words, start))
    end = clock.end() if clock else (day.end if day else 0)
    if day is None:
        no_day = NO_DAY.match(words, end)
        if no_day is None:
            return None
        end = no_day.end()
    zone = ZONE.match(words, end) if clock else None
    is_whole = (zone.end() if zone else end) >= len(words)
    return (day, clock, zone) if is_whole else None


def _after(day: Day | None, words: str, start: int) -> int:
    """Where the clock begins."""
    if day is None:
        return start
    between = BETWEEN.match(words, day.end)
    return between.end() if between else day.end


def _year(words: str, position: int) -> Day | None:
    match = YEAR.match(words, position)
    return Day(int(match[0]), None, None, match.end()) if match else None


def _zone(match: re.Match[str]) -> str:
    if match["offset"]:
        return f"{'+' if match['sign'] == '+' else '-'}{match['offset']}"
    return zone_names().get((match["name"] or "").lower(), "")
