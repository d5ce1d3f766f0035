"""Each card as a table: below its chart, and as the file for spreadsheets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from postmortems.durations import Duration
from postmortems.exchange import csv_file
from postmortems.insights.chains import Chain, Chains
from postmortems.insights.debt import Debts
from postmortems.insights.gaps import Gaps
from postmortems.insights.shapes import (
    Contrast,
    Count,
    Findings,
    Matrix,
    Named,
    Overrepresented,
    Together,
    Trends,
)
from postmortems.insights.times import Times, TimesRow
from postmortems.templatetags.interval_tags import interval_words
from postmortems.templatetags.moments_tags import duration_words, moment_short
from postmortems.web.fixes import fix_words
from postmortems.web.patterns_words import figure, left_out_words, quantile_words


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; a number leads to what it counts."""

    text: str
    url: str = ""
    is_number: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what it is about."""

    caption: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_lines(table: Table) -> Iterator[str]:
    """The table as a file for spreadsheets, line by line."""
    rows = ([cell.text for cell in row] for row in table.rows)
    return csv_file.lines([head.text for head in table.heads], rows)


def number(count: Count) -> Cell:
    """A count as a cell."""
    return Cell(str(count.number), count.url if count.number else "", is_number=True)


def _table(caption: str, heads: Iterable[str | Cell], rows: Iterable[Iterable[Cell]]) -> Table:
    made = tuple(head if isinstance(head, Cell) else Cell(head) for head in heads)
    return Table(caption, made, tuple(tuple(row) for row in rows))


def _num(text: str) -> Cell:
    return Cell(text, is_number=True)


def matrix_table(matrix: Matrix, caption: str) -> Table:
    """Counts, also where the page shows how many times the expected they are."""
    columns = [_num(column.term.label) for column in matrix.columns]
    rows = (
        [Cell(row.term.label), *(number(cell.count) for cell in row.cells), number(row.total)]
        for row in matrix.rows
    )
    return _table(caption, [matrix.rows_by.label, *columns, _num(_("all"))], rows)


def trends_table(trends: Trends, caption: str) -> Table:
    """A row a period, a column a series."""
    names = [series.term.label if series.term else _("everything else") for series in trends.series]
    rows = (
        [
            Cell(period.label),
            *(number(series.counts[place]) for series in trends.series),
            number(period.total),
        ]
        for place, period in enumerate(trends.periods)
    )
    return _table(caption, [_("Started"), *map(_num, names), _num(_("all"))], rows)


def times_table(times: Times, caption: str) -> Table:
    """A row a postmortem; of what is too many for that, a row a term."""
    if not any(row.dots for row in times.rows):
        return _summed(times, caption)
    heads: list[str | Cell] = [times.by.label, _("Postmortem"), _("How long"), _num(_("Seconds"))]
    rows = (
        [
            Cell(row.term.label if row.term else _("all")),
            Cell(dot.title, dot.url, language=dot.title_language),
            Cell(duration_words(Duration(dot.seconds, dot.kind))),
            _num(str(dot.seconds)),
        ]
        for row in times.rows
        for dot in row.dots
    )
    return _table(caption, heads, rows)


def _summed(times: Times, caption: str) -> Table:
    names = (_("all"), _("Known"), _("Bounded"), _("Not recorded"))
    heads: list[str | Cell] = [times.by.label, *map(_num, names), _("Median")]
    return _table(caption, heads, (_summed_row(row) for row in times.rows))


def _summed_row(row: TimesRow) -> list[Cell]:
    counts = (row.total, row.known, row.bounded, row.unknown)
    name = row.term.label if row.term else _("all")
    return [
        Cell(name),
        *map(number, counts),
        Cell(quantile_words(row.median) if row.median else ""),
    ]


def findings_table(found: Findings, caption: str) -> Table:
    """A row a finding."""
    rows = (
        [
            Cell(_names(item.given)),
            Cell(_name(item.found)),
            number(item.here),
            number(item.of_here),
            number(item.elsewhere) if item.elsewhere else Cell(""),
            number(item.of_elsewhere) if item.of_elsewhere else Cell(""),
            *_figures(item.lift, item.p, item.q),
        ]
        for item in found.findings
    )
    return _table(caption, [_("With"), _("Have"), *_contrast_heads()], rows)


def pairs_table(together: Together, caption: str) -> Table:
    """A row a pair."""
    rows = (
        [Cell(_name(pair.given)), Cell(_name(pair.found)), *_contrast(pair.contrast)]
        for pair in together.pairs
    )
    return _table(caption, [_("With"), _("Have"), *_contrast_heads()], rows)


def frequent_table(found: Overrepresented, caption: str) -> Table:
    """A row a term."""
    rows = ([Cell(_name(item.term)), *_contrast(item.contrast)] for item in found.terms)
    return _table(caption, [_("Term"), *_contrast_heads()], rows)


def _contrast_heads() -> list[Cell]:
    names = (_("here"), _("of"), _("elsewhere"), _("of"), _("lift"), "p", "q")
    return [_num(name) for name in names]


def _contrast(contrast: Contrast) -> list[Cell]:
    counts = (contrast.here, contrast.of_here, contrast.elsewhere, contrast.of_elsewhere)
    return [*map(number, counts), *_figures(contrast.lift, contrast.p, contrast.q)]


def _figures(lift: float | None, p: float | None, q: float | None) -> list[Cell]:
    lifted = "" if lift is None else f"{lift:.1f}"
    return [_num(lifted), *(_num("" if value is None else figure(value)) for value in (p, q))]


def _name(term: Named) -> str:
    if not term.vocabulary_label:
        return term.label
    return _("%(field)s: %(value)s") % {"field": term.vocabulary_label, "value": term.label}


def _names(terms: Iterable[Named]) -> str:
    return pgettext("between alternatives", " or ").join(map(_name, terms))


def chains_table(chains: Chains, caption: str) -> Table:
    """A row an occurrence, and one where some are not shown."""
    rows = (row for chain in chains.chains for row in _chain_rows(chain))
    heads = (_("Defect"), _("Started"), _("Postmortem"), _("Since the one before"), _("Fix"))
    return _table(caption, heads, rows)


def _chain_rows(chain: Chain) -> Iterator[list[Cell]]:
    name, fix = Cell(chain.name, language=chain.name_language), Cell(fix_words(chain.fix))
    for part, occurrences in enumerate(chain.stretches):
        if part:
            yield [name, Cell(""), Cell(left_out_words(chain)), Cell(""), fix]
        for place, item in enumerate(occurrences):
            yield [
                name,
                Cell(moment_short(item.started)),
                Cell(item.title, item.url, language=item.title_language),
                Cell(interval_words(item.since) if place else ""),
                fix,
            ]


def debt_table(debts: Debts, caption: str) -> Table:
    """A row an action."""
    rows = (
        [
            Cell(debt.text, debt.url, language=debt.language),
            Cell(debt.status),
            Cell(debt.title, language=debt.title_language),
            Cell(debt.cause.label),
            number(debt.later),
        ]
        for debt in debts.debts
    )
    heads = (_("Action"), _("Status"), _("Postmortem"), _("Root cause"), _num(_("Came back")))
    return _table(caption, heads, rows)


def gaps_table(gaps: Gaps, caption: str) -> Table:
    """A row a gap."""
    rows = ([Cell(gap.label), number(gap.count), number(gaps.total)] for gap in gaps.gaps)
    heads = (_("Not recorded"), _num(_("Postmortems")), _num(_("of")))
    return _table(caption, heads, rows)
