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


def read_shown(words: str) -> Moment | None:
    """The moment that a page prints so; `words` are in compatibility form (NFKC), on one line."""
    head = HEAD.match(words)
    position = head.end() if head else 0
    day = read_day(words, position) or _year(words, position)
    if day:
        between = BETWEEN.match(words, day.end)
        position = between.end() if between else day.end
    clock = CLOCK.match(words, position)
    end = clock.end() if clock else (day.end if day else 0)
    if day is None and (no_day := NO_DAY.match(words, end)):
        end = no_day.end()
    elif day is None or day.order == "either":
        return None
    zone = ZONE.match(words, end) if clock else None
    if (zone.end() if zone else end) < len(words):
        return None
    found = Moment(
        date=day.iso() if day else "",
        time=clock["time"] if clock else "",
        zone=_zone(zone) if zone else "",
        approximate=bool((head and head["about"]) or (clock and clock["about"])),
        bound=BOUNDS.get(head["bound"] or "", "") if head else "",
    )
    is_lost = bool(zone and zone["name"] and not found.zone) or bool(day and not found.date)
    return None if is_lost or problems(found) else found


def _year(words: str, position: int) -> Day | None:
    match = YEAR.match(words, position)
    return Day(int(match[0]), None, None, match.end()) if match else None


def _zone(match: re.Match[str]) -> str:
    if match["offset"]:
        return f"{'+' if match['sign'] == '+' else '-'}{match['offset']}"
    return zone_names().get((match["name"] or "").lower(), "")
