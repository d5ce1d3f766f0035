"""A heat map as a drawing, for files. Pure; which step of the colours a cell has comes with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from postmortems.insights.charts.places import letters

STEPS = 8
# On these steps dark text can no longer be read.
FIRST_DARK = 5

HEAD, ROW, CELL, GAP = 28, 32, 76, 2
LETTER, MOST_LETTERS, MARGIN = 6.2, 44, 12


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of the drawing, in pixels."""

    x: int
    y: int
    width: int
    text: str
    step: int
    url: str = ""

    @property
    def middle(self) -> float:
        """Where its text is centred."""
        return self.x + self.width / 2

    @property
    def height(self) -> int:
        """Less than a row by the gap between two cells."""
        return ROW - GAP

    @property
    def baseline(self) -> int:
        """Where its text stands."""
        return self.y + 20

    @property
    def is_dark(self) -> bool:
        """Whether its text is the light one."""
        return self.step >= FIRST_DARK


@dataclass(frozen=True, slots=True)
class Word:
    """A name beside or above the cells."""

    x: float
    y: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The whole drawing, in pixels."""

    width: int
    height: int
    words: tuple[Word, ...]
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A row of the map: its name, and text, step and link of each cell."""

    name: str
    cells: tuple[tuple[str, int, str], ...]


def heat_map(columns: Sequence[str], rows: Sequence[HeatRow]) -> HeatMap:
    """The map as a drawing."""
    left = (
        MARGIN + round(LETTER * max((letters(_cut(row.name)) for row in rows), default=0)) + MARGIN
    )
    wide = max(
        CELL, MARGIN + round(LETTER * max((letters(_cut(name, 24)) for name in columns), default=0))
    )
    names = [
        Word(left + place * wide + (wide - GAP) / 2, 18, _cut(name, 24), "middle")
        for place, name in enumerate(columns)
    ]
    names += [
        Word(MARGIN, HEAD + place * ROW + 20, _cut(row.name), "start")
        for place, row in enumerate(rows)
    ]
    squares = [
        Square(left + across * wide, HEAD + down * ROW, wide - GAP, text, step, url)
        for down, row in enumerate(rows)
        for across, (text, step, url) in enumerate(row.cells)
    ]
    width, height = left + wide * len(columns) + MARGIN, HEAD + ROW * len(rows) + MARGIN
    return HeatMap(width, height, tuple(names), tuple(squares))


def _cut(name: str, most: int = MOST_LETTERS) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
