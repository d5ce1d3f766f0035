"""When postmortems with a term last began, as far as a viewer sees them: what says that something came back."""

import threading
from collections.abc import Collection, Hashable
from datetime import date, timedelta

from tantivy import Query

from postmortems.access import Viewer, tokens_of
from postmortems.models import Postmortem
from postmortems.search import sync
from postmortems.search.combining import all_of, none_of

# One answer for each kind of viewer and state of the index.
KEPT = 64
MINUTES_A_DAY = 24 * 60

_kept: dict[Hashable, dict[int, date]] = {}
_guard = threading.Lock()


@sync.mended
def last_starts(term_ids: Collection[int], viewer: Viewer) -> dict[int, date]:
    """For each term that something has: the first day on which its latest postmortem can have begun.

    A start that is only known to be not after some day says nothing, and what is archived counts as
    little as it does in a search. One aggregation, however many
    postmortems there are.
    """
    audience = tokens_of(viewer)
    view = sync.view()
    wanted = tuple(sorted(map(str, term_ids)))
    if not wanted or view.is_rebuilding:
        return {}
    key = (view.state, view.pending, audience, wanted)
    with _guard:
        kept = _kept.get(key)
    if kept is None:
        archived = Query.term_query(view.schema, "status", Postmortem.Status.ARCHIVED, "basic")
        seen = all_of([view.visible(audience), none_of(archived)])
        kept = _counted(view, wanted, seen)
        with _guard:
            _kept[key] = kept
            while len(_kept) > KEPT:
                del _kept[next(iter(_kept))]
    return kept


def forget() -> None:
    """Drop the answers that are kept."""
    with _guard:
        _kept.clear()


def _counted(view: sync.View, terms: tuple[str, ...], seen: Query) -> dict[int, date]:
    last = {"max": {"field": "started_from"}}
    wanted = {"field": "term", "size": len(terms), "include": list(terms)}
    answer = view.searcher.aggregate(seen, {"terms": {"terms": wanted, "aggs": {"last": last}}})
    return {
        int(bucket["key"]): _day(bucket["last"]["value"])
        for bucket in answer["terms"]["buckets"]
        # Without any start there is none; of one that has only an end the beginning is written as 0.
        if bucket["last"]["value"]
    }


def _day(minutes: float) -> date:
    """The day of a number of minutes since the year 1."""
    return date.min + timedelta(days=int(minutes) // MINUTES_A_DAY)
