"""Two contents that began from the same one, made into one: by section and by list item. Pure.

What only one side changed is taken as that side has it; what both changed alike is taken once; what
both changed differently is a clash, which a person decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from postmortems.document import Document

MINE, THEIRS = "mine", "theirs"
LISTS = (
    *("signals", "workarounds", "timeline", "hypotheses", "lessons", "actions"),
    *("references", "relations", "classifications", "attachments"),
)
MAPPINGS = ("sections", "translations")


class Absent:
    """What a side does not have, where the other has something."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@dataclass(frozen=True)
class Clash:
    """Something that both sides changed differently: the part, the key of the item or section in it
    (empty for a part without any), and what stands there on either side, ABSENT where nothing does."""

    part: str
    key: str
    base: Any
    mine: Any
    theirs: Any

    @property
    def name(self) -> str:
        """What tells it from others."""
        return f"{self.part}/{self.key}" if self.key else self.part


@dataclass(frozen=True)
class Merged:
    """The whole, with what was decided, and mine where nothing was yet."""

    document: Document
    clashes: tuple[Clash, ...]


def merge(
    base: Document, mine: Document, theirs: Document, decided: Mapping[str, str] | None = None
) -> Merged:
    """Both changes in one. `decided` says for the name of a clash `mine` or `theirs`; what is not
    decided stands as mine."""
    merger = _Merger(decided or {})
    values = {
        part.name: merger.part(
            part.name, *(getattr(side, part.name) for side in (base, mine, theirs))
        )
        for part in fields(Document)
    }
    return Merged(Document(**values), tuple(merger.clashes))


def key_of(part: str, item: Any) -> str:
    """What an item of a list is known by on both sides."""
    if part == "relations":
        return f"{item.kind}:{item.target}"
    if part == "classifications":
        return f"{item.vocabulary}:{item.term}"
    return str(item.id)


class _Merger:
    """Merges part by part and collects the clashes."""

    def __init__(self, decided: Mapping[str, str]) -> None:
        self.decided = decided
        self.clashes: list[Clash] = []

    def part(self, name: str, base: Any, mine: Any, theirs: Any) -> Any:
        if name in LISTS:
            return self._list(name, base, mine, theirs)
        if name in MAPPINGS:
            return self._mapping(name, base, mine, theirs)
        return self._value(Clash(name, "", base, mine, theirs))

    def _value(self, clash: Clash) -> Any:
        if clash.mine in (clash.base, clash.theirs):
            return clash.theirs
        if clash.theirs == clash.base:
            return clash.mine
        self.clashes.append(clash)
        return clash.theirs if self.decided.get(clash.name) == THEIRS else clash.mine

    def _mapping(
        self, name: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> dict[str, Any]:
        keys = dict.fromkeys((*mine, *theirs))
        values = {
            key: self._value(
                Clash(name, key, *(side.get(key, ABSENT) for side in (base, mine, theirs)))
            )
            for key in keys
        }
        return {key: value for key, value in values.items() if value is not ABSENT}

    def _list(
        self, name: str, base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]
    ) -> tuple[Any, ...]:
        by_key = [{key_of(name, item): item for item in side} for side in (base, mine, theirs)]
        values = {
            key: self._value(Clash(name, key, *(side.get(key, ABSENT) for side in by_key)))
            for key in dict.fromkeys((*by_key[1], *by_key[2]))
        }
        order = _order(*(list(side) for side in by_key))
        return tuple(values[key] for key in order if values[key] is not ABSENT)


def _order(base: list[str], mine: list[str], theirs: list[str]) -> list[str]:
    """The keys of both: in the order of the side that moved something, mine if both did; what the
    other side added stands behind what it stands behind there."""
    common = [key for key in base if key in mine and key in theirs]
    mine_moved = [key for key in mine if key in common] != common
    first, second = (mine, theirs) if mine_moved else (theirs, mine)
    order = list(first)
    for place, key in enumerate(second):
        if key not in order:
            before = next((item for item in reversed(second[:place]) if item in order), None)
            order.insert(order.index(before) + 1 if before else 0, key)
    return order
