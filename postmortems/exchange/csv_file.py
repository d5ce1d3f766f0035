"""What all CSV files share: one mark in front, no cell that is a formula, and however many rows in pieces."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice

# Excel takes a file without this mark for one in the machine's old code page.
BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection").
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# Lines of one piece.
AT_ONCE = 100


class _Line:
    """The file that a csv.writer writes to: it hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def lines(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The file line by line; each row is asked for when its line is."""
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([defused(head) for head in heads])
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row])


def pieces(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The same, the head alone and then some lines at a time."""
    rest = lines(heads, rows)
    yield next(rest)
    while some := list(islice(rest, AT_ONCE)):
        yield "".join(some)


def defused(cell: str) -> str:
    """The cell as text: what would be a formula gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(STARTS_FORMULA) else cell
