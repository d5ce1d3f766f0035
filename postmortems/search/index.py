"""The engine's index: its schema, opening, writing. `entries` builds what stands in it, `sync` decides when."""

import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import BinaryIO

import tantivy

from postmortems.document import SECTIONS
from postmortems.search import analysis
from postmortems.search.fields import MEASURED, MOMENTS, TEXT_PARTS

# Raise it when the schema or the building of entries changes: older indexes are then rebuilt.
FORMAT = 10
ANALYZER = "stream"
SURFACE = "surface"
# Counted, or counted and asked for, by exact value.
COUNTED = (
    *("term", "vocabulary", "status", "visibility", "team", "language", "when"),
    *("has", "verdict", "action_status", "length_bucket"),
)
# Where an entry has many values of a column, all of them as one value as well, which is quicker to
# count: there are few such sets.
SETS = {"has": "parts", "vocabulary": "vocabularies"}
ASKED = ("pk", "ref", "audience", "role", "relation", "fix_status")
ORDERS = ("started", "resolved", "duration", "severity", "updated", "oldest")
HEAP_BYTES = 60_000_000
# Files of a segment are named after it, in hexadecimal digits.
SEGMENT_NAME = 32


@cache
def schema() -> tantivy.Schema:
    """The fields of an entry."""
    builder = tantivy.SchemaBuilder()
    for name in (*COUNTED, *SETS.values()):
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in ASKED:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ORDERS:
        # Numbers: of a text the engine would write out every hit before the page.
        builder.add_integer_field(f"by_{name}", fast=True)
    for name in (*(part.name for part in TEXT_PARTS), *SECTIONS):
        builder.add_text_field(f"text_{name}", tokenizer_name=ANALYZER)
    # All parts in one: what narrows is looked up once, what scores part by part.
    builder.add_text_field("everything", tokenizer_name=ANALYZER)
    builder.add_text_field("surface", tokenizer_name=SURFACE, index_option="basic")
    for name in MOMENTS:
        builder.add_integer_field(f"{name}_from", indexed=True, fast=True)
        builder.add_integer_field(f"{name}_to", indexed=True, fast=True)
    for name in MEASURED:
        builder.add_integer_field(f"{name}_seconds", indexed=True)
        builder.add_text_field(f"{name}_kind", tokenizer_name="raw", index_option="basic")
        # Seconds and kind in one number, which `lengths` writes and reads: to count and to show.
        builder.add_integer_field(f"{name}_told", fast=True)
    builder.add_float_field("boost", fast=True)
    # Which entries a query finds, and which blocks of sets there are: `members` reads them.
    for name in ("number", "word", "digest"):
        builder.add_integer_field(name, fast=True)
    builder.add_float_field("bit", fast=True)
    # Bytes, because the engine indexes every text field, and these are only kept.
    builder.add_bytes_field("payload", stored=True)
    builder.add_bytes_field("hash", stored=True)
    return builder.build()


def make_at(folder: Path) -> tantivy.Index:
    """A new index in an empty folder."""
    with engine_errors():
        return _opened(folder, is_new=True)


def open_at(folder: Path) -> tantivy.Index:
    """The index in a folder. Raises ValueError for damaged files, OSError for missing ones."""
    with engine_errors():
        return _opened(folder, is_new=False)


def empty() -> tantivy.Index:
    """An index without entries, in memory."""
    return _ready(tantivy.Index(schema()))


def _opened(folder: Path, *, is_new: bool) -> tantivy.Index:
    if not is_new:
        # The engine would make what is not there.
        (folder / "meta.json").stat()
    index = _ready(tantivy.Index(schema(), path=str(folder), reuse=not is_new))
    # Opening reads only the list of segments; a damaged segment shows when it is read.
    index.searcher().search(tantivy.Query.all_query(), limit=1)
    return index


def _ready(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(ANALYZER, analysis.analyzer())
    index.register_tokenizer(SURFACE, analysis.surface_analyzer())
    index.config_reader("manual")
    index.reload()
    return index


@contextmanager
def engine_errors() -> Iterator[None]:
    """Raise ValueError where the engine panics."""
    try:
        yield
    except BaseException as error:
        if is_panic(error):
            raise ValueError(f"the engine gave up: {error}") from error
        raise


def is_panic(error: BaseException) -> bool:
    """Whether the engine gave up: its exception is no Exception, and of a type it does not export."""
    return type(error).__name__ == "PanicException"


def check(folder: Path) -> None:
    """Read every segment and raise ValueError when one is not as it was written.

    The engine looks at the checksums in the last lines of its files only when told to, and cannot
    be told from here. About a second a gigabyte.
    """
    listed = _segments(folder)
    for path in sorted(folder.iterdir()):
        if path.name.partition(".")[0] in listed and not _is_sound(path):
            raise ValueError(f"{path.name} is damaged")


def leftovers(folder: Path) -> list[Path]:
    """The files that a killed writer left, which the last commit does not name.

    The engine fails on a list of deletions that is there already, and forgets files of other
    processes; nobody may be writing.
    """
    segments = _segments(folder)
    return [path for path in folder.iterdir() if _is_left_over(path.name, segments)]


def _is_left_over(name: str, segments: dict[str, str]) -> bool:
    start, _, rest = name.partition(".")
    if rest.startswith("tmp"):
        return True
    is_segments = len(start) == SEGMENT_NAME and not rest.startswith("json")
    if rest.endswith("del"):
        return is_segments and segments.get(start) != rest
    return is_segments and start not in segments


def _segments(folder: Path) -> dict[str, str]:
    """The segments of the last commit, each with the end of the name of its list of deletions."""
    try:
        found = json.loads((folder / "meta.json").read_text())["segments"]
        return {
            item["segment_id"].replace("-", ""): f"{(item['deletes'] or {}).get('opstamp')}.del"
            for item in found
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("meta.json is not what the engine writes") from error


def _is_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _has_its_checksum(file, path.stat().st_size)
    except FileNotFoundError:
        # Another process merged this segment into a larger one meanwhile.
        return True
    except (ValueError, KeyError, TypeError, struct.error):
        return False


def _has_its_checksum(file: BinaryIO, size: int) -> bool:
    """Content, then a footer in JSON with the content's CRC-32, the footer's length, a magic number."""
    file.seek(max(size - 8, 0))
    length, _magic = struct.unpack("<II", file.read(8))
    file.seek(max(size - 8 - length, 0))
    footer = json.loads(file.read(length))
    file.seek(0)
    left, checksum = size - 8 - length, 0
    while left > 0 and (part := file.read(min(left, 1 << 20))):
        checksum = zlib.crc32(part, checksum)
        left -= len(part)
    return bool(footer["crc"] == checksum)


def writer_of(index: tantivy.Index, threads: int = 1) -> tantivy.IndexWriter:
    """The one writer of an index; the caller holds the file lock."""
    return index.writer(heap_size=HEAP_BYTES, num_threads=threads)
