"""The engine's index: its schema, opening, writing. `entries` builds what stands in it, `sync` decides when."""

from functools import cache
from pathlib import Path

import tantivy

from postmortems.document import SECTIONS
from postmortems.search import analysis
from postmortems.search.fields import MOMENTS, TEXT_PARTS

# Raise it when the schema or the building of entries changes: older indexes are then rebuilt.
FORMAT = 5
ANALYZER = "stream"
SURFACE = "surface"
# Counted, or counted and asked for, by exact value.
COUNTED = (
    *("term", "vocabulary", "status", "visibility", "team", "language", "when"),
    *("has", "verdict", "action_status", "length_bucket"),
)
ASKED = ("pk", "ref", "audience", "role", "relation", "length")
ORDERS = ("started", "resolved", "duration", "severity", "updated")
HEAP_BYTES = 60_000_000


@cache
def schema() -> tantivy.Schema:
    """The fields of an entry."""
    builder = tantivy.SchemaBuilder()
    for name in COUNTED:
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    for name in ASKED:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ORDERS:
        builder.add_text_field(f"by_{name}", tokenizer_name="raw", fast=True, index_option="basic")
    for name in (*(part.name for part in TEXT_PARTS), *SECTIONS):
        builder.add_text_field(f"text_{name}", tokenizer_name=ANALYZER)
    # All parts in one: what narrows is looked up once, what scores part by part.
    builder.add_text_field("everything", tokenizer_name=ANALYZER)
    builder.add_text_field("surface", tokenizer_name=SURFACE, index_option="basic")
    for name in MOMENTS:
        builder.add_integer_field(f"{name}_from", indexed=True, fast=True)
        builder.add_integer_field(f"{name}_to", indexed=True, fast=True)
    builder.add_integer_field("seconds", indexed=True, fast=True)
    builder.add_float_field("boost", fast=True)
    # Bytes, because the engine indexes every text field, and these are only kept.
    builder.add_bytes_field("payload", stored=True)
    builder.add_bytes_field("hash", stored=True)
    return builder.build()


def open_at(folder: Path) -> tantivy.Index:
    """The index in a folder, made when the folder is empty. Raises ValueError for damaged files."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _opened(folder)
    except BaseException as error:
        # The engine gives up on some damage with an exception that is no Exception, of a type that
        # it does not export.
        if type(error).__name__ == "PanicException":
            raise ValueError(f"the engine gave up on its files: {error}") from error
        raise


def _opened(folder: Path) -> tantivy.Index:
    index = tantivy.Index(schema(), path=str(folder), reuse=True)
    index.register_tokenizer(ANALYZER, analysis.analyzer())
    index.register_tokenizer(SURFACE, analysis.surface_analyzer())
    index.config_reader("manual")
    index.reload()
    # Opening reads only the list of segments; a damaged segment shows when it is read.
    index.searcher().search(tantivy.Query.all_query(), limit=1)
    return index


def writer_of(index: tantivy.Index, threads: int = 1) -> tantivy.IndexWriter:
    """The one writer of an index; the caller holds the file lock."""
    return index.writer(heap_size=HEAP_BYTES, num_threads=threads)
