"""What the occurrences of one defect say together: how it looks, what helps, what it was not, its fix. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from postmortems.document import (
    PERMANENT,
    STILL_OPEN,
    WORKAROUND_STATES,
    Action,
    Document,
    Hypothesis,
    Signal,
    Workaround,
)
from postmortems.moments import UNKNOWN

Item = TypeVar("Item", Signal, Workaround, Action, Hypothesis)

# How the permanent fix of a defect stands.
FIXES = ("none", "done", "not-done", "not-recorded")
# What describes a document and tells nothing of what happened.
NO_PARTS = ("title", "schema", "language", "translations", "relations")


@dataclass(frozen=True)
class Gathered(Generic[Item]):
    """One item and the places, in the order of the documents, of all that say the same."""

    item: Item
    places: tuple[int, ...]


@dataclass(frozen=True)
class KnownParts:
    """The items of all documents, what is said twice only once. `fix` is one of FIXES; `fullest` is
    the place of the document that tells most."""

    signals: tuple[Gathered[Signal], ...]
    workarounds: tuple[Gathered[Workaround], ...]
    permanent: tuple[Gathered[Action], ...]
    refuted: tuple[Gathered[Hypothesis], ...]
    fix: str
    fullest: int


def parts_of(documents: Sequence[Document]) -> KnownParts:
    """What at least one document says; each list in the order of the documents."""
    workarounds = _gathered(documents, lambda it: it.workarounds, lambda it: (it.text, it.state))
    permanent = _gathered(documents, permanent_of, lambda it: (it.text, it.status, it.tracker))
    return KnownParts(
        signals=tuple(_gathered(documents, lambda it: it.signals, lambda it: (it.text, it.kind))),
        workarounds=tuple(
            sorted(workarounds, key=lambda found: WORKAROUND_STATES.index(found.item.state))
        ),
        permanent=tuple(permanent),
        refuted=tuple(_gathered(documents, _refuted, lambda it: (it.claim, it.reason))),
        fix=fix_state(found.item.status for found in permanent),
        fullest=max(range(len(documents)), key=lambda place: (_told(documents[place]), -place)),
    )


def permanent_of(document: Document) -> Iterator[Action]:
    """The actions that are to make it never come back."""
    return (it for it in document.actions if it.kind == PERMANENT)


def fix_state(statuses: Iterable[str]) -> str:
    """How a fix stands, from the statuses of its permanent actions: one of FIXES.

    `none` without any; `not-done` where one is open or proposed, or all were dropped;
    `not-recorded` where nobody said of one what became of it; `done` where all others than dropped
    ones are.
    """
    told = set(statuses)
    if not told:
        return "none"
    if told & {*STILL_OPEN} or told == {"dropped"}:
        return "not-done"
    return "done" if told <= {"done", "dropped"} else "not-recorded"


def _gathered(
    documents: Sequence[Document],
    items_of: Callable[[Document], Iterable[Item]],
    same: Callable[[Item], Hashable],
) -> list[Gathered[Item]]:
    found: dict[Hashable, tuple[Item, list[int]]] = {}
    for place, document in enumerate(documents):
        for item in items_of(document):
            places = found.setdefault(same(item), (item, []))[1]
            if place not in places:
                places.append(place)
    return [Gathered(item, tuple(places)) for item, places in found.values()]


def _refuted(document: Document) -> Iterator[Hypothesis]:
    return (it for it in document.hypotheses if it.verdict == "refuted")


def _told(document: Document) -> int:
    """How many parts of it tell anything."""
    parts = (getattr(document, part.name) for part in fields(document) if part.name not in NO_PARTS)
    return sum(bool(part) and part != UNKNOWN for part in parts)
