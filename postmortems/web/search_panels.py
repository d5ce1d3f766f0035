"""Facets as the templates print them: what is shown, what is folded, what is chosen or excluded."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from postmortems.search import Facet, FacetValue, Results
from postmortems.web.search_opened import Fold, Opened
from postmortems.web.search_rows import step_of
from postmortems.web.search_values import ValueRow, markup
from taxonomy.lookup import Terms

# What stands beside a severity badge: its meaning up to the first comma.
FIRST_CLAUSE = re.compile(r"[,;，；、]")
NO_NAME = re.compile(r"[^\w-]+")
# From here on a list is searched rather than read.
LONG = 15
IN_ORDER = ("tree", "ordered")


@dataclass(frozen=True)
class FacetPanel:
    """One facet group: the values on show, and those folded behind "more". `is_long` ones have a
    field that searches their values; `whole_url` brings those that are not on the page."""

    slug: str
    label: str
    fold: Fold
    selected_count: int
    shown: list[ValueRow]
    more: str
    whole_url: str
    is_long: bool

    @property
    def values(self) -> SafeString:
        """The list items."""
        return markup(self.shown)


@dataclass(frozen=True)
class Panels:
    """Makes the panels of one page, for its address and language."""

    terms: Terms
    params: QueryDict
    language: str

    def panel(self, facet: Facet) -> FacetPanel:
        """One facet group."""
        values = list(facet.values)
        if facet.kind not in IN_ORDER:
            values.sort(key=lambda value: -value.count)
        is_whole = facet.kind in IN_ORDER or self.opened.is_whole(facet.slug)
        on_show = values if is_whole else _first(values, facet.values_shown)
        rows = Rows(facet, self)
        shown = [rows.row(value) for value in on_show]
        total = len(facet.flat())
        is_missing = sum(1 for row in shown for _below in row.all()) < total
        return FacetPanel(
            slug=facet.slug,
            label=facet.label,
            fold=self._fold(facet),
            selected_count=facet.selected_count,
            shown=shown,
            more=_more_words(values, on_show),
            whole_url=self._whole_url(facet.slug) if is_missing else "",
            is_long=total >= LONG,
        )

    @cached_property
    def opened(self) -> Opened:
        """What the reader opened."""
        return Opened.of(self.params.getlist("open"))

    def _fold(self, facet: Facet) -> Fold:
        info = self.terms.vocabulary(facet.slug)
        return self.opened.facet(
            facet.slug,
            is_default=info.facet_open if info else False,
            is_chosen=facet.selected_count > 0,
        )

    def _whole_url(self, slug: str) -> str:
        changed = self.params.copy()
        changed.appendlist("open", slug)
        return f"?{changed.urlencode(safe='/:,')}#facet-{slug}"


def panels_of(results: Results, params: QueryDict, language: str) -> list[FacetPanel]:
    """All facet groups in display order."""
    panels = Panels(results.terms, params, language)
    return [panels.panel(facet) for facet in results.facets]


def _first(values: list[FacetValue], limit: int) -> list[FacetValue]:
    """The values with most hits, and those chosen, which stay where their number puts them."""
    wanted = [
        value
        for place, value in enumerate(values)
        if value.selected or value.excluded or (value.count and place < limit)
    ]
    return wanted or values[:limit]


def _more_words(values: list[FacetValue], on_show: list[FacetValue]) -> str:
    shown = {value.value for value in on_show}
    hidden = [value for value in values if value.value not in shown]
    if not hidden:
        return ""
    words = _("%(n)d more") if any(value.count for value in hidden) else _("%(n)d with no match")
    return words % {"n": len(hidden)}


class Rows:
    """Makes the rows of one facet; its words are asked for once, not once a row."""

    def __init__(self, facet: Facet, panels: Panels) -> None:
        self.facet = facet
        self.panels = panels
        self.is_whole = panels.opened.is_whole(facet.slug)
        self.exclude = _("Exclude %(field)s: %(value)s")
        self.parts = _("Parts of %(name)s")

    def row(self, value: FacetValue) -> ValueRow:
        """One value with all below it."""
        slug, is_chosen = self.facet.slug, value.selected or value.excluded
        children = tuple(self.row(child) for child in value.children)
        is_below = any(child.is_chosen or (child.fold and child.fold.by) for child in children)
        # Below a term that nothing has, nothing can be chosen: those rows come only when asked for.
        is_grown = value.count or is_chosen or is_below or self.is_whole
        hint, step = self._severity_words(value) if slug == "severity" else ("", 0)
        can_exclude = value.count and not value.excluded
        return ValueRow(
            id=f"v-{slug}-{value.term_id or NO_NAME.sub('_', value.value)}",
            name=slug,
            value=f"-{value.value}" if value.excluded else value.value,
            label=value.label,
            count=value.count,
            selected=value.selected,
            excluded=value.excluded,
            toggle_url=value.exclude_url if value.excluded else value.toggle_url,
            exclude_url=value.exclude_url if can_exclude else "",
            exclude_label=self.exclude % {"field": self.facet.label, "value": value.label},
            hint=hint,
            symbol=value.symbol,
            is_badge=slug == "severity",
            severity=step,
            parts_label=self.parts % {"name": value.label},
            fold=self._branch(value, is_chosen=bool(is_chosen or is_below)),
            children=children if is_grown else (),
        )

    def _branch(self, value: FacetValue, *, is_chosen: bool) -> Fold | None:
        if not value.children:
            return None
        return self.panels.opened.branch(self.facet.slug, value.value, is_chosen=is_chosen)

    def _severity_words(self, value: FacetValue) -> tuple[str, int]:
        if value.term_id is None:
            return "", 0
        term = self.panels.terms.by_id[value.term_id]
        meaning = FIRST_CLAUSE.split(term.definition(self.panels.language), maxsplit=1)[0]
        return meaning, step_of(self.panels.terms, term)
