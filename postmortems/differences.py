"""What changed between two contents of a postmortem, part by part. Pure; the history pages print it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from postmortems import word_diff
from postmortems.document import MOMENTS, SECTIONS, Document, Translation
from postmortems.moments import Moment
from postmortems.word_diff import ADDED, REMOVED, Run

CHANGED, MOVED = "changed", "moved"
LISTS = (
    *("signals", "workarounds", "timeline", "hypotheses", "lessons", "actions"),
    *("relations", "references", "classifications"),
)
# What people wrote, as against what they chose; only this has words to compare and to count.
TEXTS = frozenset(
    ("title", "summary", "text", "claim", "reason", "why", "note", "holder", "source", "name")
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field that changed; a text has runs, a moment the fields of its own that changed."""

    name: str
    before: Any
    after: Any
    runs: tuple[Run, ...] = ()
    fields: tuple["Field", ...] = ()

    @property
    def words(self) -> tuple[int, int]:
        """Words added and removed; a value that is no text counts as one."""
        if self.fields:
            return _sum(field.words for field in self.fields)
        if self.runs:
            return word_diff.count_changed(self.runs)
        return int(bool(self.after)), int(bool(self.before))


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: ADDED, REMOVED, CHANGED or MOVED; `items` is the evidence of a hypothesis.

    One that changed may have moved as well.
    """

    kind: str
    before: Any = None
    after: Any = None
    has_moved: bool = False
    fields: tuple[Field, ...] = ()
    items: tuple["Item", ...] = ()

    @property
    def words(self) -> tuple[int, int]:
        """Words added and removed."""
        own = _sum(field.words for field in self.fields)
        if self.kind == ADDED:
            own = _words_in(self.after), 0
        elif self.kind == REMOVED:
            own = 0, _words_in(self.before)
        return _sum((own, *(item.words for item in self.items)))


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that changed. `key` is the section or the language of a translation.

    A text has runs; a moment, a duration and a translation have fields; a list has items, and
    `unchanged` says how many of it stand as they stood.
    """

    part: str
    key: str = ""
    before: Any = None
    after: Any = None
    runs: tuple[Run, ...] = ()
    fields: tuple[Field, ...] = ()
    items: tuple[Item, ...] = ()
    unchanged: int = 0

    @property
    def name(self) -> str:
        """What tells it from others: `summary`, `sections/impact`."""
        return f"{self.part}/{self.key}" if self.key else self.part

    @property
    def words(self) -> tuple[int, int]:
        """Words added and removed."""
        if self.runs:
            return word_diff.count_changed(self.runs)
        if self.fields or self.items:
            return _sum(
                (*(item.words for item in self.fields), *(item.words for item in self.items))
            )
        return Field(self.part, self.before, self.after).words


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """One for every part that changed, in the order of the page; the schema is no content."""
    return tuple(_found(before, after))


def count_words(found: Iterable[Difference]) -> tuple[int, int]:
    """The words added and removed in all of them."""
    return _sum(item.words for item in found)


def _found(before: Document, after: Document) -> Iterator[Difference]:
    yield from _of(("title",), before, after, _text)
    yield from _of((*MOMENTS, "duration"), before, after, _value)
    yield from _of(("summary",), before, after, _text)
    for key in _section_keys(before, after):
        old, new = before.sections.get(key, ""), after.sections.get(key, "")
        if old != new:
            yield Difference("sections", key, old, new, runs=word_diff.runs(old, new))
    yield from _of(LISTS, before, after, _list)
    for code in sorted({*before.translations, *after.translations}):
        yield from _translation(code, before.translations, after.translations)
    yield from _of(("language",), before, after, _value)
    yield from _of(("attachments",), before, after, _list)


def _of(
    names: Iterable[str],
    before: Document,
    after: Document,
    compare: Callable[[str, Any, Any], Difference],
) -> Iterator[Difference]:
    for name in names:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield compare(name, old, new)


