"""How long it took to detect, mitigate and resolve, as distributions: never a mean, bounds never as values.

`times_of` answers for the page and the API, which word and draw it.
"""

from dataclasses import dataclass

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Count, Field, Named

# What is measured, each from the start: to the first who noticed, to the end of harm, to the end.
MEASURES = ("detect", "mitigate", "resolve")
# Up to so many known and bounded times of one row are shown one by one.
MOST_DOTS = 40
# Of a longer vocabulary the busiest terms are shown.
MOST_ROWS = 12
# Of fewer known times no middle is told.
LEAST_KNOWN = 3


@dataclass(frozen=True, slots=True)
class Dot:
    """One postmortem's time; `kind` is one of `exact approximate at-most at-least`."""

    seconds: int
    kind: str
    ref: str
    title: str
    title_language: str
    url: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many known times lie in [low, high) seconds; the last bar is open, its `high` None."""

    low: int
    high: int | None
    count: Count


@dataclass(frozen=True, slots=True)
class Quantile:
    """Where a share of the `n` known and bounded times lies, as exactly as the bounds allow: from
    `low` to `high` seconds, both the same where no bound matters. `low` None: there is no lower
    limit; `high` None: no upper one."""

    share: float
    low: int | None
    high: int | None
    n: int


@dataclass(frozen=True, slots=True)
class TimesRow:
    """The times of one term's postmortems; `term` is None for all of them together.

    `known` of `total` have an exact or approximate time, `bounded` only a bound; the rest is
    `unknown`. `dots` is empty where there are too many of them, else all known and bounded ones,
    the shortest first; `bars` are always there, one for each step of BAR_ENDS. `median`,
    `quarter` and `three_quarters` are None below LEAST_KNOWN known ones.
    """

    term: Named | None
    total: Count
    known: Count
    bounded: Count
    unknown: Count
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]
    quarter: Quantile | None
    median: Quantile | None
    three_quarters: Quantile | None


@dataclass(frozen=True, slots=True)
class Times:
    """One measure by the terms of one vocabulary. Near misses hurt nobody and are `left_out`, unless
    the search asks for them. `shortest` and `longest` known or bounded time of all, in seconds,
    None where there is none. `rows` stand in the order of a scale, else the busiest first;
    `more_rows` terms are not shown. `fields` is what `by` may be."""

    measure: str
    by: Field
    rows: tuple[TimesRow, ...]
    more_rows: int
    all: TimesRow
    left_out: Count
    shortest: int | None
    longest: int | None
    fields: tuple[Field, ...]


def times_of(selected: Selected, *, measure: str = "resolve", by: str = "severity") -> Times:
    """The times of a selection, by the terms of a vocabulary; what is no measure or no vocabulary is
    read as the default."""
    raise NotImplementedError
