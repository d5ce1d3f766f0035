"""Moments the way people type them, over the notation of `moments`. Pure; the editor shows what was understood.

What the notation reads, it reads alone: a moment that was stored comes back as it was.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from postmortems.moments import (
    MINUTES,
    TEXT_LENGTH,
    UNKNOWN,
    Moment,
    instant,
    parse_moment,
    problems,
    zone_of,
)
from postmortems.writing.amounts import read_amount
from postmortems.writing.moments_shown import NOTHING, read_shown
from postmortems.writing.stamps import APPROXIMATE, Stamp, read_stamp

# What each code means to the person who typed; without a code the moment was understood.
PROBLEMS = {
    "unreadable": _("This was not understood as a time; it is kept as words."),
    "too-long": _("This is too long for a time; write the rest into the text."),
    "ambiguous-day": _("This can be two days: write the day as 2023-03-14."),
    "no-year": _("The year is missing: write it as 2023-03-14."),
    "ambiguous-zone": _("This zone has several meanings: write an offset such as +08:00."),
    "nothing-to-count-from": _("There is no exact time before this one to count from."),
    "no-such-entry": _("No entry of the timeline is called that."),
    "circle": _("The entry that this counts from counts from this one itself."),
}
_UNKNOWN = (
    "? ?? ??? - – — n/a na none tbd tbc unknown unclear "
    "未知 不明 不详 不詳 不清楚 待定 待確認 待确认"
)
UNKNOWN_WORDS = frozenset(_UNKNOWN.split())
AT_MOST = re.compile(
    r"(?:≤|≦|<=|<|at most|within|less than|no more than|up to|不超过|不超過|至多|最多|不晚[于於])[ ]?",
    re.IGNORECASE,
)
AT_LEAST = re.compile(
    r"(?:≥|≧|>=|>|at least|more than|over|至少|超过|超過|不早[于於])[ ]?", re.IGNORECASE
)
SIGN = re.compile(r"(?:(?P<start>T)[ ]?)?(?P<sign>[+−-])[ ]?", re.IGNORECASE)
LATER = re.compile(
    r"[ ]?(?:later|after(?:wards?|[ ]that)?|on|in|(?:之|以)?[后後])(?![\w])", re.IGNORECASE
)
EARLIER = re.compile(
    r"[ ]?(?:earlier|before(?:[ ]that)?|prior|(?:之|以)?前)(?![\w])", re.IGNORECASE
)
OF_ENTRY = re.compile(r"[ ](?P<side>after|before)[ ](?:the[ ])?(?P<entry>.{1,200})", re.IGNORECASE)
# "early March 2023": the month is what is known.
VAGUE = re.compile(
    r"(?:(?:the[ ])?(?:early|mid|middle|late|beginning|start|end)(?:[ ]of|[ ]in)?[ -]|"
    r"(?:spring|summer|autumn|fall|winter)(?:[ ]of)?[ ])(?:the[ ])?",
    re.IGNORECASE,
)
IN = re.compile(r"(?:in|after)[ ]", re.IGNORECASE)
AFTERWARDS = re.compile(r"[ ]?(?:或)?(?:之|以)(?P<side>前|后|後)", re.IGNORECASE)
AT_ONCE = ("at once", "立即")
# A clock that runs backwards by more than this has passed midnight.
BACKWARDS = timedelta(hours=4)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Before:
    """What a relative time counts from: `base`, else the entry of the id `above`; or `start`."""

    base: Moment | None
    above: str
    start: Moment | None

    def of(self, sign: re.Match[str] | None) -> "Before":
        """What counts for a time with that sign: `T+2 min` is from the start."""
        if self.start and sign and sign["start"]:
            return Before(self.start, "", None)
        return self


def understood(
    text: str,
    *,
    base: Moment | None,
    entries: Mapping[str, str],
    above: str = "",
    start: Moment | None = None,
) -> tuple[Moment, str]:
    """The moment that was typed and a code of PROBLEMS, empty when it was understood.

    A relative time such as `+2 min` counts from `base`, or from the entry of the id `above` where
    the base is not known to the minute; `T+2 min` from `start`. `entries` (id to text) are those
    that it may name, as in `3 min after the merge`. What cannot be read is kept as the moment's text.
    """
    before = Before(base, above, start)
    if len(text) > TEXT_LENGTH:
        return Moment(text=_shown(text[:TEXT_LENGTH])), "too-long"
    words = _shown(text)
    if words.lower() in UNKNOWN_WORDS | NOTHING or not words:
        return UNKNOWN, ""
    try:
        moment = parse_moment(text)
    except ValueError:
        read = _relative(words, before, entries) or _shown_so(words) or _absolute(words)
        return read or _kept(words, "unreadable")
    is_lost = moment.after and moment.after not in entries
    return _kept(words, "no-such-entry") if is_lost else (moment, "")


def _shown(text: str) -> str:
    plain = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char
        for char in unicodedata.normalize("NFKC", text)
    )
    return " ".join(plain.split())[:TEXT_LENGTH].strip()


def _shown_so(words: str) -> tuple[Moment, str] | None:
    moment = read_shown(words)
    return (moment, "") if moment else None


def _kept(words: str, code: str) -> tuple[Moment, str]:
    return Moment(text=words), code


def _absolute(words: str) -> tuple[Moment, str] | None:
    start, is_vague = 0, False
    if match := VAGUE.match(words):
        start, is_vague = match.end(), True
    elif words.lower().startswith("in "):
        start = len("in ")
    stamp = read_stamp(words, start)
    if stamp is None:
        return None
    bound, end = stamp.bound, stamp.end
    if match := AFTERWARDS.match(words, end):
        bound, end = ("not-after" if match["side"] == "前" else "not-before"), match.end()
    if words[end:].strip(" .。"):
        return None
    stamp = replace(stamp, bound=bound, approximate=stamp.approximate or is_vague)
    return _from_stamp(stamp, words, is_vague)


def _from_stamp(stamp: Stamp, words: str, is_vague: bool) -> tuple[Moment, str] | None:
    day, clock, zone = stamp.day, stamp.clock, stamp.zone
    if day and day.order == "either":
        return _kept(words, "ambiguous-day")
    if day and day.year is None:
        return _kept(words, "no-year")
    is_rewritten = bool(zone and zone.code) or is_vague or bool(stamp.until)
    is_rewritten = is_rewritten or bool(clock and clock.is_rough)
    time = clock.time if clock else ""
    moment = Moment(
        date=day.iso() if day else "",
        time=time,
        zone=zone.name if zone and time else "",
        approximate=stamp.approximate,
        bound=stamp.bound,
        text=words if is_rewritten else "",
    )
    if problems(moment):
        return None
    return moment, "ambiguous-zone" if zone and zone.code == "ambiguous-zone" else ""


# --- Relative: counted from the base or from an entry -------------------------------------------


def _relative(words: str, before: Before, entries: Mapping[str, str]) -> tuple[Moment, str] | None:
    position, approximate, bound = _marks(words)
    sign = SIGN.match(words, position)
    amount = read_amount(words, sign.end() if sign else position)
    if amount is None and words[position:].lower() in AT_ONCE:
        amount = Fraction(0), len(words)
    if amount is None:
        return None
    seconds, end = amount
    later, earlier = LATER.fullmatch(words, end), EARLIER.fullmatch(words, end)
    named = OF_ENTRY.fullmatch(words, end)
    if named is None and not later and not earlier and end < len(words):
        return None
    is_negative = earlier or (sign and sign["sign"] != "+") or (named and _is_before(named))
    seconds = -seconds if is_negative else seconds
    moment = Moment(approximate=approximate, bound=bound, text=words)
    if named is not None:
        return _after_named(moment, seconds, named["entry"], entries)
    return _counted(moment, seconds, before.of(sign))


def _is_before(match: re.Match[str]) -> bool:
    return match["side"].lower() == "before"


def _marks(words: str) -> tuple[int, bool, str]:
    position, approximate, bound = 0, False, ""
    for _turn in range(2):
        if match := APPROXIMATE.match(words, position):
            approximate, position = True, match.end()
        elif match := AT_MOST.match(words, position):
            bound, position = "not-after", match.end()
        elif match := AT_LEAST.match(words, position):
            bound, position = "not-before", match.end()
        elif match := IN.match(words, position):
            position = match.end()
    return position, approximate, bound


def _after_named(
    moment: Moment, seconds: Fraction, name: str, entries: Mapping[str, str]
) -> tuple[Moment, str]:
    name = name.strip().lower()
    found = [entry for entry in entries if entry.lower() == name] or [
        entry for entry, text in entries.items() if name in text.lower()
    ]
    if len(found) != 1:
        return _kept(moment.text, "no-such-entry")
    return _after(moment, seconds, found[0])


def _counted(moment: Moment, seconds: Fraction, before: Before) -> tuple[Moment, str]:
    base = before.base
    if base is not None and (counted := _moved(moment, seconds, base)):
        return counted, ""
    if before.above:
        return _after(moment, seconds, before.above)
    return _kept(moment.text, "nothing-to-count-from")


def _after(moment: Moment, seconds: Fraction, entry: str) -> tuple[Moment, str]:
    minutes = round(seconds / 60)
    is_rounded = minutes * 60 != seconds
    found = replace(
        moment, after=entry, minutes=minutes, approximate=moment.approximate or is_rounded
    )
    return (found, "") if not problems(found) else _kept(moment.text, "unreadable")


def _moved(moment: Moment, seconds: Fraction, base: Moment) -> Moment | None:
    """The moment that lies so long after the base; None when the base is not known that well."""
    clock = _clock_of(base)
    if clock is None or abs(seconds) > MINUTES * 60:
        return None
    try:
        moved = _shifted(clock, timedelta(seconds=float(seconds)), base)
    except (OverflowError, ValueError):
        return None
    with_seconds = base.time.count(":") == 2 or moved.second
    found = replace(
        moment,
        date=moved.date().isoformat(),
        time=moved.strftime("%H:%M:%S" if with_seconds else "%H:%M"),
        zone=base.zone,
        approximate=moment.approximate or base.approximate,
    )
    return None if problems(found) else found


def _shifted(clock: datetime, distance: timedelta, base: Moment) -> datetime:
    # Through UTC, since an hour after 01:30 is not always 02:30.
    known = instant(replace(base, approximate=False))
    zone = zone_of(base.zone) if base.zone else None
    return (known + distance).astimezone(zone) if known and zone else clock + distance


def _clock_of(base: Moment) -> datetime | None:
    if base.bound or ":" not in base.time or len(base.date) < len("2023-03-14") or problems(base):
        return None
    return datetime.fromisoformat(f"{base.date}T{base.time}")


def is_exact(moment: Moment) -> bool:
    """Whether another moment can be counted from this one, or take its day."""
    return _clock_of(moment) is not None


def dated(moment: Moment, base: Moment, *, back: timedelta = BACKWARDS) -> Moment:
    """A bare time of day, such as `19:02` typed below `2023-03-14 19:00 UTC`, with its day and zone.

    The day is the one on which it is at most `back` before the base, and less than a day later.
    Otherwise the moment as it is.
    """
    clock = _clock_of(base)
    is_bare = ":" in moment.time and not moment.date and not moment.after
    if clock is None or not is_bare or problems(moment):
        return moment
    zone = moment.zone or base.zone
    earliest = _in_zone(zone, clock, base) - back
    typed = datetime.combine(earliest.date(), time.fromisoformat(moment.time))
    day = typed.date() if typed >= earliest else typed.date() + DAY
    found = replace(moment, date=day.isoformat(), zone=zone)
    return moment if problems(found) else found


def _in_zone(name: str, clock: datetime, base: Moment) -> datetime:
    """What the clocks of that zone show at the base, or those of the base where nobody knows."""
    known, zone = instant(base), zone_of(name) if name else None
    if known is None or zone is None or name == base.zone:
        return clock
    return known.astimezone(zone).replace(tzinfo=None)


def circled(afters: Mapping[str, str]) -> set[str]:
    """The entries that count from themselves in the end; `afters` says what each counts from."""
    found: set[str] = set()
    done: set[str] = set()
    for entry in afters:
        path: list[str] = []
        while entry in afters and entry not in done:
            done.add(entry)
            path.append(entry)
            entry = afters[entry]
        if entry in path:
            found.update(path[path.index(entry) :])
    return found
