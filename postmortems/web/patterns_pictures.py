"""The answers about patterns as what charts are drawn from: names and links for every mark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.durations import Duration
from postmortems.insights.chains import Chain, Occurrence
from postmortems.insights.charts import dated, dots, heat, stacks
from postmortems.insights.shapes import Cell, Matrix, Named, Trends
from postmortems.insights.spread import Quantile
from postmortems.insights.times import Times, TimesRow
from postmortems.search.fields import UNKNOWN
from postmortems.templatetags.interval_tags import interval_words
from postmortems.templatetags.moments_tags import duration_words, moment_short, seconds_words
from postmortems.templatetags.number_tags import grouped
from postmortems.web.patterns_words import day_labels, quantile_words
from postmortems.web.search_rows import step_of
from taxonomy.lookup import Terms

SERIES = 6
SEVERITY = "severity"


@dataclass(frozen=True, slots=True)
class Key:
    """One series of the legend: the class of its colour, its name, its own list."""

    css: str
    name: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class TrendPicture:
    """Bars over time, and what their colours mean."""

    chart: stacks.Stacks
    keys: tuple[Key, ...]


def heat_picture(matrix: Matrix) -> heat.HeatMap:
    """The matrix as a drawing, for files."""
    columns = [*(column.term.label for column in matrix.columns), _("all")]
    rows = [
        heat.HeatRow(
            row.term.label,
            (
                *(
                    (cell_text(cell, matrix.colour), cell.heat, cell.count.url)
                    for cell in row.cells
                ),
                (str(row.total.number), 0, row.total.url),
            ),
        )
        for row in matrix.rows
    ]
    return heat.heat_map(columns, rows)


def cell_text(cell: Cell, colour: str) -> str:
    """What a cell says: its count, or how many times the expected that is."""
    if colour == "count" or not cell.count.number or cell.ratio is None:
        return str(grouped(cell.count.number))
    return f"×{cell.ratio:.1f}"


def trend_picture(trends: Trends, terms: Terms) -> TrendPicture:
    """The bars; severities have their own colours, everything else the last of the series."""
    classes = [
        series_class(series.term, place, terms) for place, series in enumerate(trends.series, 1)
    ]
    names = [series_name(series.term) for series in trends.series]
    periods = [
        stacks.Period(
            period.label,
            tuple(
                stacks.Part(
                    classes[at],
                    one.counts[place].number,
                    one.counts[place].url,
                    part_words(names[at], period.label, one.counts[place].number),
                )
                for at, one in enumerate(trends.series)
            ),
        )
        for place, period in enumerate(trends.periods)
    ]
    keys = tuple(
        Key(css, name, series.total.number, series.total.url)
        for css, name, series in zip(classes, names, trends.series, strict=True)
    )
    return TrendPicture(stacks.stacks(periods), keys)


def series_name(term: Named | None) -> str:
    """What a series is called."""
    return term.label if term else _("everything else")


def part_words(name: str, period: str, number: int) -> str:
    """What the link of a part is called: `DNS, Q2 2023: 3 postmortems`."""
    said = ngettext(
        "%(name)s, %(period)s: %(n)d postmortem", "%(name)s, %(period)s: %(n)d postmortems", number
    )
    return said % {"name": name, "period": period, "n": number}


def series_class(term: Named | None, place: int, terms: Terms) -> str:
    """The class that colours a series."""
    if term is None or term.path == UNKNOWN:
        return f"series-{SERIES}"
    info = terms.get(SEVERITY, term.path) if term.vocabulary == SEVERITY else None
    return f"fill-sev-{step_of(terms, info)}" if info else f"series-{min(place, SERIES)}"


def times_picture(times: Times) -> dots.Dots:
    """One lane a term, all over one axis."""
    rows = [row for row in times.rows if row.known.number or row.bounded.number] or [times.all]
    # Every row has the same steps; their words cost more than all else.
    lengths = [step_length(bar.low, bar.high) for bar in times.all.bars]
    return dots.dots([_lane(row, lengths) for row in rows])


def lane_words(row: TimesRow) -> str:
    """What stands above a lane: `SEV1 · 4 of 5 known, 1 bounded`."""
    known = {"known": row.known.number, "total": row.total.number, "bounded": row.bounded.number}
    said = (
        _("%(known)d of %(total)d known, %(bounded)d bounded")
        if row.bounded.number
        else _("%(known)d of %(total)d known")
    )
    return " · ".join((row.term.label if row.term else _("all"), said % known))


def _lane(row: TimesRow, lengths: Sequence[str]) -> dots.Lane:
    made = tuple(
        dots.Dot(
            dot.seconds,
            dot.kind,
            dot.url,
            _("%(name)s: %(value)s")
            % {"name": dot.title, "value": duration_words(Duration(dot.seconds, dot.kind))},
        )
        for dot in row.dots
    )
    steps = (
        ()
        if made
        else tuple(
            dots.Step(
                bar.low,
                bar.high,
                bar.count.number,
                bar.count.url,
                step_words(length, bar.count.number),
            )
            for bar, length in zip(row.bars, lengths, strict=True)
        )
    )
    return dots.Lane(lane_words(row), made, steps, _middle(row.median))


def _middle(median: Quantile | None) -> dots.Middle | None:
    return dots.Middle(median.low, median.high, quantile_words(median)) if median else None


def step_words(length: str, number: int) -> str:
    """What the link of a step is called: `1 h to 4 h: 12 postmortems`."""
    said = ngettext("%(length)s: %(n)d postmortem", "%(length)s: %(n)d postmortems", number)
    return said % {"length": length, "n": number}


def step_length(low: int, high: int | None) -> str:
    """The lengths of a step: `1 h to 4 h`, `under 15 min`, `1 d or longer`."""
    if high is None:
        return _("%(low)s or longer") % {"low": seconds_words(low)}
    if not low:
        return _("under %(high)s") % {"high": seconds_words(high)}
    return _("%(low)s to %(high)s") % {"low": seconds_words(low), "high": seconds_words(high)}


def chain_picture(chain: Chain) -> dated.Dated:
    """The occurrences on a line of dates."""
    known = [item for item in chain.occurrences if item.first or item.last]
    since = [interval_words(item.since) if item.since else "" for item in known[1:]]
    days = [label for part in chain.stretches for label in day_labels(part)]
    happenings = map(_happening, chain.occurrences, days)
    return dated.dated([*happenings], since)


def _happening(item: Occurrence, label: str) -> dated.Happening:
    return dated.Happening(
        date.fromisoformat(item.first) if item.first else None,
        date.fromisoformat(item.last) if item.last else None,
        label,
        item.url,
        _("%(name)s: %(value)s") % {"name": moment_short(item.started), "value": item.title},
    )
