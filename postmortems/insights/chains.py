"""One defect, again and again: what `same-defect` relations join, in order, with the time between.

`chains_of` answers for the page and the API, which word and draw it.
"""

from dataclasses import dataclass

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Count, Named
from postmortems.moments import Moment

# Chains shown.
MOST_CHAINS = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """The time between two starts, in days, as far as it is known.

    `kind` is `about` (`low` to `high`, close together: tell `days`), `between` (`low` to `high`),
    `at-most` (`high`), `at-least` (`low`), `same-day` (nothing), or `unknown` (nothing). `days` is
    the figure to tell of `about`.
    """

    kind: str
    low: int | None = None
    high: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One postmortem of a chain. `started` is its start as it is known, of `precision`; `first` and
    `last` day that it can be, ISO dates, empty where open or unknown, to draw it as a band.
    `since` is the time since the one before, None for the first. `is_selected`: it is in the
    selection that was asked about."""

    ref: str
    title: str
    title_language: str
    url: str
    started: Moment
    precision: str
    first: str
    last: str
    since: Interval | None
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Remedy:
    """A work-around or a permanent action of one occurrence; `state` is the work-around's state or
    the action's status, `url` its place on the read page."""

    ref: str
    text: str
    language: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Chain:
    """One defect that came back. `name` is the title of the fullest record, `causes` its root causes.

    `fix` says how the permanent fix stands: `done` (every permanent action that was not dropped is
    done), `not-done` (one is recorded as open or proposed), `not-recorded` (there is one, and of
    none it is said that it was done), `none`. `workaround` is the best state there is: `verified`,
    `unverified`, `unsafe`, or `none`. `more` occurrences are not in `occurrences`, never the
    earliest or the latest ones.
    """

    key: str
    name: str
    name_language: str
    count: Count
    occurrences: tuple[Occurrence, ...]
    more: int
    causes: tuple[Named, ...]
    fix: str
    fixes: tuple[Remedy, ...]
    workaround: str
    workarounds: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class Chains:
    """The chains that touch the selection, the longest first; `more` are not shown. `related` counts
    the selected postmortems with a `same-defect` relation; of more than can be followed in time
    only the first `followed` were, the latest first."""

    chains: tuple[Chain, ...]
    more: int
    related: Count
    followed: int


def chains_of(selected: Selected) -> Chains:
    """The chains of defects that touch a selection. Both ends of every relation are visible to the
    reader: one that leads through a hidden postmortem is not there."""
    raise NotImplementedError
