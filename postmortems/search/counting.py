"""The counts behind facets and histogram: exact, over what each facet's own choice leaves open.

One aggregation counts all facets without a choice; each facet with a choice is counted once more
over the query without that choice. Counts are kept, and carried along when the index moves on: what
the changed postmortems were is taken off, what they are now is added.
"""

import threading
from collections import Counter as Tally
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import tantivy
from tantivy import Query

from postmortems.models import Postmortem
from postmortems.search import beside, states
from postmortems.search.combining import all_of
from postmortems.search.index import COUNTED, SETS
from postmortems.search.questions import Question
from postmortems.search.states import State

MOST_VALUES = 65_000
# Of more sets than this, counting value by value is as quick.
MOST_SETS = 20_000
# The column of a facet where it is not the terms'; the rest of the fields are no facets.
OWN_COLUMN = {name: name for name in ("status", "visibility", "team", "language")} | {
    "year": "when",
    "has": "has",
    "no": "has",
    "hypothesis": "verdict",
    "action": "action_status",
    "duration": "length_bucket",
}
KEPT = 256
# States of the index that counts are kept of: each holds its files open.
MOST_STATES = 4

Counts = dict[str, dict[str, int]]
# Numbers that are being counted, to be called for.
Later = Callable[[], dict[int, int] | None]


class TooManyValues(Exception):
    """A column of numbers has more different ones than one answer takes."""


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


@dataclass(frozen=True)
class _Kept:
    """Counts of one state of the index, and what it takes to count in that state again."""

    state: State
    searcher: tantivy.Searcher
    query: Query
    counts: Counts


@dataclass(frozen=True)
class _Wanted:
    """Something to count: the entries that a query finds, by the values of some columns. Queries
    with the same key find the same in the same state."""

    question: Question
    key: Hashable
    query: Query
    names: tuple[str, ...]


_kept: dict[Hashable, _Kept] = {}
_guard = threading.Lock()


def counter_of(question: Question, facets: frozenset[str], state: State) -> Counter:
    """All counts for a question. `facets` are the slugs that are shown; `state` is equal for
    questions to the same index with the same vocabularies."""
    base = _count(question, "", COUNTED, state)
    alone = {
        slug: _count(question, slug, _columns_of(slug), state)
        for slug in question.choices
        if slug in facets
    }
    if "status" not in alone and question.archive is not None:
        alone["status"] = base | {"status": base["status"] | _archived(question, state)}
    return Counter(base, alone)


def numbers_of(question: Question, query: Query, key: Hashable, column: str, state: State) -> Later:
    """How many entries of a query have each value of a column of numbers, None where these are too many
    for one answer; `key` tells the query apart from others of the question. Counted beside the caller,
    unless they are kept: carrying them along reads the database."""
    whole = (*question.key_of(""), key, column)
    wanted = _Wanted(question, whole, query, (column,))
    with _guard:
        is_kept = whole in _kept
    aggregated = None if is_kept else beside.begun(_aggregation_of(wanted))
    # Shared, so it must not be changed.
    return lambda: _numbers(lambda: _counts_of(wanted, state, aggregated)[column])


def numbers_found(searcher: tantivy.Searcher, query: Query, column: str) -> Later:
    """How many entries have each value of a column of numbers, as `numbers_of`, for a query that hardly
    anybody asks again: its numbers are not kept."""
    aggregated = beside.begun(lambda: _aggregated(searcher, query, (column,)))
    return lambda: _numbers(lambda: aggregated()[column])


def _numbers(counted: Callable[[], Mapping[str, int]]) -> dict[int, int] | None:
    """Counts of a column of numbers, of which the engine's keys are numbers; None where these are too
    many."""
    try:
        return cast(dict[int, int], counted())
    except TooManyValues:
        return None


def forget() -> None:
    """Drop all counts that are kept."""
    with _guard:
        _kept.clear()


def _columns_of(slug: str) -> tuple[str, ...]:
    """The columns that one facet's values are counted in; `status` gives the total as well."""
    own = OWN_COLUMN.get(slug)
    return tuple(dict.fromkeys((own, "status"))) if own else ("term", "vocabulary", "status")


