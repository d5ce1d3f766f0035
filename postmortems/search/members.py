"""Which postmortems have which values, as sets that stand in the index: for many values against each other.

Counting two values together by the engine's columns costs every entry; with the sets at hand it is
an intersection. The sets of neighbouring primary keys make one block, an entry of its own that no
viewer's query finds, written by the same commit as the entries it accounts for; a save rewrites one
block. `sync` writes them, `insights` reads them.
"""

import hashlib
import json
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress
from typing import Any

import tantivy
from pyroaring import BitMap
from tantivy import Query

from postmortems.search import index

# What there are sets of; the key of a set is `COLUMN:VALUE`.
COLUMNS = ("term", "when", "has")
REF = "members"
BLOCK = 16_384
# Entries are told apart by one bit in a word of so many, of which a float holds sums exactly.
BITS = 48
# Words whose bits are unpacked at once.
WORDS = 1_024
# The engine makes no more buckets in one answer.
MOST_WORDS = 60_000
# When more than one block in so many has changed, reading all anew is as quick.
FEW = 4
DIGITS = bytes.maketrans(b"01", b"\0\1")
NOTHING = BitMap()

Sets = dict[str, BitMap]


@dataclass(frozen=True)
class Members:
    """The sets of one state of the index, of primary keys. They are shared and must not be changed;
    `digests` tells the state of each block."""

    sets: Mapping[str, BitMap]
    digests: Mapping[int, int]

    def of(self, column: str, value: object) -> BitMap:
        """The postmortems that have a value of a column, whoever may see them."""
        return self.sets.get(f"{column}:{value}", NOTHING)


