"""The incident bar: what is known of an incident's course as shapes in per cent of the width. Pure.

Colours, words and the height of the track are the template's and the stylesheet's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from postmortems.clocks import Place, Places, in_zone, later, places_of, seconds_between
from postmortems.document import Document

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MARK_Y, LIFT = 23, 14
ROOM_RIGHT = 1.02
NARROW, CROWDED = 1.0, 4.0
LABEL_GAP, LONG_LABEL_GAP, LAST_LABEL = 18.0, 24.0, 95.0
TICKS = 5
STEPS = (
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * DAY for days in (1, 2, 7, 14, 30, 60, 120, 365, 730, 1825, 3650)),
)
# What tells of the time before or after is no part of the incident's course.
OUTSIDE = ("context", "learn")


@dataclass(frozen=True, slots=True)
class Course:
    """An incident's course in seconds from its start.

    `end_kind` is `known`, `at-most`, `at-least`, `open` (it went on at least to the last dated
    entry) or `unknown`. `start` is None when nothing tells when it began.
    """

    start: Place | None
    from_trigger: bool = False
    trigger: float | None = None
    detected: float | None = None
    mitigated: float | None = None
    end: float | None = None
    end_kind: str = "unknown"
    last: float = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the track: phase 1 to 3; fill `solid`, `striped` or `open`; narrow ones are 3 px wide."""

    x: str
    width: str
    phase: int
    fill: str
    is_narrow: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Where two segments meet: two pixels of surface, `shift` pixels beside `x`."""

    x: str
    shift: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape at a moment: `start`, `detected`, `mitigated`, `resolved` or `onwards`."""

    kind: str
    x: str
    y: int = MARK_Y
    is_lifted: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick with its reading; style `clock`, `day` or `both`; anchor as in SVG."""

    x: str
    at: datetime
    style: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Bar:
    """The drawing; `first` and `last` are the ends of the axis, `gaps` lie where segments meet."""

    first: Place
    last: Place
    segments: tuple[Segment, ...]
    gaps: tuple[Gap, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]


def course_of(document: Document, places: Places | None = None) -> Course:
    """What the document tells of when it began, was detected, mitigated and over."""
    places = places or places_of(document)
    trigger = _trigger(document, places)
    start = places.moments.get("started")
    from_trigger = (start is None or bool(start.bound)) and trigger is not None
    if from_trigger:
        start = trigger
    if start is None or start.bound:
        return Course(None)
    offsets = {name: seconds_between(start, place) for name, place in places.moments.items()}
    course = Course(
        start=start,
        from_trigger=from_trigger,
        trigger=seconds_between(start, trigger) if trigger else None,
        detected=_not_negative(offsets.get("detected")),
        mitigated=_not_negative(offsets.get("mitigated")),
        last=_last_entry(document, places, start),
    )
    return _with_end(course, document, places)


def _trigger(document: Document, places: Places) -> Place | None:
    triggers = (places.entries.get(item.id) for item in document.timeline if item.kind == "trigger")
    return next((place for place in triggers if place and not place.bound), None)


def _not_negative(offset: float | None) -> float | None:
    return offset if offset is not None and offset >= 0 else None


def _last_entry(document: Document, places: Places, start: Place) -> float:
    placed = (
        places.entries.get(entry.id) for entry in document.timeline if entry.kind not in OUTSIDE
    )
    offsets = (seconds_between(start, place) for place in placed if place)
    return max((offset for offset in offsets if offset), default=0)


def _with_end(course: Course, document: Document, places: Places) -> Course:
    stated, resolved = document.duration, places.moments.get("resolved")
    if stated:
        kind = stated.kind if stated.kind in ("at-most", "at-least") else "known"
        return replace(course, end=float(stated.seconds), end_kind=kind)
    offset = seconds_between(course.start, resolved) if course.start and resolved else None
    if resolved and offset is not None and offset > 0:
        kind = {"not-after": "at-most", "not-before": "at-least"}.get(resolved.bound, "known")
        return replace(course, end=offset, end_kind=kind)
    latest = max(course.detected or 0, course.mitigated or 0, course.last)
    return replace(course, end=latest, end_kind="open") if latest else course


def bar_of(course: Course, zone: str = "") -> Bar | None:
    """The drawing on the clock of `zone`, else of the start; None when there is nothing to draw."""
    if course.start is None or not course.end:
        return None
    start = in_zone(course.start, zone) if zone else course.start
    reach = max(course.end, course.last) if course.end_kind == "at-least" else course.end
    course = replace(course, start=start, end=reach)
    total = reach * ROOM_RIGHT
    segments = tuple(_segments(course, total))
    return Bar(
        first=start,
        last=later(start, total),
        segments=segments,
        gaps=tuple(_gap(before, after) for before, after in pairwise(segments)),
        marks=tuple(_marks(course, total)),
        ticks=tuple(_ticks(start, total)),
    )


def _segments(course: Course, total: float) -> Iterator[Segment]:
    reach = course.end or 0
    # Up to a bound only the last dated entry is certain.
    certain = min(course.last, reach) if course.end_kind == "at-most" else reach
    detected = _within(course.detected, reach)
    mitigated = _within(course.mitigated, reach)
    certain = max(certain, detected or 0, mitigated or 0)
    edges = [0.0, detected or 0.0, max(mitigated or reach, detected or 0.0), reach]
    is_striped = course.end_kind == "known" and mitigated is None
    second = "striped" if is_striped or detected is None else "solid"
    for phase, (begin, end) in enumerate(pairwise(edges), start=1):
        fill = second if phase == 2 else "solid"
        if min(end, certain) > begin:
            yield _segment(begin, min(end, certain), total, phase, fill)
        if end > max(begin, certain):
            yield _segment(max(begin, certain), end, total, phase, "open")


def _within(offset: float | None, reach: float) -> float | None:
    return offset if offset is not None and offset <= reach else None


def _segment(begin: float, end: float, total: float, phase: int, fill: str) -> Segment:
    share = 100 * (end - begin) / total
    is_narrow = share < NARROW
    width = "3" if is_narrow else _percent(share)
    return Segment(_percent(100 * begin / total), width, phase, fill, is_narrow)


def _gap(before: Segment, after: Segment) -> Gap:
    # A narrow segment is wider than its share, so what meets it begins behind its three pixels.
    return Gap(before.x, 3) if before.is_narrow else Gap(after.x, -1)


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def _marks(course: Course, total: float) -> Iterator[Mark]:
    yield Mark("start", _percent(0))
    end = {"known": "resolved", "at-least": "onwards", "open": "onwards"}.get(course.end_kind)
    offsets = {"detected": course.detected, "mitigated": course.mitigated}
    offsets |= {end: course.end} if end else {}
    shares = [
        (100 * offset / total, kind)
        for kind, offset in offsets.items()
        if offset is not None and offset <= total
    ]
    last_of_level: list[float] = []
    for share, kind in sorted(shares, key=lambda item: item[0]):
        level = _free_level(share, last_of_level)
        yield Mark(kind, _percent(share), MARK_Y - LIFT * level, level > 0)


def _free_level(share: float, last_of_level: list[float]) -> int:
    """The lowest level with room for a mark there, which it then takes; level 0 is the track."""
    for level, taken in enumerate(last_of_level):
        if share - taken >= CROWDED:
            last_of_level[level] = share
            return level
    last_of_level.append(share)
    return len(last_of_level) - 1


def _ticks(start: Place, total: float) -> Iterator[Tick]:
    """The start, then at most five round times, far enough apart for their labels."""
    is_long = start.has_day and total > DAY
    yield Tick(_percent(0), start.at, "both" if is_long else "clock", "start")
    step = next((step for step in STEPS if 100 * step / total >= LABEL_GAP), STEPS[-1])
    nearest = LONG_LABEL_GAP if is_long else LABEL_GAP
    drawn = 0
    for at in _round_times(start.at, total, step):
        share = 100 * (seconds_between(start, replace(start, at=at)) or 0) / total
        if nearest <= share <= 100 and drawn < TICKS:
            drawn += 1
            is_new_day = start.has_day and at.time() == time.min
            anchor = "end" if share > LAST_LABEL else "middle"
            yield Tick(_percent(share), at, "day" if is_new_day else "clock", anchor)


def _round_times(first: datetime, total: float, step: int) -> Iterator[datetime]:
    """Clock times that are whole multiples of the step, counted from midnight or in days."""
    midnight = datetime.combine(first.date(), time.min)
    if step >= DAY:
        days = step // DAY
        midnight -= timedelta(days=date.toordinal(first) % days)
    at, until = midnight, first + timedelta(seconds=total + HOUR)
    while at <= until:
        if at > first:
            yield at
        at += timedelta(seconds=step)
