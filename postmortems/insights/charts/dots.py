"""Lengths of time as dots on a logarithmic axis: one dot a postmortem, bounds with an arrow. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log

from postmortems.insights.charts.places import levels, percent

MINUTE, HOUR, DAY = 60, 3_600, 86_400
ROUND = (
    *(1, 10, MINUTE, 5 * MINUTE, 15 * MINUTE),
    *(HOUR, 4 * HOUR, 12 * HOUR),
    *(DAY, 3 * DAY, 7 * DAY, 30 * DAY, 91 * DAY, 365 * DAY, 1_095 * DAY, 3_650 * DAY, 18_300 * DAY),
)
# Per cent: the axis leaves room for half a dot and an arrow on either side, and for "at once".
FIRST, LAST, AT_ONCE, AFTER_AT_ONCE = 3.0, 96.0, 3.0, 14.0
# What a dot takes, with and without its arrow; what the label of a tick takes.
DOT, ARROW, LABEL = 2.6, 5.0, 14.0
LABEL_Y, FIRST_DOT_Y, LIFT, FOOT = 14, 32, 11, 12
AXIS = 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One length in whole seconds; kind `exact`, `approximate`, `at-most` or `at-least`."""

    seconds: int
    kind: str
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """The dots of one value, and the median of those that are known, where there is one."""

    label: str
    dots: tuple[Dot, ...]
    median: float | None = None
    median_words: str = ""


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot as it is drawn, in pixels from the top of its lane."""

    dot: Dot
    x: str
    y: int

    @property
    def is_open(self) -> bool:
        """Whether it is no more than a bound."""
        return self.dot.kind in ("at-most", "at-least")


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A lane as it is drawn: `y` from the top of the chart, `base` where its line is."""

    label: str
    y: int
    base: int
    height: int
    dots: tuple[PlacedDot, ...]
    median: str = ""
    median_words: str = ""


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A round length on the axis; 0 is "at once"."""

    x: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Dots:
    """The drawing."""

    lanes: tuple[PlacedLane, ...]
    ticks: tuple[AxisTick, ...]
    axis_y: int
    height: int


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a length stands: on a logarithmic scale from low to high, what took no time before it."""

    low: float
    high: float
    has_at_once: bool

    @property
    def first(self) -> float:
        """Where the scale begins, in per cent."""
        return AFTER_AT_ONCE if self.has_at_once else FIRST

    def place(self, seconds: float) -> float:
        """The place of a length, in per cent."""
        if seconds < 1:
            return AT_ONCE
        share = log(seconds / self.low) / log(self.high / self.low)
        return self.first + (LAST - self.first) * min(1.0, max(0.0, share))


def dots(lanes: Sequence[Lane]) -> Dots:
    """All lanes over one axis; dots that would lie on each other are lifted."""
    axis = axis_of(dot.seconds for lane in lanes for dot in lane.dots)
    placed, y = [], 0
    for lane in lanes:
        made = _lane(lane, axis, y)
        placed.append(made)
        y += made.height
    return Dots(tuple(placed), tuple(_ticks(axis)), axis_y=y, height=y + AXIS)


def axis_of(lengths: Iterable[int]) -> Axis:
    """The axis that all of these find room on, a little wider than they are."""
    known = sorted(lengths)
    timed = [seconds for seconds in known if seconds >= 1]
    low, high = (timed[0], timed[-1]) if timed else (HOUR, HOUR)
    return Axis(low / 1.4, high * 1.4, has_at_once=len(timed) < len(known))


def _lane(lane: Lane, axis: Axis, y: int) -> PlacedLane:
    ordered = sorted(lane.dots, key=lambda dot: (dot.seconds, dot.kind, dot.words))
    places = [axis.place(dot.seconds) for dot in ordered]
    stretches = [_stretch(place, dot.kind) for place, dot in zip(places, ordered, strict=True)]
    lifted = list(levels(stretches))
    highest = max(lifted, default=0)
    base = FIRST_DOT_Y + highest * LIFT
    placed = tuple(
        PlacedDot(dot, percent(place), base - level * LIFT)
        for dot, place, level in zip(ordered, places, lifted, strict=True)
    )
    median = "" if lane.median is None else percent(axis.place(lane.median))
    return PlacedLane(
        lane.label, y, base, base + FOOT, placed, median, lane.median_words if median else ""
    )


def _stretch(place: float, kind: str) -> tuple[float, float]:
    """What a mark takes of the width: an open one has its arrow on one side."""
    before = ARROW if kind == "at-most" else DOT / 2
    after = ARROW if kind == "at-least" else DOT / 2
    return place - before, place + after


def _ticks(axis: Axis) -> Iterator[AxisTick]:
    """Round lengths, far enough apart for their labels."""
    taken = -LABEL
    if axis.has_at_once:
        yield AxisTick(percent(AT_ONCE), 0)
        taken = AT_ONCE
    for seconds in ROUND:
        if axis.low <= seconds <= axis.high and (place := axis.place(seconds)) - taken >= LABEL:
            taken = place
            yield AxisTick(percent(place), seconds)
