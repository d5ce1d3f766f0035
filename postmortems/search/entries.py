"""One postmortem as an entry of the index: its values, its texts, and the payload that a hit shows."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import tantivy

from postmortems import lengths, moments, rendering
from postmortems.document import CONTRIBUTING, SECTIONS, SYMMETRIC_RELATIONS, Document
from postmortems.known_parts import permanent_of
from postmortems.lengths import length_of
from postmortems.models import Postmortem
from postmortems.search import analysis, index, members, ranges, ranking
from postmortems.search.fields import BOUNDED, TEXT_PARTS, UNKNOWN
from postmortems.search.ranges import minutes
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import Terms

PARTS_APART = analysis.GAP * 8

Values = dict[str, list[Any]]
# Part, anchor on the read page, a note shown beside it, text.
Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Source:
    """What one entry is built from: the row, its content, and what its relations may show to whom."""

    postmortem: Postmortem
    document: Document
    audience: tuple[str, ...]
    team: str
    relations: tuple[str, ...] = ()


def entry(source: Source, terms: Terms) -> tantivy.Document:
    """The entry of one postmortem."""
    return tantivy.Document.from_dict(fields(source, terms), index.schema())


def fields(source: Source, terms: Terms) -> Values:
    """Everything that an entry holds, by the names of the index's fields."""
    places = list(places_of(source.document))
    values, payload = _values(source, terms), _payload(source, places)
    kept: Values = {"payload": [payload], "hash": [_digest(source, values, payload)]}
    return values | dict(_streams(source.document, places)) | kept


def expected_hash(source: Source, terms: Terms) -> bytes:
    """The digest that the entry of this source has when it is up to date."""
    payload = _payload(source, list(places_of(source.document)))
    return _digest(source, _values(source, terms), payload)


def _digest(source: Source, values: Values, payload: bytes) -> bytes:
    """A digest of what an entry is made of; the payload holds all texts but translated summaries."""
    summaries = [item.summary for item in source.document.translations.values()]
    text = json.dumps([index.FORMAT, values, summaries], ensure_ascii=False)
    return hashlib.sha256(text.encode() + payload).digest()


def _values(source: Source, terms: Terms) -> Values:
    """Everything but the texts: what is counted, asked for, ordered by."""
    postmortem, document = source.postmortem, source.document
    return {
        "pk": [str(postmortem.pk)],
        **members.place_of(postmortem.pk),
        "ref": [postmortem.ref],
        "audience": list(source.audience),
        "status": [postmortem.status],
        "visibility": [postmortem.visibility],
        "team": [source.team],
        "language": [document.language],
        "verdict": sorted({item.verdict for item in document.hypotheses}),
        "action_status": sorted({item.status for item in document.actions}),
        "fix_status": sorted({item.status for item in permanent_of(document)}),
        "relation": sorted(source.relations),
        "has": (parts := list(present(document))),
        "parts": [" ".join(sorted(parts))],
        **dict(_term_values(document, terms)),
        **dict(_time_values(postmortem, document)),
        **dict(_order_values(postmortem, document, terms)),
    }


def _term_values(document: Document, terms: Terms) -> Iterator[tuple[str, list[Any]]]:
    """Ids of the terms with all above them: asking for one finds everything below it."""
    lines = _lines_of(terms)
    ids: set[str] = set()
    roles: set[str] = set()
    vocabularies: set[str] = set()
    for item in document.classifications:
        if line := lines.get((item.vocabulary, item.term)):
            ids.update(line)
            roles.update(f"{item.role}:{term_id}" for term_id in line if item.role)
            if item.role != CONTRIBUTING:
                roles.add(f"root:{line[-1]}")
            vocabularies.add(item.vocabulary)
    yield "term", sorted(ids)
    yield "role", sorted(roles)
    yield "vocabulary", sorted(vocabularies)
    yield "vocabularies", [" ".join(sorted(vocabularies))]


_lines: KeptPerSnapshot[tuple[str, str], tuple[str, ...]] = KeptPerSnapshot(2**31)


def _lines_of(terms: Terms) -> dict[tuple[str, str], tuple[str, ...]]:
    """The ids of each term and of those above it, by vocabulary and path; kept per snapshot."""
    lines = _lines.of(terms)
    if not lines:
        lines |= {
            (term.vocabulary, term.path): tuple(str(item.id) for item in terms.ancestors(term))
            for term in terms.by_id.values()
        }
    return lines


