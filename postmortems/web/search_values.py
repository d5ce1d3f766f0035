"""The values of facets as list items.

Written here and not in a template: a page has two hundred of them, and through a template they alone
took a quarter of the time that the page takes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from postmortems.web.search_opened import Fold


@dataclass(frozen=True)
class ValueRow:
    """One value of a facet with its children. An excluded one is a checked box of the value with
    its minus, so that the form carries it and unticking takes the exclusion back."""

    id: str
    name: str
    value: str
    label: str
    count: int
    selected: bool = False
    excluded: bool = False
    toggle_url: str = ""
    exclude_url: str = ""
    exclude_label: str = ""
    hint: str = ""
    symbol: str = ""
    is_badge: bool = False
    severity: int = 0
    parts_label: str = ""
    fold: Fold | None = None
    children: tuple["ValueRow", ...] = ()

    @property
    def is_chosen(self) -> bool:
        """Whether the reader chose it, either way."""
        return self.selected or self.excluded

    @property
    def classes(self) -> str:
        """The classes of its list item."""
        named = (("zero", not self.count), ("selected", self.selected), ("excluded", self.excluded))
        return " ".join(["value", *(name for name, is_so in named if is_so)])

    @property
    def state(self) -> str:
        """What its box is besides a box: what finds nothing can only be taken back."""
        return "checked" if self.is_chosen else "" if self.count else "disabled"

    @property
    def is_plain(self) -> bool:
        """Whether its name is all there is to print before its count."""
        return not (self.is_badge or self.symbol or self.excluded)

    def all(self) -> Iterator["ValueRow"]:
        """The row and all below it."""
        yield self
        for child in self.children:
            yield from child.all()


def markup(rows: Iterable[ValueRow]) -> SafeString:
    """The rows as list items, branches below their value."""
    return mark_safe("".join(_item(row) for row in rows))


def _item(row: ValueRow) -> str:
    return (
        f'<li class="{row.classes}"><div class="value-row"><label>{_box(row)}{_name(row)}</label>'
        f'{_exclude(row)}<span class="count">{row.count:,}</span></div>{_branch(row)}</li>'
    )


def _box(row: ValueRow) -> str:
    return (
        f'<input type="checkbox" form="search-form" id="{escape(row.id)}" name="{escape(row.name)}"'
        f' value="{escape(row.value)}" data-toggle="{escape(row.toggle_url)}" autocomplete="off" {row.state}>'
    )


def _name(row: ValueRow) -> str:
    if row.is_plain:
        return f'<span class="name">{escape(row.label)}</span>'
    return render_to_string("search/_value_name.html", {"value": row})


def _exclude(row: ValueRow) -> str:
    if not row.exclude_url:
        return ""
    label = escape(row.exclude_label)
    return (
        f'<a class="exclude" id="x{escape(row.id)}" href="{escape(row.exclude_url)}" data-in-place'
        f' title="{label}" aria-label="{label}"></a>'
    )


def _branch(row: ValueRow) -> str:
    if row.fold is None or not row.children:
        return ""
    is_open = " open" if row.fold.open else ""
    return (
        f'<details class="branch" data-fold="{escape(row.fold.token)}" data-by="{row.fold.by}"{is_open}>'
        f'<summary id="b{escape(row.id)}" aria-label="{escape(row.parts_label)}"></summary>'
        f"<ul>{markup(row.children)}</ul></details>"
    )
