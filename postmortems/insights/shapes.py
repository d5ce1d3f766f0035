"""The answers about terms, as frozen data: counts with the addresses of their lists. Pages word and draw them."""

from dataclasses import dataclass

# Where a postmortem has no term of a vocabulary; an address takes it as a value.
UNKNOWN = "unknown"
# Fewer cases than this are told to be few.
SMALL = 5
# The share of false ones among all associations that are called significant.
RATE = 0.05


@dataclass(frozen=True, slots=True)
class Count:
    """A number of postmortems, and the address of the search that lists exactly them. The address is
    empty only where no search can say it: the text would be longer than the search box takes."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Field:
    """A vocabulary that is counted by; `depth` is how many levels its tree has, 1 for a flat list."""

    slug: str
    label: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Named:
    """A term as it is shown. `path` is `unknown` for those that have no term of the vocabulary."""

    vocabulary: str
    path: str
    label: str
    vocabulary_label: str = ""
    depth: int = 0
    definition: str = ""

    @property
    def key(self) -> str:
        """The term as one word, for ids in a page: `cause/network/dns`."""
        return f"{self.vocabulary}/{self.path}"


# --- Matrix ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """How many postmortems have both terms. `heat` is the class 0–8 to colour it by, of the count or
    of the ratio, whichever was asked; `expected` is what there would be if the two had nothing to
    do with each other (row total × column total / all), `ratio` is count / expected, None where
    nothing is expected."""

    count: Count
    heat: int
    expected: float
    ratio: float | None

    @property
    def excess(self) -> float:
        """How many more there are than expected; negative for fewer."""
        return self.count.number - self.expected


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its term, its cells in the order of the columns, and all postmortems with the term."""

    term: Named
    cells: tuple[Cell, ...]
    total: Count


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its term, and all postmortems with it."""

    term: Named
    total: Count


@dataclass(frozen=True, slots=True)
class Matrix:
    """Two vocabularies against each other. A postmortem may stand in several rows and columns, so
    totals are no sums. `rows` are in the order of the vocabulary, `columns` the busiest first;
    `more_columns` are there but not shown, `more_rows` likewise. `fields` is what may be chosen
    for rows and columns; `most_depth` the deepest level of the rows."""

    rows_by: Field
    columns_by: Field
    depth: int
    colour: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    more_rows: int
    more_columns: int
    total: Count
    fields: tuple[Field, ...]
    most_depth: int


# --- Trends ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter or year of start: `value` as `year=` takes it (`2023-01..2023-03`)."""

    value: str
    label: str
    total: Count


@dataclass(frozen=True, slots=True)
class Series:
    """One layer of the stack, a count a period. `term` is None for everything else: those with none
    of the terms shown."""

    term: Named | None
    counts: tuple[Count, ...]
    total: Count


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term seen for the first time in the latest period."""

    term: Named
    count: Count


@dataclass(frozen=True, slots=True)
class QuietTerm:
    """A term with several postmortems before and none in the last periods; `last` is the last period
    that has one."""

    term: Named
    before: Count
    last: Period


@dataclass(frozen=True, slots=True)
class Trends:
    """Postmortems by when they started. `shown` of `total` are on the axis; what is not is told apart:
    `year_only` (no month known; none of them when the span is a year), `bounded` (only "not later
    than"), `unknown`. `earlier` started before the first period shown. A postmortem may stand in
    several series. `quiet_periods` is how many last periods a quiet term has none in,
    `quiet_least` how many it had before."""

    span: str
    by: Field
    periods: tuple[Period, ...]
    series: tuple[Series, ...]
    total: Count
    shown: Count
    earlier: Count
    year_only: Count
    bounded: Count
    unknown: Count
    new: tuple[NewTerm, ...]
    quiet: tuple[QuietTerm, ...]
    quiet_periods: int
    quiet_least: int
    fields: tuple[Field, ...]


# --- Associations ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contrast:
    """`here` of `of_here` against `elsewhere` of `of_elsewhere`, all of them counted postmortems.

    `lift` is the share here over the share among all, 1 for no difference. `p` is Fisher's exact
    test, one-sided; `q` the same after Benjamini and Hochberg's control of false discoveries over
    everything that was tested; `is_significant` is q <= RATE.
    """

    here: Count
    of_here: Count
    elsewhere: Count
    of_elsewhere: Count
    lift: float
    p: float
    q: float

    @property
    def is_small(self) -> bool:
        """Whether there are so few cases that the reader is told."""
        return self.here.number < SMALL

    @property
    def is_significant(self) -> bool:
        """Whether it stands out beyond what chance makes of so many comparisons."""
        return self.q <= RATE


@dataclass(frozen=True, slots=True)
class Frequent:
    """A term that is more frequent in the selection than in the rest of what the reader may see."""

    term: Named
    contrast: Contrast


@dataclass(frozen=True, slots=True)
class Overrepresented:
    """What is unusually frequent in a selection. Nothing when the search narrows nothing, or leaves
    nothing out: then `is_narrowed` is False. `tested` terms were compared; `terms` holds the
    strongest, significant ones first; `more` significant ones are not shown."""

    is_narrowed: bool
    inside: Count
    outside: Count
    terms: tuple[Frequent, ...]
    tested: int
    more: int
    rate: float = RATE


@dataclass(frozen=True, slots=True)
class Pair:
    """Two terms that go together: of those with `given`, `here` have `found`; of those without,
    `elsewhere` do. `same` are pairs that say the same and were folded into this one: terms above
    or below, or other terms that the very same postmortems have."""

    given: Named
    found: Named
    contrast: Contrast
    same: tuple[tuple[Named, Named], ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """Pairs of terms of different vocabularies that go together more often than by chance, the most
    useful first. `tested` counts every pair of terms that could have met, those that never do
    included; `significant` how many of these stand out before folding; `more` of them are neither
    shown nor folded into one that is. In a collection `is_small` nothing can stand out: the
    pairs are merely the strongest."""

    pairs: tuple[Pair, ...]
    total: Count
    tested: int
    significant: int
    more: int
    is_small: bool
    rate: float = RATE


# --- Findings -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a finding's postmortems that has a narrower term."""

    term: Named
    count: Count


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence of what stands out, in parts.

    `kind` says how it reads:
    - `set-off`: `here` of `of_here` postmortems with one of the triggers `given` have the cause
      `found`; elsewhere `elsewhere` of `of_elsewhere`. `same` are other causes of the very same
      `here` postmortems. `p` is multiplied by how many unions of triggers could have been told.
    - `widespread`: `here` of `of_here` postmortems have the cause `found`; `given` is empty,
      `elsewhere` and `of_elsewhere` are None. `portions` are the terms below it, most first.
    - `together`: `here` of `of_here` postmortems with `given` (one term) have `found`; elsewhere
      `elsewhere` of `of_elsewhere`.
    `key` is stable for the same finding. `is_small`: fewer than five cases.
    """

    kind: str
    key: str
    given: tuple[Named, ...]
    found: Named
    here: Count
    of_here: Count
    elsewhere: Count | None = None
    of_elsewhere: Count | None = None
    portions: tuple[Portion, ...] = ()
    lift: float | None = None
    p: float | None = None
    q: float | None = None
    same: tuple[Named, ...] = ()

    @property
    def is_small(self) -> bool:
        """Whether there are so few cases that the reader is told."""
        return self.here.number < SMALL


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands out, strongest first; `is_small` for a collection too small to prove anything."""

    findings: tuple[Finding, ...]
    total: Count
    is_small: bool