def _section_keys(before: Document, after: Document) -> list[str]:
    keys = {*before.sections, *after.sections}
    known = [key for key in SECTIONS if key in keys]
    return [*known, *sorted(keys.difference(known))]


def _text(name: str, old: str, new: str) -> Difference:
    return Difference(name, "", old, new, runs=word_diff.runs(old, new))


def _value(name: str, old: Any, new: Any) -> Difference:
    return Difference(name, "", old, new, fields=_fields(old, new))


def _translation(
    code: str, before: Mapping[str, Translation], after: Mapping[str, Translation]
) -> Iterator[Difference]:
    old, new = before.get(code), after.get(code)
    if old != new:
        found = _fields(old or Translation(), new or Translation())
        yield Difference("translations", code, old, new, fields=found)


def _list(name: str, old: Sequence[Any], new: Sequence[Any]) -> Difference:
    items = _items(old, new)
    present = sum(1 for item in items if item.kind != REMOVED)
    return Difference(name, "", old, new, items=items, unchanged=len(new) - present)


def _items(old: Sequence[Any], new: Sequence[Any]) -> tuple[Item, ...]:
    """What changed in a list: its items as they stand now, those removed where they stood."""
    before, after = _by_key(old), _by_key(new)
    order_before, order_after = list(before), list(after)
    found: list[Item | None] = []
    for part in word_diff.aligned(order_before, order_after):
        if not part.same:
            gone = (key for key in order_before[part.old] if key not in after)
            found.extend(_gone(before[key]) for key in gone)
        for key in order_after[part.new]:
            found.append(_item(before.get(key), after[key], has_moved=not part.same))
    return tuple(item for item in found if item)


def _item(old: Any, new: Any, *, has_moved: bool) -> Item | None:
    if old is None:
        return Item(ADDED, after=new, items=_items((), getattr(new, "evidence", ())))
    if old == new:
        return Item(MOVED, old, new, has_moved=True) if has_moved else None
    return Item(
        CHANGED,
        old,
        new,
        has_moved=has_moved,
        fields=_fields(old, new),
        items=_items(getattr(old, "evidence", ()), getattr(new, "evidence", ())),
    )


def _gone(old: Any) -> Item:
    return Item(REMOVED, before=old, items=_items(getattr(old, "evidence", ()), ()))


def _by_key(items: Sequence[Any]) -> dict[tuple[Any, ...], Any]:
    """The items by what they are known by on both sides; of two alike, by which of them it is."""
    seen: Counter[tuple[str, ...]] = Counter()
    result = {}
    for item in items:
        key = _key_of(item)
        seen[key] += 1
        result[(*key, seen[key])] = item
    return result


def _key_of(item: Any) -> tuple[str, ...]:
    if hasattr(item, "id"):
        return (item.id,)
    # A term may stand twice, in two roles; a relation is known by its kind and its other end.
    names = ("kind", "target") if hasattr(item, "target") else ("vocabulary", "term")
    return tuple(getattr(item, name) for name in names)


def _fields(old: Any, new: Any) -> tuple[Field, ...]:
    """The fields that differ; none for what has no fields, or stands on one side alone."""
    if not is_dataclass(old) or not is_dataclass(new):
        return ()
    names = (part.name for part in fields(old) if part.name != "evidence")
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(_field(*pair) for pair in pairs if pair[1] != pair[2])


def _field(name: str, old: Any, new: Any) -> Field:
    if name in TEXTS:
        return Field(name, old, new, runs=word_diff.runs(old, new))
    return Field(name, old, new, fields=_fields(old, new) if isinstance(old, Moment) else ())


def _words_in(item: Any) -> int:
    texts = (getattr(item, part.name) for part in fields(item) if part.name in TEXTS)
    return sum(map(word_diff.count_words, texts))


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    added = removed = 0
    for more, less in pairs:
        added, removed = added + more, removed + less
    return added, removed
