"""Days and clock times as people write them, in English and Chinese. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import date

from postmortems.moments import YEARS

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in MONTHS).replace(
    "sep(?:tember)?", "sept?(?:ember)?"
)
WEEKDAY = (
    r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|wednes|satur)(?:day)?\b"
    r"|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]"
)
DAY = re.compile(
    rf"""
    (?:(?:{WEEKDAY})[.,，]{{0,2}}[ ]{{0,2}}(?:the[ ])?)?
    (?:
      (?P<y1>[0-9]{{4}})(?P<mark>[-/.])(?P<m1>[0-9]{{1,2}}|\?\?)
        (?:(?P=mark)(?P<d1>[0-9]{{1,2}}|\?\?))?(?![0-9])
    | (?P<y2>[0-9]{{4}})[ ]?年(?:[ ]?(?P<m2>[0-9]{{1,2}})[ ]?月(?:[ ]?(?P<d2>[0-9]{{1,2}})[ ]?[日号號])?)?
    | (?P<m3>[0-9]{{1,2}})[ ]?月[ ]?(?P<d3>[0-9]{{1,2}})[ ]?[日号號]
    | (?P<n4>{MONTH})\.?[ ]{{1,2}}(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9:])
        (?:,?[ ](?P<y4>[0-9]{{4}})(?![0-9:]))?
    | (?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -]?(?:of[ ])?(?P<n5>{MONTH})\b\.?
        (?:,?[ -]?(?P<y5>[0-9]{{4}})(?![0-9:]))?
    | (?P<n6>{MONTH})\.?,?[ ](?P<y6>[0-9]{{4}})(?![0-9:])
    | (?P<d7>[0-9]{{1,2}})\.(?P<m7>[0-9]{{1,2}})\.(?P<y7>[0-9]{{4}}|[0-9]{{2}})(?![0-9.])
    | (?P<first>[0-9]{{1,2}})/(?P<second>[0-9]{{1,2}})/(?P<y8>[0-9]{{4}}|[0-9]{{2}})(?![0-9/])
    )
    (?:[ ]{{0,2}}[(（]?(?:{WEEKDAY})[)）]?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
CLOCK = re.compile(
    r"""
    (?P<part>(?:上午|下午|晚上|凌晨|中午|早上|傍晚|夜里|夜裡)[ ]?)?
    (?:
      (?P<h1>[0-9]{1,2})[:：](?P<m1>[0-5][0-9])
        (?:[:：](?P<s1>[0-5][0-9])(?P<fraction>[.,][0-9]{1,9})?)?
        # "10:22: merged" is a time, "10:22:ab:cd" an address.
        (?![0-9]|[:：](?:[0-9]|[0-9A-F]{1,4}[:：]))
    | (?P<h2>[0-9]{1,2})[ ]?[点點时時](?:(?P<m2>[0-5]?[0-9])分?|(?P<half>半)|整)?
    | (?P<h3>[0-9]{1,2})(?=[ ]?[ap]\.?m\b)
    | (?P<unknown>\?\?[:：]\?\?(?:[:：]\?\?)?|(?P<h4>[0-9]{2})[:：]\?\?)
    )
    (?:[ ]?(?P<noon>[ap])\.?m\b\.?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Where DAY keeps its parts.
YEAR_GROUPS = ("y1", "y2", "y4", "y5", "y6", "y7")
MONTH_GROUPS = ("m1", "m2", "m3", "m7")
DAY_GROUPS = ("d1", "d2", "d3", "d4", "d5", "d7")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as written; None for a part that was not.

    `order` says how 3/4/2023 stands: `month` or `day` first, or `either` where both are possible,
    which was read with the month first.
    """

    year: int | None
    month: int | None
    day: int | None
    end: int
    order: str = ""

    def with_day_first(self) -> "Day":
        """The other reading of what can be read both ways."""
        return replace(self, month=self.day, day=self.month, order="day")

    def iso(self, year: int | None = None) -> str:
        """`2023`, `2023-03` or `2023-03-14`; empty when it is no date or its year is not known."""
        known = self.year or year
        if known is None or known not in YEARS:
            return ""
        if self.month is None:
            return str(known)
        try:
            return date(known, self.month, self.day or 1).isoformat()[: 10 if self.day else 7]
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as a moment stores it: `19`, `19:00`, `19:04:49` or empty for `??:??`."""

    time: str
    end: int
    is_twelve_hours: bool = False
    is_rough: bool = False


def read_day(text: str, start: int) -> Day | None:
    """The day that is written right there."""
    match = DAY.match(text, start)
    if match is None:
        return None
    if match["first"]:
        return _with_slashes(match)
    groups = match.groupdict()
    year, month, day = (
        next((groups[name] for name in names if groups[name]), None)
        for names in (YEAR_GROUPS, MONTH_GROUPS, DAY_GROUPS)
    )
    if name := match["n4"] or match["n5"] or match["n6"]:
        month = str([known[:3] for known in MONTHS].index(name[:3].lower()) + 1)
    # A month alone with a day is a year short; a day under an unknown month is none.
    day = None if month == "??" else day
    found = Day(_year(year), _number(month), _number(day), match.end())
    return found if found.iso(2000 if found.year is None else None) else None


def _with_slashes(match: re.Match[str]) -> Day | None:
    first, second, year = int(match["first"]), int(match["second"]), _year(match["y8"])
    order = "month" if first <= 12 else "day"
    month, day = (first, second) if order == "month" else (second, first)
    if order == "month" and second <= 12 and first != second:
        order = "either"
    found = Day(year, month, day, match.end(), order)
    return found if found.iso() else None


def _number(text: str | None) -> int | None:
    return None if text is None or text == "??" else int(text)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


def read_clock(text: str, start: int) -> Clock | None:
    """The time of day that is written right there."""
    match = CLOCK.match(text, start)
    if match is None:
        return None
    if match["unknown"]:
        hour = match["h4"] or ""
        return Clock(hour if hour < "24" else "", match.end(), is_rough=True)
    hour = int(match["h1"] or match["h2"] or match["h3"])
    after_noon = (match["noon"] or "").lower() or _part_of_day(match["part"], hour)
    if after_noon and 1 <= hour <= 12:
        hour = hour % 12 + (12 if after_noon == "p" else 0)
    if hour > 23:
        return None
    minute = match["m1"] or match["m2"] or ("30" if match["half"] else "00")
    parts = [f"{hour:02}", minute.zfill(2), *([match["s1"]] if match["s1"] else [])]
    return Clock(
        ":".join(parts), match.end(), bool(match["noon"]), is_rough=bool(match["fraction"])
    )


def _part_of_day(word: str | None, hour: int) -> str:
    if word is None:
        return ""
    word = word.strip()
    if word in ("下午", "傍晚") or (word in ("晚上", "夜里", "夜裡") and 5 <= hour < 12):
        return "p"
    return "p" if word == "中午" and hour in (12, 1, 2) else "a"
