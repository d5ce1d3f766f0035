"""A result as CSV, for spreadsheets: one postmortem a row. Lines come one by one, however many there are."""

from collections.abc import Callable, Iterable, Iterator

from postmortems.durations import format_duration
from postmortems.exchange import csv_file
from postmortems.moments import format_moment
from postmortems.search.results import Hit
from postmortems.search.whole import Record
from taxonomy.lookup import Terms

BETWEEN_TERMS = "; "
FIRST = ("severity", "tier")
COLUMNS = (
    *("ref", "title", "url", "status", "visibility", "team", "language", *FIRST),
    *("started", "resolved", "duration", "duration_seconds", "duration_kind"),
)


def lines(
    records: Iterable[Record], terms: Terms, address_of: Callable[[str], str]
) -> Iterator[str]:
    """The file line by line; `address_of` makes a whole address of a path.

    Moments stand in the notation that imports read. Terms are paths, as the search takes them.
    """
    others = [info.slug for info in terms.vocabularies if info.slug not in FIRST]
    rows = (
        [*_cells(record, address_of), *(_terms(record.hit, slug) for slug in others)]
        for record in records
    )
    return csv_file.lines([*COLUMNS, *others], rows)


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
