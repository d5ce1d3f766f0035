"""How many of a term's postmortems started when: bars by quarter, or by year where there are too many."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from postmortems import gathered
from postmortems.search import Histogram

MOST_YEARS_BY_QUARTER = 12
HEIGHT, FLOOR = 56, 1
STEP, WIDTH = 14, 11
# A bar of so many is as high as the drawing, where none is of more.
FULL = 4


@dataclass(frozen=True, slots=True)
class QuarterBar:
    """One bar; `x`, `y` and `height` are pixels of the drawing. An empty one leads nowhere."""

    label: str
    count: int
    url: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class YearLine:
    """One line of the table: a year with its quarters. `is_short`: some of it are in no quarter."""

    year: str
    count: int
    url: str
    quarters: tuple[QuarterBar, ...]
    is_short: bool


@dataclass(frozen=True)
class Quarters:
    """The drawing, the table behind it, and what has no place in either."""

    bars: tuple[QuarterBar, ...]
    years: tuple[YearLine, ...]
    first: str
    last: str
    undated: tuple[QuarterBar, ...]
    width: int
    height: int = HEIGHT
    bar_width: int = WIDTH

    @property
    def axis_height(self) -> int:
        """The drawing with the line of its ends below it."""
        return self.height + 16

    @property
    def names(self) -> list[str]:
        """The heads of the table's columns."""
        return [_("Q%(number)s") % {"number": number} for number in range(1, gathered.QUARTERS + 1)]

    @property
    def is_short(self) -> bool:
        """Whether of some only the year is known."""
        return any(line.is_short for line in self.years)


def quarters_of(histogram: Histogram, filters: list[tuple[str, str]]) -> Quarters | None:
    """The starts of a search that `filters` repeat as an address; None where none is known."""
    years = [bucket.value for bucket in histogram.buckets if bucket.value.isdigit()]
    if not any(bucket.count for bucket in histogram.buckets):
        return None
    counts = histogram.counts
    lines = [(year, _spans(year, counts)) for year in years]
    is_by_quarter = len(years) <= MOST_YEARS_BY_QUARTER
    spans = [
        span
        for year, quarters in lines
        for span in (quarters if is_by_quarter else [(year, year, counts.get(year, 0))])
    ]
    # One alone is no mountain.
    most = max((FULL, *(count for _label, _value, count in spans)))
    link = _Linking(filters)
    apart = (histogram.bounded, histogram.unknown)
    return Quarters(
        bars=tuple(link.bar(span, place, most) for place, span in enumerate(spans)),
        years=tuple(_line(year, counts, quarters, link) for year, quarters in lines),
        first=years[0] if years else "",
        last=years[-1] if years else "",
        undated=tuple(
            link.bar((item.label, item.value, item.count), 0, 0) for item in apart if item.count
        ),
        width=max(len(spans), 1) * STEP,
    )


@dataclass(frozen=True)
class _Linking:
    """Makes bars with the address of what they count."""

    filters: list[tuple[str, str]]

    def url(self, value: str) -> str:
        """The same search, of those alone."""
        query = urlencode([*self.filters, ("year", value)], safe="/.")
        return f"{reverse('search')}?{query}"

    def bar(self, span: tuple[str, str, int], place: int, most: int) -> QuarterBar:
        """A bar as high as its part of the highest."""
        label, value, count = span
        height = max(round(HEIGHT * count / most), 3) if count and most else FLOOR
        url = self.url(value) if count else ""
        return QuarterBar(label, count, url, place * STEP, HEIGHT - height, height)


def _spans(year: str, counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Label, value and count of each quarter."""
    return [
        (
            _("Q%(quarter)s %(year)s") % {"quarter": item.number, "year": year},
            item.value,
            item.count,
        )
        for item in gathered.quarters_of(year, counts)
    ]


def _line(
    year: str,
    counts: Mapping[str, int],
    quarters: list[tuple[str, str, int]],
    link: _Linking,
) -> YearLine:
    count = counts.get(year, 0)
    is_short = sum(number for _label, _value, number in quarters) < count
    bars = tuple(link.bar(span, 0, 0) for span in quarters)
    return YearLine(year, count, link.url(year) if count else "", bars, is_short)
