"""Lessons of many postmortems as CSV, for spreadsheets: one lesson a row, in pieces however many there are."""

from collections.abc import Callable, Iterable, Iterator

from postmortems.exchange import csv_file
from postmortems.exchange.result_csv import BETWEEN_TERMS
from postmortems.lessons import Source
from postmortems.moments import format_moment

COLUMNS = (
    *("ref", "id", "text", "language", "source", "source_kinds", "cause"),
    *("postmortem", "started", "url"),
)


def pieces(sources: Iterable[Source], address_of: Callable[[str], str]) -> Iterator[str]:
    """The file, some lines at a time; `address_of` makes a whole address of a path."""
    rows = (cells for source in sources for cells in _cells(source, address_of))
    return csv_file.pieces(COLUMNS, rows)


def _cells(source: Source, address_of: Callable[[str], str]) -> Iterator[tuple[str, ...]]:
    hit = source.hit
    causes = BETWEEN_TERMS.join(hit.terms.get("cause", []))
    for lesson in source.lessons:
        yield (
            *(hit.ref, lesson.key, lesson.text, hit.language, lesson.source),
            *(BETWEEN_TERMS.join(lesson.kinds), causes, hit.title),
            *(format_moment(hit.moments["started"]), address_of(lesson.url)),
        )
