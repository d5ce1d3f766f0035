"""Which of some known postmortems a search finds: one small question, however large the index is."""

from collections.abc import Collection

from tantivy import Query

from postmortems.access import Viewer
from postmortems.search import front_door, hits, sync
from postmortems.search.combining import all_of
from postmortems.search.saved import params_of


@sync.mended
def among(query: str, refs: Collection[str], by: Viewer) -> set[str]:
    """The refs that a stored query string finds for `by`, of those given."""
    if not refs:
        return set()
    params = params_of(query)
    text = params.pop("q", [""])[-1]
    asked = front_door.understand(text, params, by)
    wanted = Query.term_set_query(asked.view.schema, "ref", sorted(refs))
    found = asked.view.searcher.search(all_of([wanted, asked.question.query()]), limit=len(refs))
    addresses = [address for _score, address in found.hits]
    return {payload["ref"] for payload in hits.payloads_of(asked.view.searcher, addresses)}
