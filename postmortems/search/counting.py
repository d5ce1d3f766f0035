"""The counts behind facets and histogram: exact, over what each facet's own choice leaves open.

One aggregation counts all facets without a choice; each facet with a choice is counted once more
over the query without that choice. Counts are kept until the index or the vocabularies change.
"""

import threading
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from tantivy import Query

from postmortems.models import Postmortem
from postmortems.search.combining import all_of
from postmortems.search.questions import Question

MOST_VALUES = 65_000
COLUMNS = (
    *("term", "vocabulary", "status", "visibility", "team", "language", "when"),
    *("has", "verdict", "action_status", "length_bucket"),
)
# The column of a facet where it is not the terms'; the rest of the fields are no facets.
OWN_COLUMN = {name: name for name in ("status", "visibility", "team", "language")} | {
    "year": "when",
    "has": "has",
    "no": "has",
    "hypothesis": "verdict",
    "action": "action_status",
    "duration": "length_bucket",
}
KEPT = 128

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Counter:
    """Counts per facet: `base` over the whole query, `alone` over the query without one facet."""

    base: Counts
    alone: Mapping[str, Counts]

    def of(self, slug: str) -> Counts:
        """The counts that hold for one facet's values."""
        return self.alone.get(slug, self.base)

    def total_of(self, slug: str) -> int:
        """How many entries there are without the facet's own choice."""
        return sum(self.of(slug)["status"].values())


@dataclass
class _Kept:
    """Counts of one state of the index, the latest last."""

    state: object = None
    counts: dict[Hashable, Counts] = field(default_factory=dict)


_kept = _Kept()
_guard = threading.Lock()


def counter_of(question: Question, facets: frozenset[str], state: object) -> Counter:
    """All counts for a question. `facets` are the slugs that are shown; `state` is equal for
    questions to the same index with the same vocabularies."""
    base = _count(question, "", COLUMNS, state)
    alone = {
        slug: _count(question, slug, _columns_of(slug), state)
        for slug in question.choices
        if slug in facets
    }
    if "status" not in alone and question.archive is not None:
        alone["status"] = base | {"status": base["status"] | _archived(question, state)}
    return Counter(base, alone)


def _columns_of(slug: str) -> tuple[str, ...]:
    """The columns that one facet's values are counted in; `status` gives the total as well."""
    own = OWN_COLUMN.get(slug)
    return tuple(dict.fromkeys((own, "status"))) if own else ("term", "vocabulary", "status")


def _archived(question: Question, state: object) -> dict[str, int]:
    """How many there would be if archived ones were asked for, which by default are left out."""
    key = (*question.key_of("status"), "archived")
    if (found := _recall(key, state)) is None:
        archived = Postmortem.Status.ARCHIVED
        only = Query.term_query(question.schema, "status", archived, "basic")
        number = question.count(all_of([only, question.query(without="status")]))
        found = _keep(key, {"status": {archived: number} if number else {}}, state)
    return found["status"]


def _count(question: Question, without: str, names: tuple[str, ...], state: object) -> Counts:
    """How many entries have each value of the named columns."""
    key = (*question.key_of(without), names)
    if (found := _recall(key, state)) is not None:
        return found
    wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
    answer = question.searcher.aggregate(question.query(without), wanted)
    counts = {
        name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
        for name in names
    }
    return _keep(key, counts, state)


def forget() -> None:
    """Drop all counts that are kept."""
    with _guard:
        _kept.state, _kept.counts = None, {}


def _recall(key: Hashable, state: object) -> Counts | None:
    with _guard:
        if _kept.state != state:
            _kept.state, _kept.counts = state, {}
        return _kept.counts.get(key)


def _keep(key: Hashable, counts: Counts, state: object) -> Counts:
    with _guard:
        if _kept.state == state:
            _kept.counts[key] = counts
            if len(_kept.counts) > KEPT:
                del _kept.counts[next(iter(_kept.counts))]
    return counts
