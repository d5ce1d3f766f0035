"""The differences between two revisions as rows that templates print without logic."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postmortems.differences import CHANGED, TEXTS, Difference, Field, Item
from postmortems.moments import UNKNOWN, Moment
from postmortems.section_names import SectionNames
from postmortems.templatetags.moments_tags import moment_with_zone
from postmortems.web.history_lines import Line, Told, lines_of, told, told_values
from postmortems.web.history_words import KINDS, field_name, part_name, value_words
from postmortems.web.read_parts import Relative, State
from postmortems.word_diff import ADDED, KEPT, REMOVED, Run, runs
from taxonomy.lookup import Terms

# What an item is recognised by: shown as its text. What is not in here is a field of its own.
MAIN = ("text", "claim", "title", "why", "note", "name")
# What stands before the text of an item.
HEADS: dict[str, tuple[str, ...]] = {
    "signals": ("kind",),
    "workarounds": ("state",),
    "timeline": ("when", "kind"),
    "hypotheses": ("verdict",),
    "evidence": ("supports",),
    "actions": ("kind", "status"),
    "references": ("label",),
    "relations": ("kind",),
}
# Told by the head in other words, or of no interest to people.
HIDDEN = ("id", "evidence", "vocabulary", "term", "target")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field with its changes."""

    name: str
    told: Told


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of a list: what became of it, what it is, and its changes."""

    kind: State
    head: str
    text: Told
    has_moved: bool
    fields: tuple[FieldRow, ...]
    items: tuple["ItemRow", ...] = ()


@dataclass(frozen=True, slots=True)
class PartRows:
    """A part that changed: the lines of a text, the fields of a value, or the items of a list."""

    id: str
    title: str
    note: str
    words: tuple[int, int]
    lines: list[Line]
    fields: tuple[FieldRow, ...]
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called that are known by a key: terms, other postmortems, sections."""

    terms: Terms
    relatives: Mapping[str, Relative]
    language: str
    sections: SectionNames

    def of(self, part: str, item: Any) -> str:
        """The name of a term with its vocabulary, of a relation with its other end."""
        if part == "classifications":
            vocabulary = self.terms.vocabulary(item.vocabulary)
            term = self.terms.get(item.vocabulary, item.term)
            first = vocabulary.name(self.language) if vocabulary else item.vocabulary
            second = term.name(self.language) if term else item.term
        else:
            first = value_words(part, "kind", item.kind)
            second = self.relatives[item.target].title
        return _("%(field)s: %(value)s") % {"field": first, "value": second}


def rows_of(found: Iterable[Difference], names: Names) -> list[PartRows]:
    """Every part that changed."""
    return [_part(item, names) for item in found]


def _part(found: Difference, names: Names) -> PartRows:
    items = tuple(_item(found.part, item, names) for item in found.items)
    return PartRows(
        id=f"part-{found.name.replace('/', '-')}",
        title=part_name(found, names.sections),
        note=_note(found) if items else "",
        words=found.words,
        lines=lines_of(found.runs) if found.part in ("summary", "sections") else [],
        fields=() if items else tuple(_own_fields(found)),
        items=items,
    )


def _own_fields(found: Difference) -> Iterator[FieldRow]:
    """A title, moment, duration or language as one row without a name; a translation as two."""
    if found.part == "translations":
        yield from (_field(found.part, item) for item in found.fields)
    elif found.part == "title":
        yield FieldRow("", told(found.runs))
    elif found.part not in ("summary", "sections"):
        yield FieldRow("", _told_change(found.part, found.part, found.before, found.after))


def _note(found: Difference) -> str:
    """`1 added, 1 changed, 15 unchanged`."""
    forms = {
        "added": _("%(n)s added"),
        "removed": _("%(n)s removed"),
        "changed": _("%(n)s changed"),
        "moved": _("%(n)s moved"),
    }
    counts = {kind: sum(item.kind == kind for item in found.items) for kind in forms}
    said = [forms[kind] % {"n": count} for kind, count in counts.items() if count]
    if found.unchanged:
        said.append(_("%(n)s unchanged") % {"n": found.unchanged})
    return pgettext("between counts", ", ").join(said)


def _item(part: str, item: Item, names: Names) -> ItemRow:
    present = item.after if item.after is not None else item.before
    main = next((name for name in MAIN if hasattr(present, name)), "")
    rows = item.fields if item.kind == CHANGED else _all_fields(item, part)
    return ItemRow(
        kind=KINDS[item.kind],
        head=_head(part, present, names),
        text=_text(item, main),
        has_moved=item.has_moved and item.kind == CHANGED,
        fields=tuple(_field(part, field) for field in rows if field.name != main),
        items=tuple(_item("evidence", below, names) for below in item.items),
    )


def _head(part: str, item: Any, names: Names) -> str:
    if part in ("classifications", "relations"):
        return names.of(part, item)
    values = ((name, getattr(item, name)) for name in HEADS.get(part, ()))
    words = (
        _when(value) if isinstance(value, Moment) else value_words(part, name, value)
        for name, value in values
    )
    return " · ".join(filter(None, words))


def _when(moment: Moment) -> str:
    return "" if moment == UNKNOWN else moment_with_zone(moment)


def _text(item: Item, main: str) -> Told:
    """The text an item is recognised by, with its changes where it has any."""
    if item.kind in (ADDED, REMOVED):
        return told([Run(item.kind, getattr(item.after or item.before, main, ""))])
    changed = next((field for field in item.fields if field.name == main), None)
    return told(changed.runs if changed else [Run(KEPT, getattr(item.after, main, ""))])


def _all_fields(item: Item, part: str) -> Iterator[Field]:
    """What an item that came or went holds beside its head and text; nothing of one that moved."""
    is_new = item.kind == ADDED
    if not is_new and item.kind != REMOVED:
        return
    present = item.after if is_new else item.before
    for field in fields(present):
        value = getattr(present, field.name)
        if value in ("", None) or field.name in (*HIDDEN, *HEADS.get(part, ())):
            continue
        yield Field(field.name, "" if is_new else value, value if is_new else "")


def _field(part: str, field: Field) -> FieldRow:
    if field.runs:
        return FieldRow(field_name(field.name), told(field.runs))
    return FieldRow(
        field_name(field.name), _told_change(part, field.name, field.before, field.after)
    )


def _told_change(part: str, name: str, before: Any, after: Any) -> Told:
    old, new = (value_words(part, name, value) for value in (before, after))
    if (isinstance(before, Moment) and isinstance(after, Moment)) or name in TEXTS:
        return told(runs(old, new))
    return told_values(old, new)
