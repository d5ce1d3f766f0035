"""Two contents that began from the same one, made into one: by section and by list item. Pure.

What only one side changed is taken as that side has it; what both changed alike is taken once; what
both changed differently is a clash, which a person decides. Of the order of a list the same is true:
two items stand as the side has them that turned them around, and where that goes round in a circle it
is a clash.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from postmortems.document import Document
from postmortems.moments import Moment

MINE, THEIRS, BOTH = "mine", "theirs", "both"
# Texts of several paragraphs, which may stand one below the other.
PARAGRAPHS = ("summary", "sections")
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
    (empty for a part without any), and what stands there on either side, ABSENT where nothing does.

    A list without a key is about the order: either side has the items that cannot be where both
    want them, as it puts them."""

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
    """Both changes in one. `decided` says for the name of a clash `mine`, `theirs` or `both`; what is
    not decided stands as mine, and so does `both` of what cannot be both."""
    merger = _Merger(decided or {})
    values = {
        part.name: merger.part(
            part.name, *(getattr(side, part.name) for side in (base, mine, theirs))
        )
        for part in fields(Document)
    }
    return Merged(Document(**values), tuple(merger.clashes))


def key_of(part: str, item: Any, *, with_role: bool = False) -> str:
    """What an item of a list is known by on both sides; `with_role` where a term stands twice."""
    if part == "relations":
        return f"{item.kind}:{item.target}"
    if part == "classifications":
        return ":".join((item.vocabulary, item.term, *([item.role] if with_role else ())))
    return str(item.id)


def both_of(clash: Clash) -> Any:
    """Mine with their text below it; None where they differ in more than one text, or are no texts."""
    mine, theirs = clash.mine, clash.theirs
    if clash.part in PARAGRAPHS:
        is_text = isinstance(mine, str) and isinstance(theirs, str) and mine and theirs
        return _below(mine, theirs) if is_text else None
    text = getattr(theirs, "text", "")
    is_like = bool(text) and isinstance(mine, type(theirs)) and isinstance(text, str)
    if not is_like or isinstance(mine, Moment) or replace(mine, text=text) != theirs:
        return None
    return replace(mine, text=_below(mine.text, text))


def _below(mine: str, theirs: str) -> str:
    return f"{mine}\n\n{theirs}"


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
        chosen = self.decided.get(clash.name)
        both = both_of(clash) if chosen == BOTH else None
        if both is not None:
            return both
        return clash.theirs if chosen == THEIRS else clash.mine

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
        sides = _by_key(name, (base, mine, theirs))
        order = self._order(name, *sides)
        values = {
            key: self._value(Clash(name, key, *(side.get(key, ABSENT) for side in sides)))
            for key in order
        }
        return tuple(value for value in values.values() if value is not ABSENT)

    def _order(
        self, name: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> list[str]:
        """The keys of both sides; what one side added stands behind what it stands behind there."""
        common = mine.keys() & theirs.keys() & base.keys()
        orders = [[key for key in side if key in common] for side in (base, mine, theirs)]
        groups = _turned(*orders)
        if circled := {key for group in groups if len(group) > 1 for key in group}:
            was, here, there = (
                tuple(side[key] for key in side if key in circled) for side in (base, mine, theirs)
            )
            self.clashes.append(Clash(name, "", was, here, there))
        chosen = theirs if self.decided.get(name) == THEIRS else mine
        places = {key: place for place, key in enumerate(chosen)}
        order = [key for group in groups for key in sorted(group, key=places.__getitem__)]
        return _with_added(_with_added(order, theirs), mine)


def _by_key(name: str, sides: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """The items of each side by what they are known by, each once."""
    has_twice = any(len({key_of(name, item) for item in side}) < len(side) for side in sides)
    return [{key_of(name, item, with_role=has_twice): item for item in side} for side in sides]


def _turned(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[list[str]]:
    """The same keys in the order of both sides: each pair as the side that turned it around has it.

    A group has one key; more where the wishes about them go round in a circle.
    """
    if mine == base or theirs in (base, mine):
        return [[key] for key in (theirs if mine == base else mine)]
    bits = {key: 1 << place for place, key in enumerate(base)}
    befores = [_before(side, bits) for side in (base, mine, theirs)]
    places = {}
    for key in base:
        was, here, there = (before[key] for before in befores)
        places[key] = ((was & here & there) | (~was & (here | there))).bit_count()
    groups, group, ahead = [], [], 0
    for place, key in enumerate(sorted(base, key=places.__getitem__)):
        group.append(key)
        # A tournament falls apart exactly where the wins so far are those within (Landau 1953).
        ahead += places[key] - place
        if ahead == 0:
            groups.append(group)
            group = []
    return groups


def _before(keys: Iterable[str], bits: Mapping[str, int]) -> dict[str, int]:
    """The bits of the keys that stand before each."""
    found, passed = {}, 0
    for key in keys:
        found[key] = passed
        passed |= bits[key]
    return found


def _with_added(order: list[str], side: Iterable[str]) -> list[str]:
    """The order with the keys that only this side has, each behind what it stands behind there."""
    known, place = set(order), 0
    for key in side:
        if key in known:
            place = order.index(key) + 1
        else:
            order.insert(place, key)
            place += 1
    return order
