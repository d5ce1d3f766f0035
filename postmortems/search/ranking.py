"""What makes a hit better than another: every weight of the engine in one place.

A match scores the weight of its part (`fields.PARTS`), once a word; parts add up. The sum is raised
by up to 14 % for a late start. Nothing depends on how often a word stands anywhere else, so no
order tells about postmortems that the viewer may not see. Equal scores are ordered by ref.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from tantivy import Query

TERM_WEIGHT = 6.0
# How many equal scores beyond the page are looked at to order a page's edge by ref.
TIES = 200


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
SORT_BY_VALUE = {sort.value: sort for sort in SORTS}


def scored(query: Query, weight: float) -> Query:
    """The query with a fixed score: how rare a word is must not matter."""
    return Query.const_score_query(query, weight)


def chosen(value: str, *, has_text: bool) -> tuple[Sort, bool]:
    """The sort asked for and whether it was understood; by relevance or by start when none is."""
    default = SORT_BY_VALUE["relevance" if has_text else "started"]
    if not value:
        return default, True
    return SORT_BY_VALUE.get(value, default), value in SORT_BY_VALUE