def _count(question: Question, without: str, names: tuple[str, ...], state: State) -> Counts:
    """How many entries have each value of the named columns."""
    key, query = question.key_of(without), question.query(without)
    return _counts_of(_Wanted(question, (*key, names), query, names), state)


def _archived(question: Question, state: State) -> dict[str, int]:
    """How many there would be if archived ones were asked for, which by default are left out."""
    archived = Query.term_query(question.schema, "status", Postmortem.Status.ARCHIVED, "basic")
    query = all_of([archived, question.query(without="status")])
    key = (*question.key_of("status"), "archived")
    return _counts_of(_Wanted(question, key, query, ("status",)), state)["status"]


def _aggregation_of(wanted: _Wanted) -> Callable[[], Counts]:
    return lambda: _aggregated(wanted.question.searcher, wanted.query, wanted.names)


def _counts_of(
    wanted: _Wanted, state: State, aggregated: Callable[[], Counts] | None = None
) -> Counts:
    """The counts, kept, carried along or counted; `aggregated` is how to count where that has begun."""
    with _guard:
        kept = _kept.get(wanted.key)
    if kept and kept.state == state:
        return kept.counts
    counts = _carried(kept, wanted, state) if kept else None
    if counts is None:
        counts = (aggregated or _aggregation_of(wanted))()
    _keep(wanted.key, _Kept(state, wanted.question.searcher, wanted.query, counts))
    return counts


def _keep(key: Hashable, kept: _Kept) -> None:
    with _guard:
        _kept.pop(key, None)
        _kept[key] = kept
        places = list(dict.fromkeys(item.state[0] for item in reversed(_kept.values())))
        outdated = places[MOST_STATES:]
        for name in [name for name, item in _kept.items() if item.state[0] in outdated]:
            del _kept[name]
        if len(_kept) > KEPT:
            del _kept[next(iter(_kept))]


def _carried(kept: _Kept, wanted: _Wanted, state: State) -> Counts | None:
    """Counts of an earlier state with all that changed since counted before and after; None where
    that cannot be told or does not pay."""
    question, changed = wanted.question, states.changed_between(kept.state, state)
    if changed is None:
        return None
    concerned = Query.term_set_query(question.schema, "pk", list(map(str, changed)))
    before, after = (
        _aggregated(searcher, all_of([query, concerned]), wanted.names)
        for searcher, query in ((kept.searcher, kept.query), (question.searcher, wanted.query))
    )
    return {
        column: _moved(counts, before[column], after[column])
        for column, counts in kept.counts.items()
    }


def _moved(
    counts: Mapping[str, int], before: Mapping[str, int], after: Mapping[str, int]
) -> dict[str, int]:
    if before == after:
        return dict(counts)
    tally = Tally(counts)
    tally.subtract(before)
    tally.update(after)
    return dict(+tally)


def _aggregated(searcher: tantivy.Searcher, query: Query, names: tuple[str, ...]) -> Counts:
    answer = searcher.aggregate(
        query,
        {
            name: _terms_of(SETS[name], MOST_SETS) if name in SETS else _terms_of(name)
            for name in names
        },
    )
    if any(answer[name]["sum_other_doc_count"] for name in names if name not in COUNTED):
        raise TooManyValues
    crowded = [name for name in names if name in SETS and answer[name]["sum_other_doc_count"]]
    if crowded:
        answer |= searcher.aggregate(query, {name: _terms_of(name) for name in crowded})
    return {
        name: _united(answer[name], is_of_sets=name in SETS and name not in crowded)
        for name in names
    }


def _terms_of(column: str, most: int = MOST_VALUES) -> dict[str, dict[str, object]]:
    return {"terms": {"field": column, "size": most}}


def _united(answer: Mapping[str, list[dict[str, Any]]], *, is_of_sets: bool) -> dict[str, int]:
    """The engine's buckets as counts; those of sets taken apart into their values."""
    found = {bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]}
    if not is_of_sets:
        return found
    counts: dict[str, int] = {}
    for values, number in found.items():
        for value in values.split():
            counts[value] = counts.get(value, 0) + number
    return counts
