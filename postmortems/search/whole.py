"""The whole result of a search, hit by hit: for exports. One view of the index from first to last."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice

import tantivy
from django.contrib.auth.models import AnonymousUser

from postmortems.models import Postmortem, User
from postmortems.search import front_door, hits, scoring, sync
from postmortems.search.front_door import Asked
from postmortems.search.hits import Found
from postmortems.search.results import Hit

BATCH = 200


@dataclass(frozen=True)
class Record:
    """A hit of an export, with the slug of the team that owns it."""

    hit: Hit
    team: str


@sync.mended
def whole_result(
    text: str, params: Mapping[str, object], by: User | AnonymousUser, *, language: str = "en"
) -> Iterator[Record]:
    """All that `by` may see of what is asked, in the order of the pages, without snippets.

    What is found and in which order is decided before the first one: writes go on meanwhile and
    change neither. Only rights are asked for again, batch by batch.
    """
    asked = front_door.understand(text, params, by, language=language)
    addresses = _in_order(asked, _ranked(asked))
    records = _records(asked, addresses, by)
    # Now, while damaged files can still be mended and everything asked anew.
    first = list(islice(records, 1))
    return chain(first, records)


def _ranked(asked: Asked) -> list[hits.Keyed]:
    """Every hit with its score or sorting key; equal ones in any order."""
    query = asked.question.query()
    # One more than none: the engine refuses to look for nothing.
    room = asked.question.count(query) + 1
    if not asked.sort.field:
        query = scoring.scored(query, asked.clauses)
    return hits.ranked(asked.view.searcher, query, asked.sort, room).hits


def _in_order(asked: Asked, ranked: list[hits.Keyed]) -> Iterator[tantivy.DocAddress]:
    """The addresses; among equal ones the ref decides, as it does on the pages."""
    for _key, pairs in groupby(ranked, key=lambda pair: pair[0]):
        equals = [address for _key, address in pairs]
        if len(equals) > 1:
            equals.sort(key=lambda address: _found(asked, [address])[0].ref)
        yield from equals


def _records(
    asked: Asked, addresses: Iterator[tantivy.DocAddress], by: User | AnonymousUser
) -> Iterator[Record]:
    while batch := list(islice(addresses, BATCH)):
        found = _found(asked, batch)
        teams = _teams(found, by)
        seen = [item for item in found if item.payload["pk"] in teams]
        made = hits.hits_of(seen, [], asked.compiler.terms, asked.language)
        for item, hit in zip(seen, made, strict=True):
            yield Record(hit, teams[item.payload["pk"]])


def _found(asked: Asked, addresses: Sequence[tantivy.DocAddress]) -> list[Found]:
    return list(map(Found, addresses, hits.payloads_of(asked.view.searcher, addresses)))


def _teams(found: Sequence[Found], by: User | AnonymousUser) -> dict[str, str]:
    """The team of each that `by` may see as the database now stands, by primary key."""
    rows = Postmortem.objects.visible_to(by).filter(pk__in=[item.payload["pk"] for item in found])
    return {str(pk): slug for pk, slug in rows.values_list("pk", "team__slug")}
