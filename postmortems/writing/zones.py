"""Zones as people name them beside a time. Pure; used by the readers of typed and pasted times."""

import re
from dataclasses import dataclass

from postmortems.moments import zone_names

# What is no name of a zone but is written like one, with what it stands for.
OFFSETS = {
    "CET": "+01:00",
    "CEST": "+02:00",
    "MEZ": "+01:00",
    "MESZ": "+02:00",
    "WET": "+00:00",
    "WEST": "+01:00",
    "EET": "+02:00",
    "EEST": "+03:00",
    "BST": "+01:00",
    "MSK": "+03:00",
    "EST": "-05:00",
    "EDT": "-04:00",
    "CDT": "-05:00",
    "MST": "-07:00",
    "MDT": "-06:00",
    "PST": "-08:00",
    "PDT": "-07:00",
    "AKST": "-09:00",
    "AKDT": "-08:00",
    "HST": "-10:00",
    "JST": "+09:00",
    "KST": "+09:00",
    "HKT": "+08:00",
    "SGT": "+08:00",
    "AEST": "+10:00",
    "AEDT": "+11:00",
    "NZST": "+12:00",
    "NZDT": "+13:00",
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
# Each is used for places many hours apart.
AMBIGUOUS = ("CST", "IST", "AST")
PLACES = {
    "北京时间": "Asia/Shanghai",
    "北京時間": "Asia/Shanghai",
    "台北时间": "Asia/Taipei",
    "台北時間": "Asia/Taipei",
    "香港时间": "Asia/Hong_Kong",
    "香港時間": "Asia/Hong_Kong",
}
UNIVERSAL = ("UTC", "GMT", "ZULU", "Z")
# The minutes that go with each hour of an offset somewhere on earth; `00` goes with all.
PARTS_OF_HOURS = {
    "+03": ("30",),
    "+04": ("30",),
    "+05": ("30", "45"),
    "+06": ("30",),
    "+08": ("45",),
    "+09": ("30",),
    "+10": ("30",),
    "+12": ("45",),
    "+13": ("45",),
    "-02": ("30",),
    "-03": ("30",),
    "-09": ("30",),
}

ZONE = re.compile(
    rf"""
    (?P<open>[ ]{{0,3}}[(（\[])?(?P<gap>[ ]{{0,3}})
    (?:
      (?P<universal>(?:UTC|GMT)(?=[ ]?[+−-][0-9]))?
      (?P<sign>[ ]?[+−-])(?P<hours>[0-9]{{1,2}})(?::?(?P<minutes>[0-5][0-9]))?(?![0-9:])
    | (?P<name>[A-Za-z]{{2,14}}(?:/[A-Za-z_]{{2,30}}[+-]?[0-9]{{0,2}}){{1,2}})
    | (?P<word>[A-Za-z]{{1,4}}|{"|".join(PLACES)})
    )
    (?![A-Za-z0-9_/])(?P<close>[ ]?[)）\]])?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as a moment stores it, how it was written, and where it ends.

    `code` is `zone-offset` for an abbreviation that was replaced by what it stands for and
    `ambiguous-zone`, with an empty name, for one that stands for several.
    """

    name: str
    written: str
    end: int
    code: str = ""


def read_zone(text: str, start: int) -> Zone | None:
    """The zone that stands right there, in brackets or not."""
    match = ZONE.match(text, start)
    if match is None:
        return None
    # A bracket that opened before the time closes after it and is no part of the zone.
    end = match.end() if match["open"] or not match["close"] else match.start("close")
    found = _offset(match) if match["sign"] else _named(match)
    if found is None:
        return None
    name, code = found
    return Zone(name, text[match.end("gap") : end].strip(" ()（）[]"), end, code)


def _offset(match: re.Match[str]) -> tuple[str, str] | None:
    hours, minutes = match["hours"].zfill(2), match["minutes"] or "00"
    sign = "+" if "+" in match["sign"] else "-"
    is_bare = not match["universal"]
    # "+20 pods" and "- 5 errors" are no offsets: without UTC before it one is close or complete.
    is_apart = match["sign"][0] == " " or len(match["hours"]) == 1
    if is_bare and (is_apart or (match["gap"] and not match["minutes"])):
        return None
    if int(hours) > 14 or (minutes != "00" and minutes not in PARTS_OF_HOURS.get(sign + hours, ())):
        return None
    return f"{sign}{hours}:{minutes}", ""


def _named(match: re.Match[str]) -> tuple[str, str] | None:
    if match["name"]:
        name = zone_names().get(match["name"].lower())
        return (name, "") if name else None
    word = match["word"]
    if word in PLACES:
        return PLACES[word], ""
    if word.upper() in UNIVERSAL and (word.isupper() or len(word) == 3):
        return "GMT" if word.upper() == "GMT" else "UTC", ""
    if word in AMBIGUOUS:
        return "", "ambiguous-zone"
    return (OFFSETS[word], "zone-offset") if word in OFFSETS else None
