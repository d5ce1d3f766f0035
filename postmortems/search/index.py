"""The index itself: its schema, how one entry is built, opening and applying. `sync` decides when."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy

from postmortems import durations, moments, rendering
from postmortems.document import SECTIONS, SYMMETRIC_RELATIONS, Document
from postmortems.models import Postmortem
from postmortems.search import analysis, ranking
from postmortems.search.fields import BOUNDED, MOMENTS, TEXT_PARTS, UNKNOWN
from taxonomy.lookup import Terms

# Raise it when the schema or the building of entries changes: older indexes are then rebuilt.
FORMAT = 3
ANALYZER = "stream"
SURFACE = "surface"
# Counted, or counted and asked for, by exact value.
COUNTED = ("term", "vocabulary", "status", "visibility", "team", "language", "when")
ASKED = ("pk", "ref", "audience", "role", "has", "verdict", "action_status", "relation", "length")
ORDERS = ("started", "resolved", "duration", "severity", "updated")
HEAP_BYTES = 60_000_000
# Sorting keys run from the greatest down: known values first, then bounded ones, then unknown.
KNOWN, LIMITED, LACKING = "2", "1", "0"
EPOCH_MINUTES = 62_135_596_800 // 60


@dataclass(frozen=True)
class Source:
    """What one entry is built from: the row, its content, and what its relations may show to whom."""

    postmortem: Postmortem
    document: Document
    audience: tuple[str, ...]
    team: str
    relations: tuple[str, ...] = ()


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


def entry(source: Source, terms: Terms) -> tantivy.Document:
    """The entry of one postmortem."""
    values = dict(_values(source, terms))
    payload = json.dumps(payload_of(source), ensure_ascii=False, separators=(",", ":"))
    result = tantivy.Document()
    for name, found in values.items():
        for value in found:
            _add(result, name, value)
    result.add_bytes("payload", payload.encode(errors="surrogatepass"))
    result.add_bytes("hash", hash_of(values, payload))
    return result


def hash_of(values: Mapping[str, list[Any]], payload: str) -> bytes:
    """A digest of everything in an entry, to compare it with its row."""
    text = json.dumps([FORMAT, values, payload], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def expected_hash(source: Source, terms: Terms) -> bytes:
    """The digest that the entry of this source has when it is up to date."""
    payload = json.dumps(payload_of(source), ensure_ascii=False, separators=(",", ":"))
    return hash_of(dict(_values(source, terms)), payload)


def _add(result: tantivy.Document, name: str, value: Any) -> None:
    if isinstance(value, float):
        result.add_float(name, value)
    elif isinstance(value, int):
        result.add_integer(name, value)
    else:
        result.add_text(name, value)


def _values(source: Source, terms: Terms) -> Iterator[tuple[str, list[Any]]]:
    postmortem, document = source.postmortem, source.document
    yield "pk", [str(postmortem.pk)]
    yield "ref", [postmortem.ref]
    yield "audience", list(source.audience)
    yield "status", [postmortem.status]
    yield "visibility", [postmortem.visibility]
    yield "team", [source.team]
    yield "language", [document.language]
    yield from _term_values(document, terms)
    yield "verdict", sorted({item.verdict for item in document.hypotheses})
    yield "action_status", sorted({item.status for item in document.actions})
    yield "relation", sorted(source.relations)
    yield "has", list(present(document))
    yield from _time_values(postmortem, document)
    yield from _order_values(postmortem, document, terms)
    streams = {
        name: analysis.GAP.join(map(analysis.stream, texts))
        for name, texts in texts_of(document).items()
    }
    yield from ((f"text_{name}", [text]) for name, text in streams.items() if text)
    # Sections are asked for by name too (`in:impact`), but searched and scored as one part.
    everything = (streams[part.name] for part in TEXT_PARTS)
    yield "surface", [analysis.GAP.join(text for text in everything if text)]


def _term_values(document: Document, terms: Terms) -> Iterator[tuple[str, list[Any]]]:
    """Ids of the terms with all above them: asking for one finds everything below it."""
    ids: set[int] = set()
    roles: set[str] = set()
    for item in document.classifications:
        if term := terms.get(item.vocabulary, item.term):
            above = {ancestor.id for ancestor in terms.ancestors(term)}
            ids |= above
            roles |= {f"{item.role}:{term_id}" for term_id in above if item.role}
    yield "term", [str(term_id) for term_id in sorted(ids)]
    yield "role", sorted(roles)
    yield "vocabulary", sorted({terms.by_id[term_id].vocabulary for term_id in ids})


def present(document: Document) -> Iterator[str]:
    """The parts that are there, as `has:` names them."""
    lists = {
        "signal": document.signals,
        "workaround": document.workarounds,
        "timeline": document.timeline,
        "hypothesis": document.hypotheses,
        "lesson": document.lessons,
        "action": document.actions,
        "relation": document.relations,
        "reference": document.references,
        "translation": document.translations,
        "summary": document.summary,
        "section": document.sections,
        "duration": length_of(document),
    }
    yield from (name for name, value in lists.items() if value)
    for name in ("started", "detected", "mitigated", "resolved"):
        if getattr(document, name) != moments.UNKNOWN:
            yield name


def length_of(document: Document) -> durations.Duration | None:
    """How long it took: as stated, else derived when both ends are known to the minute."""
    return durations.resolve(document.duration, document.started, document.resolved)


def minutes(instant: datetime) -> int:
    """Minutes since the year 1, so that every date is a positive number."""
    return int(instant.timestamp()) // 60 + EPOCH_MINUTES


def _time_values(postmortem: Postmortem, document: Document) -> Iterator[tuple[str, list[Any]]]:
    for name in ("started", "detected", "mitigated", "resolved"):
        # The calendar of the place: what is shown as 14 September is found under that day.
        span = moments.span(replace(getattr(document, name), zone=""))
        if span:
            yield f"{name}_from", [minutes(span[0]) if span[0] else 0]
            yield f"{name}_to", [minutes(span[1]) if span[1] else 2**50]
    updated = minutes(postmortem.updated_at)
    yield "updated_from", [updated]
    yield "updated_to", [updated]
    yield "when", list(_places(document))
    length = length_of(document)
    if length:
        yield "seconds", [length.seconds]
        yield "length", [length.kind]


def _places(document: Document) -> Iterator[str]:
    """Where the start stands in the histogram: its year and month, or that it is bounded or unknown."""
    started, span = document.started, moments.span(document.started)
    if span is None:
        yield UNKNOWN
    elif started.bound:
        yield BOUNDED
    else:
        yield started.date[:4]
        if len(started.date) > len("2023"):
            yield started.date[:7]


def _order_values(
    postmortem: Postmortem, document: Document, terms: Terms
) -> Iterator[tuple[str, list[Any]]]:
    length = length_of(document)
    ranks = [
        term.rank or 0
        for item in document.classifications
        if item.vocabulary == "severity" and (term := terms.get("severity", item.term))
    ]
    # Rank 1 is the gravest and comes first when the sort runs from the greatest down.
    gravity = 10**6 - min(ranks) if ranks else None
    keys = {
        "started": _moment_key(document.started),
        "resolved": _moment_key(document.resolved),
        "duration": _key(length.seconds if length else None),
        "severity": _key(gravity),
        "updated": _key(minutes(postmortem.updated_at)),
    }
    for name, key in keys.items():
        yield f"by_{name}", [f"{key} {postmortem.ref}"]
    yield "boost", [ranking.boost(_earliest(document.started), postmortem.ref)]


def _key(value: int | None, rank: str = KNOWN) -> str:
    return LACKING if value is None else f"{rank}{value:015d}"


def _moment_key(moment: moments.Moment) -> str:
    return _key(_earliest(moment), LIMITED if moment.bound else KNOWN)


def _earliest(moment: moments.Moment) -> int | None:
    span = moments.span(moment)
    if span is None:
        return None
    instant = span[0] or span[1]
    return minutes(instant) if instant else None


def texts_of(document: Document) -> dict[str, list[str]]:
    """What is searched of each part, its Markdown laid out as plain text."""
    parts: dict[str, list[str]] = {part.name: [] for part in TEXT_PARTS}
    for name, anchor, _note, text in places_of(document):
        parts[name].append(text)
        if name == "sections" and anchor in SECTIONS:
            parts[anchor] = [text]
    parts["title"] += [item.title for item in document.translations.values() if item.title]
    parts["summary"] += [item.summary for item in document.translations.values() if item.summary]
    return parts


def places_of(document: Document) -> Iterator[tuple[str, str, str, str]]:
    """Every place that a snippet may show: part, anchor on the read page, note beside it, text."""
    yield "title", "", "", document.title
    if document.summary:
        yield "summary", "summary", "", rendering.to_plain(document.summary)
    for key, text in document.sections.items():
        yield "sections", key, key, rendering.to_plain(text)
    yield from (("signals", item.id, "", item.text) for item in document.signals)
    yield from (("workarounds", item.id, "", item.text) for item in document.workarounds)
    yield from (
        ("causes", "causes", item.vocabulary, item.why)
        for item in document.classifications
        if item.why
    )
    for entry_ in document.timeline:
        when = entry_.when
        yield "timeline", entry_.id, when.time or when.text or when.date, entry_.text
    for item in document.hypotheses:
        evidence = [fact.text for fact in item.evidence]
        words = [item.claim, item.holder, item.reason, *evidence]
        yield "hypotheses", item.id, item.verdict, " · ".join(word for word in words if word)
    yield from (("lessons", item.id, "", item.text) for item in document.lessons)
    yield from (("actions", item.id, item.kind, item.text) for item in document.actions)
    for source in document.references:
        yield "references", source.id, "", f"{source.title} {source.url}".strip()


def payload_of(source: Source) -> dict[str, Any]:
    """What a hit shows, kept in the index so that a page of hits reads no rows."""
    postmortem, document = source.postmortem, source.document
    titles = {key: item.title for key, item in document.translations.items() if item.title}
    length = length_of(document)
    return {
        "pk": str(postmortem.pk),
        "ref": postmortem.ref,
        "slug": postmortem.slug,
        "title": document.title,
        "titles": titles,
        "language": document.language,
        "status": postmortem.status,
        "visibility": postmortem.visibility,
        "updated": postmortem.updated_at.isoformat(),
        "moments": postmortem.moments,
        "duration": [length.seconds, length.kind] if length else None,
        "terms": [[item.vocabulary, item.term, item.role] for item in document.classifications],
        "places": [list(place) for place in places_of(document)][1:],
    }


def relation_tokens(kinds_and_audiences: Iterable[tuple[str, Iterable[str]]]) -> tuple[str, ...]:
    """`KIND@AUDIENCE` for each audience of the other end: a relation is there only for those who
    may see both."""
    return tuple(
        sorted({f"{kind}@{token}" for kind, tokens in kinds_and_audiences for token in tokens})
    )


def counts_at_target(kind: str) -> bool:
    """Whether a relation of this kind counts at its other end too."""
    return kind in SYMMETRIC_RELATIONS
