"""Lessons of many postmortems as CSV, for spreadsheets: one lesson a row, in pieces however many there are."""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from itertools import islice

from postmortems.exchange.result_csv import BETWEEN_TERMS, BYTE_ORDER_MARK, defused
from postmortems.lessons import Source
from postmortems.moments import format_moment

COLUMNS = (
    *("ref", "id", "text", "language", "source", "source_kinds", "cause"),
    *("postmortem", "started", "url"),
)
SOURCES = 50


def pieces(sources: Iterable[Source], address_of: Callable[[str], str]) -> Iterator[str]:
    """The file, some lines at a time; `address_of` makes a whole address of a path."""
    yield BYTE_ORDER_MARK + _lines([COLUMNS])
    rest = iter(sources)
    while some := list(islice(rest, SOURCES)):
        yield _lines(cells for source in some for cells in _cells(source, address_of))


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(source: Source, address_of: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    hit = source.hit
    causes = BETWEEN_TERMS.join(hit.terms.get("cause", []))
    for lesson in source.lessons:
        yield (
            *(hit.ref, lesson.key, lesson.text, hit.language, lesson.source),
            *(BETWEEN_TERMS.join(lesson.kinds), causes, hit.title),
            *(format_moment(hit.moments["started"]), address_of(lesson.url)),
        )
