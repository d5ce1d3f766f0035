"""A time as it stands in a text: day, clock, zone and how sure they are, in any usual order. Pure."""

import re
from dataclasses import dataclass

from postmortems.writing.days import Clock, Day, read_clock, read_day
from postmortems.writing.zones import Zone, read_zone

APPROXIMATE = re.compile(
    r"(?:~|≈|(?:about|around|approx(?:\.|imately)?|roughly|circa|ca\.?|c\.)[ ]|大约|大約|大概|约|約)[ ]?",
    re.IGNORECASE,
)
NOT_AFTER = re.compile(
    r"(?:≤|≦|<=|不晚[于於]|不[迟遲][于於]|(?:before|by|until|till|no later than|not after|at the latest)[ ])"
    r"[ ]?",
    re.IGNORECASE,
)
NOT_BEFORE = re.compile(
    r"(?:≥|≧|>=|不早[于於]|(?:after|since|from|no earlier than|not before|at the earliest)[ ])[ ]?",
    re.IGNORECASE,
)
AT = re.compile(r"(?:at|on|@)[ ]", re.IGNORECASE)
DAY_TO_CLOCK = re.compile(
    r"(?:T|[ \t]*[,，]?[ \t]{0,4}(?:(?:at|@|-|–|—|\|)[ \t]{0,3})?|[)\]*_]{1,4}[ \t]{0,2})"
)
CLOCK_TO_DAY = re.compile(r"[,，]?[ ](?:on[ ])?")
RANGE = re.compile(r"[ ]{0,2}(?:-|–|—|~|to|until|至|到)[ ]{0,2}")


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time in a text. `until` is the text of the second clock of a range."""

    start: int
    end: int
    day: Day | None = None
    clock: Clock | None = None
    zone: Zone | None = None
    approximate: bool = False
    bound: str = ""
    until: str = ""


def read_stamp(text: str, start: int) -> Stamp | None:
    """The day, the time of day or both that are written right there."""
    position, approximate, bound = _qualifiers(text, start)
    day = read_day(text, position)
    clock = None if day else read_clock(text, position)
    if day is None and clock is None:
        return None
    zone, until, more = None, "", False
    if day is not None:
        clock, more = _clock_after(text, day)
    if clock is not None:
        zone, until, end = _behind(text, clock, day)
        if day is None:
            day = _day_after(text, end)
    end = max(item.end for item in (day, clock, zone) if item is not None)
    if clock is not None:
        end = max(end, clock.end + len(until))
    return Stamp(start, end, day, clock, zone, approximate or more, bound, until.strip())


def _qualifiers(text: str, start: int) -> tuple[int, bool, str]:
    """Where the time itself begins, and whether it is approximate or a bound."""
    approximate, bound, position = False, "", start
    # Two marks in either order, as in "~≤ 2022" and "by about 10:30".
    for _turn in range(2):
        if match := APPROXIMATE.match(text, position):
            approximate, position = True, match.end()
        elif match := NOT_AFTER.match(text, position):
            bound, position = "not-after", match.end()
        elif match := NOT_BEFORE.match(text, position):
            bound, position = "not-before", match.end()
    if match := AT.match(text, position):
        position = match.end()
    return position, approximate, bound


def _clock_after(text: str, day: Day) -> tuple[Clock | None, bool]:
    match = DAY_TO_CLOCK.match(text, day.end)
    position = match.end() if match else day.end
    about = APPROXIMATE.match(text, position)
    return read_clock(text, about.end() if about else position), bool(about)


def _day_after(text: str, end: int) -> Day | None:
    match = CLOCK_TO_DAY.match(text, end)
    day = read_day(text, match.end()) if match else None
    # "10:22 12.5.1 was out": only a whole day belongs to the clock before it.
    return day if day and day.day and (day.year or day.month) else None


def _behind(text: str, clock: Clock, day: Day | None) -> tuple[Zone | None, str, int]:
    """What follows a clock: a zone, or the end of a range and then a zone."""
    match = RANGE.match(text, clock.end)
    second = read_clock(text, match.end()) if match else None
    zone = read_zone(text, clock.end)
    if second and ":" in second.time and _is_range(clock, second, day, zone):
        zone = read_zone(text, second.end)
        return zone, text[clock.end : second.end], zone.end if zone else second.end
    return zone, "", zone.end if zone else clock.end


def _is_range(first: Clock, second: Clock, day: Day | None, zone: Zone | None) -> bool:
    # "10:22-11:00" is two clocks, "2024-06-15 01:22 -05:00" and "10:22:05-05:00" are one and an
    # offset.
    if zone is None or zone.name[:1] not in ("+", "-"):
        return True
    return day is None and first.time.count(":") == 1 and second.time > first.time
