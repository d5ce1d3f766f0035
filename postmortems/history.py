"""The revisions of a postmortem read back: their contents, how much each changed, which one last changed a part."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Length

from postmortems import differences, document_json
from postmortems.document import Classification, Document
from postmortems.models import Postmortem, Revision
from taxonomy.lookup import Terms

Data = dict[str, Any]

# From one schema of stored contents to the next, by the schema they begin at.
UPGRADES: dict[int, Callable[[Data], Data]] = {}

# What one page or answer may read: whole contents have up to 4 MB, and there may be thousands.
MOST_BYTES = 32 * 1024 * 1024
BATCH_BYTES = 4 * 1024 * 1024
MOST_AT_ONCE = 100
MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Traced:
    """Which revision last changed each part, as of a revision."""

    number: int
    parts: dict[str, int]


Key = tuple[int, datetime]
# Revisions never change, so what was worked out of them stays true.
_words: dict[tuple[Key, int], tuple[int, int]] = {}
_traced: dict[Key, Traced] = {}


def revisions(postmortem: Postmortem) -> QuerySet[Revision]:
    """All revisions, the latest first, without their contents."""
    rows = Revision.objects.filter(postmortem=postmortem).select_related("author")
    return rows.defer("document").order_by("-number")


def document_of(revision: Revision, terms: Terms) -> Document:
    """The content of a revision, its terms under the paths they have today."""
    return with_present_terms(document_json.build(upgraded(revision.document)), terms)


def upgraded(data: Data, upgrades: Mapping[int, Callable[[Data], Data]] | None = None) -> Data:
    """A stored content in the present schema."""
    steps = UPGRADES if upgrades is None else upgrades
    while step := steps.get(data.get("schema", 1)):
        data = step(data)
    return data


def with_present_terms(document: Document, terms: Terms) -> Document:
    """The document with merged terms followed; terms that are no longer there stay as they are."""
    found: dict[tuple[str, str, str], Classification] = {}
    for use in document.classifications:
        term = terms.get(use.vocabulary, use.term)
        path = terms.heir(term).path if term else use.term
        # Two that were merged into one are one; the first keeps its place and its reason.
        found.setdefault((use.vocabulary, path, use.role), replace(use, term=path))
    return replace(document, classifications=tuple(found.values()))


def words_changed(postmortem: Postmortem, numbers: list[int]) -> dict[int, tuple[int, int]]:
    """Words added and removed by each of these revisions against the one before it.

    What would mean reading more than MOST_BYTES is left out. Relations count no words: not
    everybody may see their other end.
    """
    key = _key(postmortem)
    missing = [number for number in numbers if (key, number) not in _words]
    if missing:
        _make_room(_words)
        _words.update(((key, number), words) for number, words in _counted(postmortem, missing))
    kept = ((number, _words.get((key, number))) for number in numbers)
    return {number: words for number, words in kept if words is not None}


def _counted(postmortem: Postmortem, numbers: list[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    affordable = _affordable(postmortem, numbers)
    wanted = {*affordable, *(number - 1 for number in affordable)}
    rows = Revision.objects.filter(postmortem=postmortem, number__in=wanted)
    contents = {
        number: replace(document_json.build(upgraded(data)), relations=())
        for number, data in rows.values_list("number", "document")
    }
    for number in affordable:
        before = contents.get(number - 1)
        # Before the first one there was nothing that could have been taken out.
        found = differences.differences(before or Document(title=""), contents[number])
        added, removed = differences.count_words(found)
        yield number, (added, removed if before else 0)


def _affordable(postmortem: Postmortem, numbers: list[int]) -> list[int]:
    """As many of the revisions as can be read together with those before them."""
    wanted = {*numbers, *(number - 1 for number in numbers)}
    rows = Revision.objects.filter(postmortem=postmortem, number__in=wanted)
    size = Length(Cast("document", TextField()))
    sizes = dict(rows.annotate(size=size).values_list("number", "size"))
    chosen, total = [], 0
    for number in numbers:
        total += sizes.get(number, 0) + sizes.get(number - 1, 0)
        if total <= MOST_BYTES and number in sizes:
            chosen.append(number)
    return chosen


def last_changed(postmortem: Postmortem, number: int = 0) -> dict[str, int]:
    """The revision that last changed each part, as of revision `number` (0: the current one).

    Parts are named as differences name them: `summary`, `sections/impact`. Found by walking back
    and kept in the process, so that after a further save only that one is read; a part that did
    not change within the last MOST_BYTES of contents is left out.
    """
    number = number or postmortem.revision
    key = _key(postmortem)
    known = _traced.get(key, Traced(0, {}))
    if known.number > number:
        known = Traced(0, {})
    if known.number < number:
        parts = known.parts | _walk_back(postmortem, number, known.number)
        known = Traced(number, parts)
        _make_room(_traced)
        _traced[key] = known
    return dict(known.parts)


def _walk_back(postmortem: Postmortem, newest: int, oldest: int) -> dict[str, int]:
    """The last change of each part after revision `oldest`, up to `newest`."""
    found: dict[str, int] = {}
    later: dict[str, Any] = {}
    at = 0
    for number, data in _contents_back(postmortem, newest, max(oldest, 1)):
        parts = _parts_of(data)
        if at:
            for name in _differing(later, parts):
                found.setdefault(name, at)
        later, at = parts, number
    if at == 1:
        for name in later:
            found.setdefault(name, 1)
    return found


def _contents_back(postmortem: Postmortem, newest: int, oldest: int) -> Iterator[tuple[int, Data]]:
    """The contents from one revision back to another, a few at a time, up to MOST_BYTES."""
    rows = Revision.objects.filter(postmortem=postmortem, number__gte=oldest).order_by("-number")
    texts = rows.annotate(text=Cast("document", TextField())).values_list("number", "text")
    below, count, total = newest + 1, 1, 0
    while total <= MOST_BYTES:
        batch = list(texts.filter(number__lt=below)[:count])
        if not batch:
            return
        for number, text in batch:
            yield number, upgraded(json.loads(text))
        sizes = [len(text) for _number, text in batch]
        below, total = batch[-1][0], total + sum(sizes)
        count = max(1, min(MOST_AT_ONCE, BATCH_BYTES // max(sizes)))


def _parts_of(data: Data) -> dict[str, Any]:
    """The parts of a stored content by the names that differences give them."""
    nested = {
        f"{part}/{key}": value
        for part in ("sections", "translations")
        for key, value in data.get(part, {}).items()
    }
    own = {name: data[name] for name in data if name not in ("schema", "sections", "translations")}
    return own | nested


def _differing(later: Mapping[str, Any], earlier: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*later, *earlier)):
        if later.get(name) != earlier.get(name):
            yield name


def _key(postmortem: Postmortem) -> Key:
    # The time tells it from another one that got its number, in a database restored from a copy.
    return postmortem.pk, postmortem.created_at


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
