"""Two vocabularies against each other: how many postmortems have a term of each."""

from dataclasses import dataclass

from pyroaring import BitMap

from postmortems.insights import naming
from postmortems.insights.asking import Selected
from postmortems.insights.keeping import kept
from postmortems.insights.shapes import Cell, Column, Count, Field, Matrix, Named, Row

MOST_ROWS = 40
MOST_COLUMNS = 12
COLOURS = ("count", "ratio")
# Whether those that have no term of the rows or columns are left out.
UNKNOWNS = ("hide", "show")
HEATS = 8
# More than expected: the ratios at which the eight classes begin.
RATIOS = (1, 1.25, 1.5, 2, 3, 4, 6, 8)


@dataclass(frozen=True)
class _Line:
    """A row or column: its term, and the postmortems that have it."""

    term: Named
    found: BitMap


@kept
def matrix_of(
    selected: Selected,
    *,
    rows: str = "cause",
    columns: str = "component",
    depth: int = 1,
    colour: str = "count",
    unknown: bool = False,
) -> Matrix:
    """`rows` against `columns`, both at a level of their trees, subtrees counted with their top.

    With `unknown` the postmortems that have no term of one of the two get a row or a column, which
    stands last. What means nothing is read as the default.
    """
    rows_by = naming.field_of(selected, rows, "cause")
    columns_by = naming.field_of(selected, columns, "component")
    depth = max(1, min(depth, max(rows_by.depth, columns_by.depth)))
    colour = colour if colour in COLOURS else COLOURS[0]
    down = _lines(selected, rows_by, depth)
    across = sorted(_lines(selected, columns_by, depth), key=lambda line: -len(line.found))
    shown = [*down[:MOST_ROWS], *_unknown(selected, rows_by, asked=unknown)]
    heads = [*across[:MOST_COLUMNS], *_unknown(selected, columns_by, asked=unknown)]
    return Matrix(
        rows_by=rows_by,
        columns_by=columns_by,
        depth=depth,
        colour=colour,
        rows=tuple(_rows(selected, shown, heads, colour)),
        columns=tuple(Column(line.term, _total(selected, line)) for line in heads),
        more_rows=max(0, len(down) - MOST_ROWS),
        more_columns=max(0, len(across) - MOST_COLUMNS),
        total=selected.everything,
        fields=naming.fields_of(selected),
        most_depth=max(rows_by.depth, columns_by.depth),
    )


def heat_of(number: int, most: int) -> int:
    """The class of a count among counts up to `most`: the count itself up to 8."""
    if not number:
        return 0
    return min(HEATS, 1 + round((HEATS - 1) * (number - 1) / max(HEATS - 1, most - 1)))


def heat_of_ratio(ratio: float | None) -> int:
    """The class of how many times as many there are as expected; 0 for fewer."""
    return sum(ratio >= least for least in RATIOS) if ratio else 0


def _lines(selected: Selected, field: Field, depth: int) -> list[_Line]:
    return [
        _Line(naming.named(selected, term), selected.sets[term.id])
        for term in naming.level_of(selected, field.slug, depth)
    ]


def _unknown(selected: Selected, field: Field, *, asked: bool) -> list[_Line]:
    rest = selected.without_any(field.slug) if asked else None
    return [_Line(naming.not_recorded(field), rest)] if rest else []


def _total(selected: Selected, line: _Line) -> Count:
    return selected.count(len(line.found), **{line.term.vocabulary: line.term.path})


def _rows(selected: Selected, down: list[_Line], across: list[_Line], colour: str) -> list[Row]:
    numbers = [[row.found.intersection_cardinality(one.found) for one in across] for row in down]
    most = max((number for line in numbers for number in line), default=0)
    rows = []
    for row, line in zip(down, numbers, strict=True):
        cells = []
        for column, number in zip(across, line, strict=True):
            expected = len(row.found) * len(column.found) / selected.total
            ratio = number / expected if expected else None
            heat = heat_of(number, most) if colour == "count" else heat_of_ratio(ratio)
            cells.append(Cell(_count(selected, row, column, number), heat, expected, ratio))
        rows.append(Row(row.term, tuple(cells), _total(selected, row)))
    return rows


def _count(selected: Selected, row: _Line, column: _Line, number: int) -> Count:
    return selected.count_of(number, (row.term.vocabulary, row.term.path), _pair(column.term))


def _pair(term: Named) -> tuple[str, str]:
    return term.vocabulary, term.path
