"""What the templates of the cards print: the answers with words, selects and drawings beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postmortems.insights.chains import Chain, Chains
from postmortems.insights.charts.dated import Dated
from postmortems.insights.charts.dots import AxisTick, Dots
from postmortems.insights.matrix import COLOURS, UNKNOWNS
from postmortems.insights.options import SPANS
from postmortems.insights.shapes import (
    UNKNOWN,
    Count,
    Field,
    Frequent,
    Matrix,
    Named,
    Pair,
    Row,
    Trends,
)
from postmortems.insights.times import Times
from postmortems.templatetags.moments_tags import DAY, seconds_words
from postmortems.templatetags.number_tags import grouped
from postmortems.web.fixes import fix_words
from postmortems.web.patterns_pictures import TrendPicture, cell_text, chain_picture, times_picture
from postmortems.web.patterns_words import (
    Sentence,
    bold,
    contrast_how,
    filled,
    left_out_words,
    linked,
    with_field,
    workaround_words,
)


@dataclass(frozen=True, slots=True)
class Select:
    """One choice of a card: its options as value, name and whether it is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell as it is printed; `label` says whole what its link is."""

    text: str
    heat: int
    url: str
    label: str


@dataclass(frozen=True, slots=True)
class HeatLine:
    """A row as it is printed."""

    name: str
    definition: str
    cells: tuple[HeatCell, ...]
    total: Count
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class MatrixBody:
    """The heat map."""

    matrix: Matrix
    selects: tuple[Select, ...]
    lines: tuple[HeatLine, ...]


def matrix_body(matrix: Matrix, unknown: str = UNKNOWNS[0]) -> MatrixBody:
    """The heat map with its choices; `unknown` is what is chosen for those that have none."""
    depths = range(1, max(1, matrix.most_depth) + 1)
    selects = (
        _fields("rows", _("Rows"), matrix.fields, matrix.rows_by.slug),
        _fields("columns", _("Columns"), matrix.fields, matrix.columns_by.slug),
        _select(
            "depth",
            _("Depth"),
            ((str(depth), depth_words(depth)) for depth in depths),
            str(matrix.depth),
        ),
        _select(
            "heat",
            _("Colour"),
            zip(COLOURS, (_("count"), _("more than expected")), strict=True),
            matrix.colour,
        ),
        _select(
            "unknown",
            _("Not recorded"),
            zip(UNKNOWNS, (_("left out"), _("shown")), strict=True),
            unknown,
        ),
    )
    return MatrixBody(matrix, selects, tuple(_line(row, matrix) for row in matrix.rows))


def depth_words(depth: int) -> str:
    """A level of a tree."""
    return _("top level") if depth == 1 else _("level %(n)d") % {"n": depth}


def _line(row: Row, matrix: Matrix) -> HeatLine:
    cells = tuple(
        HeatCell(
            cell_text(cell, matrix.colour),
            cell.heat,
            cell.count.url if cell.count.number else "",
            both_words(name_of(row.term), name_of(column.term), cell.count.number),
        )
        for cell, column in zip(row.cells, matrix.columns, strict=True)
    )
    is_unknown = row.term.path == UNKNOWN
    return HeatLine(row.term.label, row.term.definition, cells, row.total, is_unknown)


def name_of(term: Named) -> str:
    """What a row or column is called alone: of those that have none, also what they have none of."""
    if term.path != UNKNOWN:
        return term.label
    return _("%(name)s: %(value)s") % {"name": term.vocabulary_label, "value": term.label}


def both_words(row: str, column: str, number: int) -> str:
    """What the link of a cell is called."""
    said = ngettext(
        "%(row)s and %(column)s: %(n)d postmortem",
        "%(row)s and %(column)s: %(n)d postmortems",
        number,
    )
    return said % {"row": row, "column": column, "n": number}


def _fields(name: str, label: str, fields: Iterable[Field], chosen: str) -> Select:
    return _select(name, label, ((field.slug, field.label) for field in fields), chosen)


def _select(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str) -> Select:
    return Select(name, label, tuple((value, words, value == chosen) for value, words in options))


@dataclass(frozen=True, slots=True)
class TrendsBody:
    """Bars over time, and what is new and what has gone quiet."""

    trends: Trends
    selects: tuple[Select, ...]
    picture: TrendPicture
    asides: tuple[tuple[str, Count], ...]
    new: tuple[SafeString, ...]
    quiet: tuple[SafeString, ...]


def trends_body(trends: Trends, picture: TrendPicture) -> TrendsBody:
    """The bars with what does not stand on their axis."""
    spans = zip(SPANS, (_("month"), _("quarter"), _("year")), strict=True)
    asides = (
        (_("before that"), trends.earlier),
        (_("only the year known"), trends.year_only),
        (_("only “not later than”"), trends.bounded),
        (_("start not recorded"), trends.unknown),
    )
    return TrendsBody(
        trends,
        (
            _select("span", _("By"), spans, trends.span),
            _fields("trend_by", _("Layers"), trends.fields, trends.by.slug),
        ),
        picture,
        tuple((name, count) for name, count in asides if count.number),
        tuple(
            filled(_("%(name)s: %(n)s"), name=bold([item.term]), n=linked(item.count))
            for item in trends.new
        ),
        tuple(
            filled(
                _("%(name)s: %(n)s before, the last in %(period)s"),
                name=bold([item.term]),
                n=linked(item.before),
                period=item.last.label,
            )
            for item in trends.quiet
        ),
    )


@dataclass(frozen=True, slots=True)
class NamedTick:
    """A tick of the axis of lengths with its words."""

    x: str
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class TimesBody:
    """One measure as dots."""

    times: Times
    selects: tuple[Select, ...]
    chart: Dots
    ticks: tuple[NamedTick, ...]
    without: tuple[tuple[str, Count], ...]


def times_body(times: Times) -> TimesBody:
    """The dots, and the terms of which nothing is known."""
    chart = times_picture(times)
    without = tuple(
        (row.term.label, row.total)
        for row in times.rows
        if row.term and row.total.number and not (row.known.number or row.bounded.number)
    )
    select = _fields("times_by", _("By"), times.fields, times.by.slug)
    return TimesBody(times, (select,), chart, tuple(map(_tick, chart.ticks)), without)


def _tick(tick: AxisTick) -> NamedTick:
    return NamedTick(tick.x, tick_words(tick.seconds), tick.anchor)


def tick_words(seconds: int) -> str:
    """A round length on the axis: days from one on, since there are no hours beside them."""
    if seconds and seconds % DAY == 0:
        return _("%(n)s d") % {"n": seconds // DAY}
    return seconds_words(seconds) if seconds else _("at once")


@dataclass(frozen=True, slots=True)
class ChainView:
    """One chain with its drawing and what is known of its end."""

    chain: Chain
    chart: Dated
    fix: str
    workaround: str
    left_out: str


@dataclass(frozen=True, slots=True)
class ChainsBody:
    """The longest chains at once, the others folded."""

    first: tuple[ChainView, ...]
    others: tuple[ChainView, ...]
    more: int


FIRST_CHAINS = 2


def chains_body(chains: Chains) -> ChainsBody:
    """The chains with their drawings."""
    views = tuple(
        ChainView(
            chain,
            chain_picture(chain),
            fix_words(chain.fix),
            workaround_words(chain.workaround),
            left_out_words(chain),
        )
        for chain in chains.chains
    )
    return ChainsBody(views[:FIRST_CHAINS], views[FIRST_CHAINS:], chains.more)


@dataclass(frozen=True, slots=True)
class Sentences:
    """A list of sentences, the first ones at once."""

    first: tuple[Sentence, ...]
    others: tuple[Sentence, ...]
    more: int = 0
    is_small: bool = False


FIRST_SENTENCES = 5


def sentences(found: Iterable[Sentence], more: int = 0, *, is_small: bool = False) -> Sentences:
    """The first five, and the rest."""
    every = tuple(found)
    return Sentences(every[:FIRST_SENTENCES], every[FIRST_SENTENCES:], more, is_small)


def pair_sentence(pair: Pair) -> Sentence:
    """Two terms that go together."""
    contrast = pair.contrast
    said = _("postmortems with %(given)s have %(found)s; elsewhere %(n)s of %(all)s.")
    same = [
        _("The same: %(given)s, %(found)s.") % {"given": given.label, "found": found.label}
        for given, found in pair.same
    ]
    return Sentence(
        number=linked(contrast.here),
        rest=_("of %(n)s") % {"n": grouped(contrast.of_here.number)},
        words=filled(
            said,
            given=with_field(pair.given),
            found=with_field(pair.found),
            n=linked(contrast.elsewhere),
            all=linked(contrast.of_elsewhere),
        ),
        url=contrast.of_here.url,
        link=_("Show the %(n)s") % {"n": grouped(contrast.of_here.number)},
        how=(*contrast_how(contrast), *same),
        small=contrast.is_small,
    )


def frequent_sentence(item: Frequent) -> Sentence:
    """A term that is more frequent in the selection."""
    contrast = item.contrast
    said = _("have %(term)s; of the others %(n)s of %(all)s.")
    return Sentence(
        number=linked(contrast.here),
        rest=_("of %(n)s") % {"n": grouped(contrast.of_here.number)},
        words=filled(
            said,
            term=with_field(item.term),
            n=linked(contrast.elsewhere),
            all=linked(contrast.of_elsewhere),
        ),
        url=contrast.here.url,
        link=_("Show the %(n)s") % {"n": grouped(contrast.here.number)},
        how=contrast_how(contrast),
        small=contrast.is_small,
    )
