"""The revisions of a postmortem read back: their contents, how much each changed, which one last changed a part."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
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
MOST_KEPT = 5_000


Key = tuple[int, datetime]
# Revisions never change, so what was worked out of them stays true.
_words: dict[tuple[Key, int], tuple[int, int]] = {}


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

    Parts are named as differences name them: `summary`, `sections/impact`.
    """
    rows = Revision.objects.filter(postmortem=postmortem, number=number or postmortem.revision)
    return dict(rows.values_list("last_changed", flat=True).get())


def _key(postmortem: Postmortem) -> Key:
    # The time tells it from another one that got its number, in a database restored from a copy.
    return postmortem.pk, postmortem.created_at


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
