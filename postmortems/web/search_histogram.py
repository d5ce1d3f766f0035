"""When they started, as the templates print it: bars, the two ends of a range, and what has no date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import slugify

from postmortems.search import Bucket, Histogram
from postmortems.templatetags.moments_tags import date_words
from postmortems.web.search_opened import Fold, Opened
from postmortems.web.search_values import ValueRow, markup

BAR_TOP = 16
BAR_BASE = 57
# More labels than these run into each other in the narrowest column.
MOST_TICKS = 12
DATED = re.compile(r"[1-9]\d{3}(-(0[1-9]|1[0-2]))?")
FACET = "year"


@dataclass(frozen=True)
class Bar:
    """One bar, in pixels of its 58 px high picture; `tick` is what fits below it."""

    id: str
    value: str
    label: str
    tick: str
    count: int
    url: str
    selected: bool
    y: int
    height: int
    label_y: int


@dataclass(frozen=True)
class End:
    """One date that a range can start or end with."""

    value: str
    label: str
    is_low: bool
    is_high: bool


@dataclass(frozen=True)
class StartedPanel:
    """The same as a facet: two ends to choose, and what has no place on the axis."""

    fold: Fold
    selected_count: int
    ends: list[End]
    sides: list[ValueRow]

    @property
    def values(self) -> SafeString:
        """What has no date, as list items."""
        return markup(self.sides)


def bars_of(histogram: Histogram) -> list[Bar]:
    """The dated bars; where there are many, only some of them are named."""
    buckets = histogram.buckets
    step = -(-len(buckets) // MOST_TICKS)
    highest = _highest(histogram)
    bars = [
        _bar(bucket, highest, _tick(bucket) if place % step == 0 else "")
        for place, bucket in enumerate(buckets)
    ]
    # A mark on every bar would mark nothing.
    is_all = all(bucket.selected for bucket in buckets)
    return [replace(bar, selected=False) for bar in bars] if is_all else bars


def side_bars_of(histogram: Histogram) -> list[Bar]:
    """What has no place on the axis: known only by a bound, and unknown."""
    highest = _highest(histogram)
    return [_bar(bucket, highest, bucket.label) for bucket in _sides(histogram)]


def _sides(histogram: Histogram) -> tuple[Bucket, Bucket]:
    return histogram.bounded, histogram.unknown


def _highest(histogram: Histogram) -> int:
    return max(bucket.count for bucket in (*histogram.buckets, *_sides(histogram)))


def started_of(histogram: Histogram, params: QueryDict) -> StartedPanel:
    """The panel beside the other facets."""
    sides = [_side(bucket) for bucket in _sides(histogram)]
    count = sum(row.selected for row in sides) + bool(histogram.low or histogram.high)
    fold = Opened.of(params.getlist("open")).facet(FACET, is_default=False, is_chosen=count > 0)
    return StartedPanel(fold, count, list(_ends(histogram)), sides)


def _ends(histogram: Histogram) -> Iterator[End]:
    chosen = (histogram.low, histogram.high)
    for value in sorted({*histogram.choices, *filter(None, chosen)}):
        yield End(value, _label(value), value == histogram.low, value == histogram.high)


def _side(bucket: Bucket) -> ValueRow:
    return ValueRow(
        id=f"v-{FACET}-{slugify(bucket.value)}",
        name=FACET,
        value=bucket.value,
        label=bucket.label,
        count=bucket.count,
        selected=bucket.selected,
        toggle_url=bucket.url,
    )


def _bar(bucket: Bucket, highest: int, tick: str) -> Bar:
    height = max(3, round((BAR_BASE - BAR_TOP) * bucket.count / highest)) if bucket.count else 0
    top = BAR_BASE - height
    return Bar(
        id=slugify(bucket.value) or "other",
        value=bucket.value,
        label=bucket.label,
        tick=tick,
        count=bucket.count,
        url=bucket.url,
        selected=bucket.selected,
        y=top,
        height=height,
        label_y=top - 4,
    )


def _label(value: str) -> str:
    """A year, or a month with its year; what is neither stands as it was written."""
    return date_words(value) if DATED.fullmatch(value) else value


def _tick(bucket: Bucket) -> str:
    """A year, or the month alone; January is told by its year."""
    year, _dash, month = bucket.value.partition("-")
    if not DATED.fullmatch(bucket.value) or not month:
        return bucket.label
    return year if month == "01" else date_format(date(int(year), int(month), 1), "M")
