"""Stacked bars over time: one bar a period, one piece a series. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from postmortems.insights.charts.places import letters, percent

TOP, BASE, HEIGHT = 14, 142, 168
LABEL_Y = 160
# Per cent: room for the numbers of the scale, and between two bars.
LEFT, AIR = 5.0, 0.22
# Pixels in the narrowest column, and what a letter of a label takes of them.
NARROWEST, LETTER, BETWEEN = 320, 6, 14
# No bar grows wider than this: a single year is no wall.
WIDEST = 12.0
SCALES = (1, 2, 5)
# Names stand below each so manieth bar: months and quarters then begin the same part of a year.
EVERY = (1, 2, 4, 8, 12, 24, 48, 96)


@dataclass(frozen=True, slots=True)
class Part:
    """How many of one series there are in one period; `series` is the class that colours it, `words`
    what its link is called."""

    series: str
    count: int
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """One period with its parts, the first series first."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(part.count for part in self.parts)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part as it is drawn, in pixels from above."""

    part: Part
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One period; `tick` is what stands below it at `tick_x`, on which side of that says `anchor`;
    empty where there is no room for every name."""

    x: str
    width: str
    tick: str
    tick_x: str
    anchor: str
    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """The drawing."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    base: int = BASE
    height: int = HEIGHT
    label_y: int = LABEL_Y


def stacks(periods: Sequence[Period]) -> Stacks:
    """One bar a period, from left to right; a scale of at most four lines."""
    highest = max((period.total for period in periods), default=0)
    step = scale_step(highest)
    top = max(step * -(-highest // step), 1)
    slot = _slot(len(periods))
    every = tick_step([period.label for period in periods])
    bars = tuple(
        _bar(period, LEFT + place * slot, slot, top, has_tick=place % every == 0)
        for place, period in enumerate(periods)
    )
    lines = tuple(Line(_y(value, top), str(value)) for value in range(step, top + 1, step))
    return Stacks(bars, lines)


def scale_step(highest: int) -> int:
    """The distance between two lines of the scale: 1, 2, 5, 10, 20, 50 …, whole numbers always."""
    size = 1
    while True:
        for scale in SCALES:
            if scale * size * 3 >= highest:
                return scale * size
        size *= 10


def _slot(number: int) -> float:
    """The share of the width, in per cent, that each of so many bars has."""
    return min((100 - LEFT) / max(1, number), WIDEST)


def tick_step(labels: Sequence[str]) -> int:
    """Each how manyth bar can have its name below it in the narrowest column."""
    if not labels:
        return 1
    width = LETTER * max(map(letters, labels))
    left, slot = (NARROWEST * share / 100 for share in (LEFT, _slot(len(labels))))
    # The first name begins where the picture does, and so reaches further than half of it.
    beyond = max(0.0, width / 2 - left - slot / 2)
    needed = ceil((width + BETWEEN + beyond) / slot)
    return next((step for step in EVERY if step >= needed), max(1, needed))


def _bar(period: Period, left: float, slot: float, top: int, *, has_tick: bool) -> Bar:
    pieces, below = [], 0
    for part in period.parts:
        if part.count:
            y, end = _y(below + part.count, top), _y(below, top)
            # A pixel of surface between two pieces: colours alone do not tell them apart.
            pieces.append(Piece(part, min(y, BASE - 1), max(1.0, round(end - y - 1, 1))))
            below += part.count
    air = slot * AIR
    middle, half = left + slot / 2, 50 * LETTER * letters(period.label) / NARROWEST
    # A name that would leave the picture begins where the picture does, or ends there.
    anchor, tick_x = "middle", middle
    if middle < half:
        anchor, tick_x = "start", 0.0
    elif middle > 100 - half:
        anchor, tick_x = "end", 100.0
    return Bar(
        x=percent(left + air / 2),
        width=percent(slot - air),
        tick=period.label if has_tick else "",
        tick_x=percent(tick_x),
        anchor=anchor,
        label=period.label,
        pieces=tuple(pieces),
    )


def _y(value: int, top: int) -> float:
    return round(BASE - (BASE - TOP) * value / top, 1)
