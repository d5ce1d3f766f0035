"""The synthetic collection: through the verbs and into the database, or straight into the index."""

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import islice

import django
import tantivy
from rich.progress import track

from postmortems import authoring, document_json, outbox
from postmortems.document import MOMENTS, Document
from postmortems.models import Postmortem, Team, User
from postmortems.models.postmortem import REF_ALPHABET, REF_LENGTH
from postmortems.search import entries, following, generations, index, members, sources, sync
from postmortems.search.generations import State
from taxonomy import lookup
from tests.benchmarks import synthetic
from tests.benchmarks.timing import Figure

BATCH = 100
PROCESSES = 2
# Neighbouring numbers get refs far apart, as random ones are.
STEP = 0x9E3779B1


def through_the_verbs(count: int, words: float) -> Figure:
    """Bring the documents in as an import does, 100 a transaction."""
    team = Team.objects.create(slug="bench", name="Bench")
    system = User.objects.system()
    documents = synthetic.collection(lookup.current(), count, words)
    hooks, outbox.after_commit[:] = list(outbox.after_commit), []
    started = time.perf_counter()
    for _start in track(range(0, count, BATCH), description=f"Importing {count:,} postmortems"):
        starts = [
            authoring.Start(document, team, visibility="public", status="published")
            for document in islice(documents, BATCH)
        ]
        authoring.create_many(starts, by=system)
    outbox.after_commit[:] = hooks
    rate = count / (time.perf_counter() - started)
    return Figure("bulk import", f"{rate:,.0f} postmortems/s", "≥ 300")


def index_build(count: int) -> Figure:
    """Build the whole index from the rows."""
    started = time.perf_counter()
    sync.rebuild()
    rate = count / (time.perf_counter() - started)
    return Figure("index build", f"{rate:,.0f} documents/s", "≥ 2,000")


def straight_into_the_index(count: int, words: float) -> Figure:
    """Fill the index of an empty database, for sizes at which the rows themselves take hours."""
    return fill(_rows(count, words), count)


def fill(rows: Iterator[entries.Values], count: int) -> Figure:
    """An index of these entries, in the order of their keys, in place of what there is."""
    started = time.perf_counter()
    name, opened = generations.begin()
    terms, schema = lookup.current(), index.schema()
    documents = (tantivy.Document.from_dict(row, schema) for row in rows)
    entries_and_blocks = members.with_blocks(documents)
    with generations.writing(opened, threads=2) as writer:
        for _start in track(range(0, count, BATCH), description=f"Indexing {count:,} documents"):
            for entry in islice(entries_and_blocks, BATCH):
                writer.add_document(entry)
        for entry in entries_and_blocks:
            writer.add_document(entry)
        state = State(following.newest(), sources.shapes_of(terms))
        writer.add_document(generations.state_entry(state))
    with generations.locked(generations.WRITING):
        generations.switch_to(name)
    sync.forget()
    rate = count / (time.perf_counter() - started)
    return Figure("index of documents that are made on the way", f"{rate:,.0f} documents/s")


def _rows(count: int, words: float) -> Iterator[entries.Values]:
    """The fields of all entries, made by processes of which each has its own part."""
    context = multiprocessing.get_context("spawn")
    size = synthetic.PART
    parts = [(first, min(size, count - first), words) for first in range(0, count, size)]
    with ProcessPoolExecutor(PROCESSES, context, django.setup) as pool:
        for ahead in range(0, len(parts), 2 * PROCESSES):
            # A few parts at a time: all of them together would not fit into memory.
            for made in pool.map(_part, parts[ahead : ahead + 2 * PROCESSES]):
                yield from made


def _part(part: tuple[int, int, float]) -> list[entries.Values]:
    first, size, words = part
    terms = lookup.current()
    documents = synthetic.part(terms, first, size, words)
    return [
        entries.fields(source_of(first + place, document), terms)
        for place, document in enumerate(documents)
    ]


def source_of(number: int, document: Document) -> entries.Source:
    """An entry's source without a row: published, and for everybody."""
    data = document_json.to_json(document)
    postmortem = Postmortem(
        pk=number + 1,
        ref=_ref(number),
        slug=f"synthetic-{number}",
        status="published",
        visibility="public",
        title=document.title,
        updated_at=datetime(2026, 1, 1, tzinfo=UTC),
        moments={name: data[name] for name in MOMENTS if name in data},
    )
    return entries.Source(postmortem, document, ("admins", "everyone"), "bench")


def _ref(number: int) -> str:
    value, text = (number * STEP) % 2**40, ""
    for _place in range(REF_LENGTH):
        value, digit = divmod(value, len(REF_ALPHABET))
        text += REF_ALPHABET[digit]
    return text
