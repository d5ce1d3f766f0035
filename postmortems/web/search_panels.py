"""Facets and the histogram as the templates print them: what is shown, what is folded, how high a bar is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _

from postmortems.search import Bucket, Facet, FacetValue, Histogram, Results
from postmortems.web.search_rows import step_of
from taxonomy.lookup import Terms

# What stands beside a severity badge: its meaning up to the first comma.
FIRST_CLAUSE = re.compile(r"[,;，；、]")
BAR_TOP = 16
BAR_BASE = 57


@dataclass(frozen=True)
class Naming:
    """The vocabularies as the search saw them, and the language to name them in."""

    terms: Terms
    language: str


@dataclass(frozen=True)
class ValueRow:
    """One value of a facet with its children."""

    id: str
    value: str
    label: str
    hint: str
    symbol: str
    is_badge: bool
    severity: int
    count: int
    selected: bool
    toggle_url: str
    exclude_url: str
    exclude_label: str
    open: bool
    parts_label: str
    children: tuple["ValueRow", ...]


@dataclass(frozen=True)
class FacetPanel:
    """One facet group: the values on show, and those folded behind "more"."""

    slug: str
    label: str
    open: bool
    selected_count: int
    shown: list[ValueRow]
    more: str
    more_url: str


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram, in pixels of its 58 px high picture."""

    id: str
    label: str
    count: int
    url: str
    selected: bool
    y: int
    height: int
    label_y: int


def panels_of(results: Results, params: QueryDict, language: str) -> list[FacetPanel]:
    """All facet groups in display order; `open=SLUG` in the address shows all values of one."""
    opened = params.getlist("open")
    return [
        _panel(facet, params, Naming(results.terms, language), is_open=facet.slug in opened)
        for facet in results.facets
    ]


def _panel(facet: Facet, params: QueryDict, naming: Naming, *, is_open: bool) -> FacetPanel:
    rows = [_row(facet, value, naming) for value in facet.values]
    is_whole = is_open or facet.kind in ("tree", "ordered")
    limit = len(rows) if is_whole else facet.values_shown
    ranked = rows if is_whole else sorted(rows, key=_by_use)
    shown = [row for row in ranked[:limit] if row.count or row.selected or is_whole]
    shown = shown or ranked[:limit]
    hidden = ranked[len(shown) :]
    return FacetPanel(
        slug=facet.slug,
        label=facet.label,
        open=is_open or facet.open or facet.selected_count > 0,
        selected_count=facet.selected_count,
        shown=shown,
        more=_more_words(hidden),
        more_url=_with_open(params, facet.slug),
    )


def _more_words(hidden: list[ValueRow]) -> str:
    if not hidden:
        return ""
    words = _("%(n)d more") if any(row.count for row in hidden) else _("%(n)d with no match")
    return words % {"n": len(hidden)}


def _with_open(params: QueryDict, slug: str) -> str:
    changed = params.copy()
    changed.appendlist("open", slug)
    return f"?{changed.urlencode(safe='/:,')}#facet-{slug}"


def _by_use(row: ValueRow) -> tuple[bool, int]:
    return (not row.selected, -row.count)


def _row(facet: Facet, value: FacetValue, naming: Naming) -> ValueRow:
    children = tuple(_row(facet, child, naming) for child in value.children)
    is_below = any(child.selected or child.open for child in children)
    hint, step = _severity_words(facet, value, naming)
    return ValueRow(
        id=f"v-{facet.slug}-{slugify(value.value.replace('/', '-'))}",
        value=value.value,
        label=value.label,
        hint=hint,
        symbol=value.symbol,
        is_badge=facet.slug == "severity",
        severity=step,
        count=value.count,
        selected=value.selected,
        toggle_url=value.toggle_url,
        exclude_url=value.exclude_url,
        exclude_label=_("Exclude %(field)s: %(value)s")
        % {"field": facet.label, "value": value.label},
        parts_label=_("Parts of %(name)s") % {"name": value.label} if children else "",
        open=value.selected or is_below,
        children=children if value.count or value.selected or is_below else (),
    )


def _severity_words(facet: Facet, value: FacetValue, naming: Naming) -> tuple[str, int]:
    if facet.slug != "severity" or value.term_id is None:
        return "", 0
    term = naming.terms.by_id[value.term_id]
    meaning = FIRST_CLAUSE.split(term.definition(naming.language), maxsplit=1)[0]
    return meaning, step_of(naming.terms, term)


def bars_of(histogram: Histogram) -> list[Bar]:
    """The dated bars."""
    return _bars(histogram.buckets, _highest(histogram))


def side_bars_of(histogram: Histogram) -> list[Bar]:
    """What has no place on the axis: known only by a bound, and unknown."""
    return _bars((histogram.bounded, histogram.unknown), _highest(histogram))


def _highest(histogram: Histogram) -> int:
    buckets = (*histogram.buckets, histogram.bounded, histogram.unknown)
    return max((bucket.count for bucket in buckets), default=0)


def _bars(buckets: Iterable[Bucket], highest: int) -> list[Bar]:
    return [_bar(bucket, highest) for bucket in buckets]


def _bar(bucket: Bucket, highest: int) -> Bar:
    room = BAR_BASE - BAR_TOP
    height = max(3, round(room * bucket.count / highest)) if bucket.count else 0
    top = BAR_BASE - height
    return Bar(
        id=slugify(bucket.value) or "other",
        label=bucket.label,
        count=bucket.count,
        url=bucket.url,
        selected=bucket.selected,
        y=top,
        height=height,
        label_y=top - 4,
    )
