"""The running clock of a pasted chat: which day and zone a line's time belongs to. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from postmortems.moments import MINUTES, TEXT_LENGTH, Moment, problems, zone_of
from postmortems.writing.chat_lines import Line
from postmortems.writing.days import Day
from postmortems.writing.moments_typed import BACKWARDS
from postmortems.writing.notices import Notice, notice
from postmortems.writing.stamps import Stamp
from postmortems.writing.zones import Zone, read_zone

DAY = timedelta(days=1)
# After midnight was passed, a leap of nearly a day is a late line of the day before.
NEARLY_A_DAY = timedelta(hours=20)


class ChatClock:
    """Reads the times of lines in their order; `notices` are those about the whole paste."""

    def __init__(self, day: str, zone: str, stamps: Sequence[Stamp]) -> None:
        self.notices: list[Notice] = []
        self._date = day if _is_day(day) else ""
        self._year = int(self._date[:4]) if self._date else None
        self._given_zone = self._known(zone)
        self._carried = ""
        self._is_day_first = any(stamp.day.order == "day" for stamp in stamps if stamp.day)
        self._is_month_first = any(stamp.day.order == "month" for stamp in stamps if stamp.day)
        self._last: timedelta | None = None
        self._last_zone = ""
        self._has_rolled = False
        self._first = ""

    def say(self, code: str, **values: object) -> None:
        """Give a notice about the whole, once."""
        found = notice(code, **values)
        if found not in self.notices:
            self.notices.append(found)

    def set(self, line: Line) -> None:
        """Take over the day or the zone that a line gives to the lines below it."""
        if line.day and line.day.day and (day := self._iso(line.day.day, [])):
            self._change_day(day)
        if line.zone and (name := self._named(line.zone)):
            self._given_zone, self._carried = name, ""

    def made(self, entry: str, line: Line, when: Moment) -> None:
        """Remember the entry that T+5 counts from: T0, else the first one."""
        is_zero = line.is_from_start and line.seconds == 0
        if not self._first or is_zero:
            self._first = entry

    def moment(self, line: Line, found: list[Notice], previous: str) -> Moment:
        """When the line was; what should be looked at is added to `found`."""
        if line.stamp is None:
            return Moment()
        written = " ".join(line.written.split())[:TEXT_LENGTH].strip()
        if line.seconds is not None:
            moment = self._relative(line, written, previous)
        else:
            moment = self._absolute(line.stamp, written, found)
        return moment if not problems(moment) else Moment(text=written)

    def _relative(self, line: Line, written: str, previous: str) -> Moment:
        entry = self._first if line.is_from_start else previous
        minutes = round((line.seconds or 0) / 60)
        if not entry or abs(minutes) > MINUTES:
            return Moment(text=written)
        is_about = bool(line.stamp and line.stamp.approximate) or minutes * 60 != line.seconds
        return Moment(after=entry, minutes=minutes, approximate=is_about, text=written)

    def _absolute(self, stamp: Stamp, written: str, found: list[Notice]) -> Moment:
        day, time = stamp.day, stamp.clock.time if stamp.clock else ""
        zone = self._zone(stamp) if time else ""
        date_known = self._date
        if day is not None:
            date_known = self._iso(day, found)
            if len(date_known) == len("2023-03-14"):
                self._change_day(date_known)
        if ":" in time:
            if day is None:
                self._roll(time, zone, found)
                date_known = self._date
            self._last, self._last_zone = _elapsed(time), zone
            if not date_known:
                self.say("no-day")
        is_partial = bool(date_known) and len(date_known) < len("2023-03-14")
        is_lost = day is not None and not date_known
        return Moment(
            date=date_known,
            time="" if is_partial else time,
            zone="" if is_partial else zone,
            approximate=stamp.approximate and bool(date_known or time),
            bound=stamp.bound if date_known or time else "",
            text=written if is_partial or is_lost or _is_rewritten(stamp) else "",
        )

    # --- Days ---

    def _iso(self, day: Day, found: list[Notice]) -> str:
        if day.order == "either" and self._is_day_first and not self._is_month_first:
            day = day.with_day_first()
        elif day.order == "either":
            other = day.with_day_first()
            if other.iso() == self._date != "":
                day = other
            elif day.iso() != self._date:
                found.append(notice("ambiguous-day"))
        iso = day.iso(self._year_for(day))
        if not iso:
            found.append(notice("no-year"))
        return iso

    def _year_for(self, day: Day) -> int | None:
        # December, then January without a year: the next one.
        if self._date and day.month == 1 and self._date[5:7] == "12":
            return int(self._date[:4]) + 1
        return int(self._date[:4]) if self._date else self._year

    def _change_day(self, day: str) -> None:
        if day != self._date:
            self._last, self._has_rolled = None, False
        self._date, self._year = day, int(day[:4])

    def _roll(self, time: str, zone: str, found: list[Notice]) -> None:
        """Pass midnight when the clock starts again."""
        now = _elapsed(time)
        if self._last is None or zone != self._last_zone or now == self._last:
            return
        back = self._last - now
        if back > BACKWARDS:
            self._move(1)
            self._has_rolled = True
            found.append(notice("next-day"))
        elif back > timedelta(0):
            found.append(notice("backwards"))
        elif self._has_rolled and -back > NEARLY_A_DAY:
            self._move(-1)
            self._has_rolled = False
            found.append(notice("backwards"))

    def _move(self, days: int) -> None:
        if self._date:
            try:
                self._date = (date.fromisoformat(self._date) + days * DAY).isoformat()
            except OverflowError:
                self._date = ""

    # --- Zones ---

    def _zone(self, stamp: Stamp) -> str:
        if stamp.zone is not None:
            name = self._named(stamp.zone)
            self._carried = name or self._carried
            return name
        if self._given_zone:
            return self._given_zone
        if self._carried:
            self.say("zone-carried", zone=self._carried)
            return self._carried
        self.say("no-zone")
        return ""

    def _named(self, zone: Zone) -> str:
        if zone.code:
            self.say(zone.code, written=zone.written, zone=zone.name)
        return zone.name

    def _known(self, zone: str) -> str:
        zone = zone.strip()
        if not zone or zone_of(zone):
            return zone
        read = read_zone(zone, 0)
        if read and read.end == len(zone):
            return self._named(read)
        self.say("unknown-zone", written=zone[:40])
        return ""


def _is_day(text: str) -> bool:
    return len(text) == len("2023-03-14") and not problems(Moment(text))


def _elapsed(time: str) -> timedelta:
    hours, minutes, *seconds = map(int, time.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)


def _is_rewritten(stamp: Stamp) -> bool:
    """Whether the moment says less than what was written."""
    is_rough = bool(stamp.clock and stamp.clock.is_rough)
    return bool(stamp.until or is_rough or (stamp.zone and stamp.zone.code))
