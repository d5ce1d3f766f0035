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
FIRST_DOT_Y, LIFT, FOOT, MIDDLE_FOOT = 34, 11, 14, 14
# From here on to either side the words of a median would leave the picture.
EDGE = 22.0
STEP_ROOM, OPEN_END = 30, 3
# So near to an end the words of a tick would leave it; how much of them stands before the tick.
NEAR = LABEL / 2
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
AXIS = 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One length in whole seconds; kind `exact`, `approximate`, `at-most` or `at-least`."""

    seconds: int
    kind: str
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """How many lie from `low` to below `high` seconds, where dots would be too many; without `high`
    all that are longer."""

    low: int
    high: int | None
    count: int
    url: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Middle:
    """Between which lengths the median lies; an end that is not known is None."""

    low: int | None
    high: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The dots of one value, or its steps instead, and their median where there is one."""

    label: str
    dots: tuple[Dot, ...] = ()
    steps: tuple[Step, ...] = ()
    middle: Middle | None = None


@dataclass(frozen=True, slots=True)
class PlacedDot:
    """A dot as it is drawn, in pixels from the top of the chart."""

    dot: Dot
    x: str
    y: int

    @property
    def is_open(self) -> bool:
        """Whether it is no more than a bound."""
        return self.dot.kind in ("at-most", "at-least")


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A step as it is drawn: a bar that stands on the line of its lane."""

    step: Step
    x: str
    width: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedMiddle:
    """The median: a tick, or a band where only its bounds are known."""

    x: str
    width: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class PlacedLane:
    """A lane as it is drawn: `y` from the top of the chart, `base` and `height` from there."""

    label: str
    y: int
    base: int
    height: int
    dots: tuple[PlacedDot, ...]
    steps: tuple[PlacedStep, ...] = ()
    middle: PlacedMiddle | None = None

    @property
    def name_y(self) -> int:
        """Where its name stands."""
        return self.y + 14

    @property
    def line_y(self) -> int:
        """Where its line is, from the top of the chart."""
        return self.y + self.base

    @property
    def middle_y(self) -> int:
        """Where the tick of the median begins."""
        return self.line_y - 9

    @property
    def words_y(self) -> int:
        """Where the words of the median stand."""
        return self.line_y + 20


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A round length on the axis; 0 is "at once". `anchor` says which part of its words stands there."""

    x: str
    seconds: int
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Dots:
    """The drawing."""

    lanes: tuple[PlacedLane, ...]
    ticks: tuple[AxisTick, ...]
    axis_y: int
    height: int

    @property
    def tick_y(self) -> int:
        """Where a tick ends."""
        return self.axis_y + 4


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
    axis = axis_of([*_lengths(lanes)])
    placed, y = [], 0
    for lane in lanes:
        made = _steps_lane(lane, axis, y) if lane.steps else _dots_lane(lane, axis, y)
        placed.append(made)
        y += made.height
    return Dots(tuple(placed), tuple(_ticks(axis)), axis_y=y, height=y + AXIS)


def _lengths(lanes: Iterable[Lane]) -> Iterator[int]:
    for lane in lanes:
        yield from (dot.seconds for dot in lane.dots)
        for step in lane.steps:
            if step.count:
                yield from _ends(step)


def _ends(step: Step) -> tuple[int, int]:
    """Where a step is drawn: one that is open at an end as wide as three times its other end."""
    return step.low or max(1, (step.high or 1) // OPEN_END), step.high or step.low * OPEN_END


def axis_of(lengths: Iterable[int]) -> Axis:
    """The axis that all of these find room on, a little wider than they are."""
    known = sorted(lengths)
    timed = [seconds for seconds in known if seconds >= 1]
    low, high = (timed[0], timed[-1]) if timed else (HOUR, HOUR)
    return Axis(low / 1.4, high * 1.4, has_at_once=len(timed) < len(known))


def _dots_lane(lane: Lane, axis: Axis, y: int) -> PlacedLane:
    ordered = sorted(lane.dots, key=lambda dot: (dot.seconds, dot.kind, dot.words))
    places = [axis.place(dot.seconds) for dot in ordered]
    stretches = [_stretch(place, dot.kind) for place, dot in zip(places, ordered, strict=True)]
    lifted = list(levels(stretches))
    base = FIRST_DOT_Y + max(lifted, default=0) * LIFT
    placed = tuple(
        PlacedDot(dot, percent(place), y + base - level * LIFT)
        for dot, place, level in zip(ordered, places, lifted, strict=True)
    )
    middle = _middle(lane.middle, axis)
    return PlacedLane(lane.label, y, base, base + _foot(middle), placed, middle=middle)


def _steps_lane(lane: Lane, axis: Axis, y: int) -> PlacedLane:
    most = max((step.count for step in lane.steps), default=1) or 1
    base = FIRST_DOT_Y + STEP_ROOM
    placed = tuple(_step(step, axis, y + base, most) for step in lane.steps if step.count)
    middle = _middle(lane.middle, axis)
    return PlacedLane(lane.label, y, base, base + _foot(middle), (), placed, middle)


def _foot(middle: PlacedMiddle | None) -> int:
    return FOOT + MIDDLE_FOOT if middle else FOOT


def _step(step: Step, axis: Axis, base: int, most: int) -> PlacedStep:
    low, high = map(axis.place, _ends(step))
    height = round(max(2.0, STEP_ROOM * step.count / most), 1)
    return PlacedStep(step, percent(low + 0.15), percent(high - low - 0.3), base - height, height)


def _middle(middle: Middle | None, axis: Axis) -> PlacedMiddle | None:
    """Where the median is drawn; one without a bound on either side nowhere."""
    ends = [] if middle is None else [end for end in (middle.low, middle.high) if end is not None]
    if middle is None or not ends:
        return None
    first, last = axis.place(ends[0]), axis.place(ends[-1])
    anchor = "start" if first < EDGE else "end" if first > 100 - EDGE else "middle"
    return PlacedMiddle(percent(first), percent(last - first), middle.words, anchor)


def _stretch(place: float, kind: str) -> tuple[float, float]:
    """What a mark takes of the width: an open one has its arrow on one side."""
    before = ARROW if kind == "at-most" else DOT / 2
    after = ARROW if kind == "at-least" else DOT / 2
    return place - before, place + after


def _ticks(axis: Axis) -> Iterator[AxisTick]:
    """Round lengths, far enough apart for their labels, which stay in the picture."""
    end = -NEAR
    every = [0] if axis.has_at_once else []
    every += [seconds for seconds in ROUND if axis.low <= seconds <= axis.high]
    for seconds in every:
        place = axis.place(seconds)
        anchor = "start" if place < NEAR else "end" if place > 100 - NEAR else "middle"
        begin = place - BEFORE[anchor] * LABEL
        if begin >= end:
            end = begin + LABEL
            yield AxisTick(percent(place), seconds, anchor)