def place_of(pk: int) -> dict[str, list[Any]]:
    """The columns by which the engine tells which entries it found: their number, and a word with one bit in it."""
    return {"number": [pk], "word": [pk // BITS], "bit": [float(1 << pk % BITS)]}


# --- Writing --------------------------------------------------------------------------------------


def with_blocks(documents: Iterable[tantivy.Document]) -> Iterator[tantivy.Document]:
    """Entries in the order of their primary keys, each block after the last that it accounts for."""
    number, sets = -1, dict[str, list[int]]()
    for document in documents:
        yield document
        pk = _pk_of(document)
        if pk // BLOCK != number and sets:
            yield _block(number, {key: BitMap(found) for key, found in sets.items()})
            sets = {}
        number = pk // BLOCK
        for key in _keys_of(document):
            sets.setdefault(key, []).append(pk)
    if sets:
        yield _block(number, {key: BitMap(found) for key, found in sets.items()})


def rewrite(
    writer: tantivy.IndexWriter,
    searcher: tantivy.Searcher,
    changed: Iterable[int],
    documents: Iterable[tantivy.Document],
) -> None:
    """Make the blocks account for entries written anew; `changed` are their keys and those that went."""
    concerned: dict[int, list[int]] = {}
    for pk in changed:
        concerned.setdefault(pk // BLOCK, []).append(pk)
    added: dict[int, dict[str, list[int]]] = {number: {} for number in concerned}
    for document in documents:
        pk = _pk_of(document)
        for key in _keys_of(document):
            added[pk // BLOCK].setdefault(key, []).append(pk)
    for number, pks in concerned.items():
        sets = _without(_stored(searcher, number), BitMap(pks))
        for key, found in added[number].items():
            sets[key] = sets.get(key, NOTHING) | BitMap(found)
        writer.delete_documents_by_term("pk", _name(number))
        writer.add_document(_block(number, sets))


def _pk_of(document: tantivy.Document) -> int:
    return int(document.get_all("pk")[0])


def _keys_of(document: tantivy.Document) -> Iterator[str]:
    for column in COLUMNS:
        yield from (f"{column}:{value}" for value in document.get_all(column))


def _without(sets: Sets, pks: BitMap) -> Sets:
    return {key: rest for key, found in sets.items() if (rest := found - pks)}


def _name(number: int) -> str:
    return f"{REF}:{number}"


def _block(number: int, sets: Sets) -> tantivy.Document:
    """One block as an entry: the names and lengths of its sets, then the sets."""
    stored = {key: sets[key].serialize() for key in sorted(sets)}
    head = json.dumps({key: len(found) for key, found in stored.items()}).encode()
    payload = b"".join([struct.pack("<I", len(head)), head, *stored.values()])
    digest = hashlib.sha256(payload).digest()
    entry = tantivy.Document()
    entry.add_text("pk", _name(number))
    entry.add_text("ref", REF)
    entry.add_integer("word", number)
    # The engine's integers have a sign.
    entry.add_integer("digest", int.from_bytes(digest[:7], "little"))
    entry.add_bytes("payload", payload)
    return entry


# --- Reading --------------------------------------------------------------------------------------


_guard = threading.Lock()
_kept: Members | None = None


def forget() -> None:
    """Drop the sets that are kept."""
    global _kept
    with _guard:
        _kept = None


def members_of(searcher: tantivy.Searcher) -> Members:
    """All sets of this state of the index. What of the last state asked for still holds is kept, so
    that after a save one block is read."""
    global _kept
    found = _blocks(searcher)
    digests = {number: digest for number, (digest, _address) in found.items()}
    with _guard:
        kept = _kept
    if kept and kept.digests == digests:
        return kept
    changed = [number for number, digest in digests.items() if _differs(kept, number, digest)]
    if kept is None or FEW * len(changed) > len(found) or kept.digests.keys() - digests.keys():
        sets = _united(_read(searcher, address) for _digest, address in found.values())
    else:
        sets = dict(kept.sets)
        for number in changed:
            _replace(sets, number, _read(searcher, found[number][1]))
    made = Members(sets, digests)
    with _guard:
        _kept = made
    return made


def wrong(searcher: tantivy.Searcher) -> list[str]:
    """The names of all sets that do not hold what the engine finds; slow, for who verifies."""
    most, found = searcher.num_docs, members_of(searcher).sets
    return [
        key
        for key, members in found.items()
        if members != found_by(searcher, _with_value(*key.split(":", 1)), most)
    ]


def _with_value(column: str, value: str) -> Query:
    return Query.term_query(index.schema(), column, value, "basic")


def _differs(kept: Members | None, number: int, digest: int) -> bool:
    return kept is None or kept.digests.get(number) != digest


def _blocks(searcher: tantivy.Searcher) -> dict[int, tuple[int, tantivy.DocAddress]]:
    """The digest of each block, and where it stands."""
    query = Query.term_query(index.schema(), "ref", REF, "basic")
    hits = searcher.search(query, limit=max(searcher.num_docs, 1), count=False).hits
    addresses = [address for _score, address in hits]
    numbers = searcher.fast_field_values("word", addresses)
    digests = searcher.fast_field_values("digest", addresses)
    return {
        int(number or 0): (int(digest or 0), address)
        for number, digest, address in zip(numbers, digests, addresses, strict=True)
    }


def _stored(searcher: tantivy.Searcher, number: int) -> Sets:
    query = Query.term_query(index.schema(), "pk", _name(number), "basic")
    hits = searcher.search(query, limit=1).hits
    return _read(searcher, hits[0][1]) if hits else {}


def _read(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Sets:
    payload = searcher.doc(address)["payload"][0]
    (length,) = struct.unpack_from("<I", payload)
    start, sets = 4 + length, {}
    for key, size in json.loads(payload[4:start]).items():
        sets[key] = BitMap.deserialize(payload[start : start + size])
        start += size
    return sets


def _united(blocks: Iterable[Sets]) -> Sets:
    """All blocks as one, each dropped before the next is read: together they would take twice the room."""
    whole: Sets = {}
    for sets in blocks:
        for key, found in sets.items():
            if key in whole:
                whole[key] |= found
            else:
                whole[key] = found
    for found in whole.values():
        found.shrink_to_fit()
    return whole


def _replace(sets: Sets, number: int, fresh: Sets) -> None:
    """Put one block's sets in the place of its former ones; sets that others may read stay as they are."""
    place = BitMap(range(number * BLOCK, (number + 1) * BLOCK))
    for key in {*sets, *fresh}:
        whole, part = sets.get(key, NOTHING), fresh.get(key, NOTHING)
        if (whole & place) != part:
            sets[key] = (whole - place) | part


def found_by(searcher: tantivy.Searcher, query: Query, most: int) -> BitMap:
    """The primary keys of all entries that a query finds; `most` is how many these can be.

    The engine adds up the bits of each word, which is quicker than naming every entry.
    """
    if most > MOST_WORDS * BITS:
        hits = searcher.search(query, limit=most, order_by_field="number", count=False).hits
        return BitMap([key for key, _address in hits])
    by_word = {"field": "word", "interval": 1, "min_doc_count": 1}
    asked = {"histogram": by_word, "aggs": {"bits": {"sum": {"field": "bit"}}}}
    buckets = searcher.aggregate(query, {"words": asked})["words"]["buckets"]
    words = {int(bucket["key"]): int(bucket["bits"]["value"]) for bucket in buckets}
    return BitMap.union(*_unpacked(words)) if words else BitMap()


def _unpacked(words: Mapping[int, int]) -> Iterator[BitMap]:
    """The keys whose bits are set, some thousand words at a time."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for word, bits in words.items():
        parts.setdefault(word // WORDS, []).append((word % WORDS, bits))
    size = BITS // 8
    for part, found in parts.items():
        packed = bytearray(WORDS * size)
        for place, bits in found:
            packed[place * size : (place + 1) * size] = bits.to_bytes(size, "little")
        digits = f"{int.from_bytes(packed, 'little'):0{WORDS * BITS}b}"[::-1].encode()
        first = part * WORDS * BITS
        keys = range(first, first + WORDS * BITS)
        yield BitMap(compress(keys, digits.translate(DIGITS)))
