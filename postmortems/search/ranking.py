"""What makes a hit better than another: every weight of the engine in one place.

A match scores the weight of its part (`fields.PARTS`), once a word; parts add up. The very form of
a word is worth more than its stem alone, words side by side more than words far apart, and where
not all words are needed, each that is there more than any place it stands in. The sum is raised by
0.25 % for each year of a later start. Nothing depends on how often a word stands anywhere else, so
no order tells about postmortems that the viewer may not see. Equal scores are ordered by ref. All
weights are sums of powers of two: adding them is exact in whatever order the engine does it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from tantivy import Query

from postmortems.models.postmortem import REF_ALPHABET
from postmortems.search.ranges import EPOCH_MINUTES

AS_WRITTEN = 2.0
# Two words of the query with at most SLOP others between them; only the first pairs of a long query.
TOGETHER = 4.0
SLOP = 2
MOST_PAIRS = 8
# More than all parts together can give one word.
MATCHED = 64.0
# Of more words than this only parts of at least this weight are looked into: each costs a look-up.
MANY = 12
HEAVY = 5
# How many equal scores beyond the page are looked at first to order a page's edge by ref.
TIES = 16
# The start counts by quarters of a year from 1970 on; two hundred years of them raise by half.
QUARTER_MINUTES = 365 * 24 * 60 // 4
QUARTERS = 800
MOST_RECENT = 0.5
REF_PLACES = 4
# A sorting key, from its highest bit down: two for how sure a value is, 36 for the value, and five
# for each of the first places of the ref, so that hardly any two are equal.
KNOWN, LIMITED, LACKING = 2, 1, 0
VALUE_BITS = 36
KEY_PLACES = 5
REF_BITS = 5 * KEY_PLACES


@dataclass(frozen=True)
class Sort:
    """One way to order hits; `field` is the index's sorting key, empty for relevance."""

    value: str
    label: str | Promise
    field: str = ""


SORTS = (
    Sort("relevance", _("Relevance")),
    Sort("started", _("Started, newest first"), "by_started"),
    Sort("resolved", _("Resolved, newest first"), "by_resolved"),
    Sort("duration", _("Duration, longest first"), "by_duration"),
    Sort("severity", _("Severity, gravest first"), "by_severity"),
    Sort("updated", _("Changed, newest first"), "by_updated"),
)
# For what has waited longest; no list offers it.
OLDEST = Sort("oldest", "", "by_oldest")
SORT_BY_VALUE = {sort.value: sort for sort in SORTS}


def boost(started: int | None, ref: str) -> float:
    """What the engine weighs a score by: it multiplies by log2(2 + boost).

    `started` is in minutes since the year 1. Within a quarter the ref decides, so that hardly any
    two hits are equal and a page's edge needs few look-ups; an unknown start counts as 1970.
    """
    quarter = 0
    if started is not None:
        quarter = min(max((started - EPOCH_MINUTES) // QUARTER_MINUTES, 0), QUARTERS - 1)
    digits = [REF_ALPHABET.find(char) for char in ref[:REF_PLACES]]
    place = sum(digit / 32 ** (index + 1) for index, digit in enumerate(digits))
    return float(2 ** (1 + MOST_RECENT * (quarter + 1 - place) / (QUARTERS + 1)) - 2)


def sorting_key(ref: str, value: int | None, rank: int = KNOWN) -> int:
    """Where a postmortem stands, the greatest first: known values, then bounded ones, then those
    that have none; equal ones by ref.

    `value` is not negative, in whatever unit a sort has; from 2**36 on values are equal.
    """
    if value is None:
        value, rank = 0, LACKING
    place = 0
    for char in ref[:KEY_PLACES]:
        place = place * len(REF_ALPHABET) + REF_ALPHABET.index(char)
    high = rank << VALUE_BITS | min(value, 2**VALUE_BITS - 1)
    return high << REF_BITS | 2**REF_BITS - 1 - place


def scored(query: Query, weight: float) -> Query:
    """The query with a fixed score: how rare a word is must not matter."""
    return Query.const_score_query(query, weight)


def unscored(query: Query) -> Query:
    """The query as a filter: it narrows, and adds nothing to any score."""
    return Query.const_score_query(query, 0.0)


def chosen(value: str, *, has_text: bool) -> tuple[Sort, bool]:
    """The sort asked for and whether it was understood; by relevance or by start when none is."""
    default = SORT_BY_VALUE["relevance" if has_text else "started"]
    if not value:
        return default, True
    return SORT_BY_VALUE.get(value, default), value in SORT_BY_VALUE
