"""A result as one JSON array of the API's hits, in pieces, however many there are."""

import json
from collections.abc import Iterable, Iterator

from postmortems.search.hit_json import hit_body
from postmortems.search.whole import Record


def pieces(records: Iterable[Record]) -> Iterator[str]:
    """The array piece by piece, a hit a line."""
    before = "[\n"
    for record in records:
        yield before + json.dumps(hit_body(record.hit), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
