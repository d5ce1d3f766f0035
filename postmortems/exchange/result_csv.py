"""A result as CSV, for spreadsheets: one postmortem a row. Lines come one by one, however many there are."""

import csv
from collections.abc import Callable, Iterable, Iterator

from postmortems.durations import format_duration
from postmortems.moments import format_moment
from postmortems.search.results import Hit
from postmortems.search.whole import Record
from taxonomy.lookup import Terms

# Excel takes a file without this mark for one in the machine's old code page.
BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection").
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BETWEEN_TERMS = "; "
FIRST = ("severity", "tier")
COLUMNS = (
    *("ref", "title", "url", "status", "visibility", "team", "language", *FIRST),
    *("started", "resolved", "duration", "duration_seconds", "duration_kind"),
)


class _Line:
    """The file that a csv.writer writes to: it hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def lines(
    records: Iterable[Record], terms: Terms, address_of: Callable[[str], str]
) -> Iterator[str]:
    """The file line by line; `address_of` makes a whole address of a path.

    Moments stand in the notation that imports read. Terms are paths, as the search takes them.
    """
    others = [info.slug for info in terms.vocabularies if info.slug not in FIRST]
    writer = csv.writer(_Line())
    yield BYTE_ORDER_MARK + writer.writerow([*COLUMNS, *others])
    for record in records:
        cells = [*_cells(record, address_of), *(_terms(record.hit, slug) for slug in others)]
        yield writer.writerow([defused(cell) for cell in cells])


def defused(cell: str) -> str:
    """The cell as text: what would be a formula gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(STARTS_FORMULA) else cell


def _cells(record: Record, address_of: Callable[[str], str]) -> list[str]:
    hit, length = record.hit, record.hit.duration
    return [
        *(hit.ref, hit.title, address_of(hit.url), hit.status, hit.visibility),
        *(record.team, hit.language, *(_terms(hit, slug) for slug in FIRST)),
        *(format_moment(hit.moments[name]) for name in ("started", "resolved")),
        *((format_duration(length), str(length.seconds), length.kind) if length else ("",) * 3),
    ]


def _terms(hit: Hit, slug: str) -> str:
    return BETWEEN_TERMS.join(hit.terms.get(slug, []))