def present(document: Document) -> Iterator[str]:
    """The parts that are there, as `has:` names them; but for relations, which are there only for
    those who may see both ends."""
    lists = {
        "signal": document.signals,
        "workaround": document.workarounds,
        "timeline": document.timeline,
        "hypothesis": document.hypotheses,
        "lesson": document.lessons,
        "action": document.actions,
        "fix": any(permanent_of(document)),
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


def _time_values(postmortem: Postmortem, document: Document) -> Iterator[tuple[str, list[Any]]]:
    for name in ("started", "detected", "mitigated", "resolved"):
        # The calendar of the place: what is shown as 14 September is found under that day.
        if span := _span(replace(getattr(document, name), zone="")):
            yield f"{name}_from", [minutes(span[0]) if span[0] else 0]
            yield f"{name}_to", [minutes(span[1]) if span[1] else 2**50]
    updated = minutes(postmortem.updated_at)
    yield "updated_from", [updated]
    yield "updated_to", [updated]
    yield "when", list(_places(document))
    measured = lengths.lengths_of(document)
    for name, length in measured.items():
        yield f"{name}_seconds", [length.seconds]
        yield f"{name}_kind", [length.kind]
        yield f"{name}_told", [lengths.told(length)]
    yield "length_bucket", list(ranges.buckets_of(measured.get("resolve")))


def _places(document: Document) -> Iterator[str]:
    """Where the start stands in the histogram: its year and month, or that it is bounded or unknown."""
    started = document.started
    if _span(started) is None:
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
    key = partial(ranking.sorting_key, postmortem.ref)
    keys = {
        "started": key(*_sortable(document.started)),
        "resolved": key(*_sortable(document.resolved)),
        "duration": key(length.seconds if length else None),
        "severity": key(gravity),
        "updated": key(minutes(postmortem.updated_at)),
        "oldest": key(_age(document.started)),
    }
    for name, number in keys.items():
        yield f"by_{name}", [number]
    yield "boost", [ranking.boost(_earliest(document.started), postmortem.ref)]


def _age(started: moments.Moment) -> int | None:
    """How long before the end of all numbers it began at the latest; nothing where that is open."""
    last = (_span(replace(started, zone="")) or (None, None))[1]
    return 2**ranking.VALUE_BITS - 1 - minutes(last) if last else None


def _sortable(moment: moments.Moment) -> tuple[int | None, int]:
    return _earliest(moment), ranking.LIMITED if moment.bound else ranking.KNOWN


def _earliest(moment: moments.Moment) -> int | None:
    first, last = _span(moment) or (None, None)
    instant = first or last
    return minutes(instant) if instant else None


# Each moment is asked for several times while its entry is built.
_span = lru_cache(maxsize=1_000)(moments.span)


def _streams(document: Document, places: Iterable[Place]) -> Iterator[tuple[str, list[str]]]:
    """The tokens of each part that is there, and all words as they are written."""
    parts: dict[str, list[str]] = {part.name: [] for part in TEXT_PARTS}
    for name, _anchor, _note, text in places:
        parts[name].append(text)
    parts["title"] += [item.title for item in document.translations.values() if item.title]
    parts["summary"] += [item.summary for item in document.translations.values() if item.summary]
    streams = {name: analysis.stream_of(texts) for name, texts in parts.items() if texts}
    yield from ((f"text_{name}", [stream]) for name, stream in streams.items())
    # Wide apart, because words that stand near each other count more, and parts are not near.
    yield "everything", [PARTS_APART.join(streams.values())]
    yield "surface", [analysis.GAP.join(streams.values())]
    # Sections are asked for by name too (`in:impact`), but searched and scored as one part.
    for name, anchor, _note, text in places:
        if name == "sections" and anchor in SECTIONS:
            yield f"text_{anchor}", [analysis.stream(text)]


def places_of(document: Document) -> Iterator[Place]:
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


def _payload(source: Source, places: list[Place]) -> bytes:
    """What a hit shows, kept in the index so that a page of hits reads no rows."""
    postmortem, document = source.postmortem, source.document
    titles = {key: item.title for key, item in document.translations.items() if item.title}
    length = length_of(document)
    values = {
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
        "places": places[1:],
    }
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def relation_tokens(kinds_and_audiences: Iterable[tuple[str, Iterable[str]]]) -> tuple[str, ...]:
    """`KIND@AUDIENCE` for each audience of the other end: a relation is there only for those who
    may see both."""
    return tuple(
        sorted({f"{kind}@{token}" for kind, tokens in kinds_and_audiences for token in tokens})
    )


def counts_at_target(kind: str) -> bool:
    """Whether a relation of this kind counts at its other end too."""
    return kind in SYMMETRIC_RELATIONS
