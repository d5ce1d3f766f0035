"""When something came back: a line of dates, bands where only a month is known, open marks for bounds. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate, pairwise

from postmortems.insights.charts.places import letters, levels, percent

FIRST, LAST = 6.0, 94.0
# Per cent: what a mark takes, how narrow a band may be, and what a letter below a mark takes of the
# narrowest column, with the room between two labels.
MARK, NARROWEST, LETTER, BETWEEN = 2.6, 1.2, 2.0, 3.0
# An interval is named where the marks stand this far apart and its words, of smaller letters, meet
# neither those of another nor the edge.
INTERVAL, SMALL_LETTER = 13.0, 1.8
LINE_Y, INTERVAL_Y, LABEL_Y, LABEL_STEP, FOOT = 38, 18, 62, 17, 8
# From here on to either side a label would leave the picture.
EDGE = 12.0


@dataclass(frozen=True, slots=True)
class Happening:
    """Once: the first and the last day it can have been; without one of them it is a bound."""

    first: date | None
    last: date | None
    label: str
    url: str = ""
    words: str = ""

    @property
    def kind(self) -> str:
        """`known`, `not-after`, `not-before`; `unknown` has no place on a line."""
        if self.first and self.last:
            return "known"
        return "not-after" if self.last else "not-before" if self.first else "unknown"


@dataclass(frozen=True, slots=True)
class DatedMark:
    """One mark on the line; `band` is the stretch it can lie in, where that can be seen."""

    happening: Happening
    x: str
    band_x: str
    band_width: str
    label_y: int
    anchor: str

    @property
    def is_open(self) -> bool:
        """Whether it is no more than a bound."""
        return self.happening.kind != "known"


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two neighbours, where there is room to say it."""

    x: str
    words: str


@dataclass(frozen=True, slots=True)
class Dated:
    """The drawing; `undated` are those without a place on it."""

    marks: tuple[DatedMark, ...]
    intervals: tuple[Interval, ...]
    undated: tuple[Happening, ...]
    height: int
    line_y: int = LINE_Y
    interval_y: int = INTERVAL_Y


def dated(happenings: Sequence[Happening], intervals: Sequence[str] = ()) -> Dated:
    """The happenings in their order, the first first, which is that of the first days they can have
    been, or of their bounds; `intervals` are the words between each two that have a place."""
    known = [item for item in happenings if item.kind != "unknown"]
    if not known:
        return Dated((), (), tuple(happenings), 0)
    days = [day for item in known for day in (item.first, item.last) if day]
    axis = _Axis(min(days), max(days))
    places = list(_apart(_places(known, axis)))
    marks = tuple(_marks(known, places, axis))
    lowest = max(mark.label_y for mark in marks)
    undated = tuple(item for item in happenings if item.kind == "unknown")
    return Dated(marks, tuple(_intervals(places, intervals)), undated, lowest + FOOT)


@dataclass(frozen=True, slots=True)
class _Axis:
    low: date
    high: date

    def place(self, day: date) -> float:
        """The place of a day, in per cent; a single one stands in the middle."""
        length = (self.high - self.low).days
        share = (day - self.low).days / length if length else 0.5
        return FIRST + (LAST - FIRST) * share


def _middle(item: Happening) -> date:
    first, last = item.first or item.last, item.last or item.first
    if first is None or last is None:
        return date.min
    return first + timedelta(days=(last - first).days // 2)


def _places(known: Sequence[Happening], axis: _Axis) -> Iterator[float]:
    """Each in the middle of its band, or as far before it as what comes next: of a year and a day in
    it the year began first."""
    limits = list(accumulate((_middle(item) for item in reversed(known)), min))
    yield from map(axis.place, reversed(limits))


def _apart(places: Iterator[float]) -> Iterator[float]:
    """The places with room for each mark: those on one day stand beside each other."""
    taken = -MARK
    for place in places:
        taken = max(place, taken + MARK)
        yield taken


def _marks(known: Sequence[Happening], places: Sequence[float], axis: _Axis) -> Iterator[DatedMark]:
    stretches = [_stretch(item, place) for item, place in zip(known, places, strict=True)]
    for item, place, level in zip(known, places, levels(stretches), strict=True):
        mark = DatedMark(
            happening=item,
            x=percent(place),
            band_x="",
            band_width="",
            label_y=LABEL_Y + level * LABEL_STEP,
            anchor=_anchor(place),
        )
        yield _with_band(mark, item, axis)


def _with_band(mark: DatedMark, item: Happening, axis: _Axis) -> DatedMark:
    if not (item.first and item.last):
        return mark
    low, high = axis.place(item.first), axis.place(item.last)
    if high - low < NARROWEST:
        return mark
    return replace(mark, band_x=percent(low), band_width=percent(high - low))


def _anchor(place: float) -> str:
    return "start" if place < EDGE else "end" if place > 100 - EDGE else "middle"


def _stretch(item: Happening, place: float) -> tuple[float, float]:
    """What the label of a mark takes of its row."""
    if not item.label:
        return place, place
    width = LETTER * letters(item.label) + BETWEEN
    start = place - {"start": 0.0, "middle": width / 2, "end": width}[_anchor(place)]
    return start, start + width


def _intervals(places: Sequence[float], words: Sequence[str]) -> Iterator[Interval]:
    taken = 0.0
    for (before, after), text in zip(pairwise(places), words, strict=False):
        middle, half = (before + after) / 2, SMALL_LETTER * letters(text) / 2
        has_room = after - before >= INTERVAL and middle - half >= taken and middle + half <= 100
        if text and has_room:
            taken = middle + half + SMALL_LETTER
            yield Interval(percent(middle), text)
