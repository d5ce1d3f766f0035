"""When postmortems with a term last began, as far as a viewer sees them: what says that something came back."""

import threading
from collections.abc import Collection, Hashable
from datetime import date, timedelta

import tantivy
from tantivy import Query

from postmortems.access import Viewer, tokens_of
from postmortems.models import Postmortem
from postmortems.search import sync
from postmortems.search.combining import all_of, none_of
from taxonomy.lookup import TermInfo, Terms

# One answer for each kind of viewer and state of the index.
KEPT = 64
MINUTES_A_DAY = 24 * 60
CAUSE = "cause"

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
        found = latest_of(view.searcher, seen, wanted)
        kept = {term_id: _day(last) for term_id, (_number, last) in found.items() if last}
        with _guard:
            _kept[key] = kept
            while len(_kept) > KEPT:
                del _kept[next(iter(_kept))]
    return kept


def forget() -> None:
    """Drop the answers that are kept."""
    with _guard:
        _kept.clear()


def narrow_causes(terms: Terms) -> list[TermInfo]:
    """The causes with nothing below them: of wider ones something always happens again."""
    every = terms.terms_of(CAUSE, retired=True)
    return [term for term in every if not terms.children(term, retired=True)]


def latest_of(
    searcher: tantivy.Searcher, seen: Query, term_ids: Collection[str]
) -> dict[int, tuple[int, int]]:
    """For each term that something has of what a query finds: how many have it, and the first minute,
    since the year 1, of the day on which the latest can have begun; 0 where that is not known of any.
    One aggregation."""
    if not term_ids:
        return {}
    last = {"max": {"field": "started_from"}}
    wanted = {"field": "term", "size": len(term_ids), "include": list(term_ids)}
    answer = searcher.aggregate(seen, {"terms": {"terms": wanted, "aggs": {"last": last}}})
    return {
        int(bucket["key"]): (bucket["doc_count"], _midnight(bucket["last"]["value"]))
        for bucket in answer["terms"]["buckets"]
    }


def _midnight(minutes: float | None) -> int:
    # Without any start there is none; of one that has only an end the beginning is written as 0.
    return int(minutes or 0) // MINUTES_A_DAY * MINUTES_A_DAY


def _day(minutes: int) -> date:
    return date.min + timedelta(days=minutes // MINUTES_A_DAY)
