"""What a facet's value finds, worked out from the Documents one by one: the index must agree with it."""

from collections.abc import Iterable, Mapping

from postmortems import content, durations
from postmortems.document import Document
from postmortems.lengths import length_of
from postmortems.models import Postmortem
from postmortems.search.ranges import LENGTH_BUCKETS

Params = Mapping[str, list[str]]
Row = tuple[Postmortem, Document]

LISTS = {
    "signal": "signals",
    "workaround": "workarounds",
    "timeline": "timeline",
    "hypothesis": "hypotheses",
    "lesson": "lessons",
    "action": "actions",
    "reference": "references",
    "translation": "translations",
    "summary": "summary",
    "section": "sections",
}


def rows_of(postmortems: Iterable[Postmortem]) -> list[Row]:
    """Each postmortem with its content."""
    return [(item, content.read(item)) for item in postmortems]


def listed(rows: Iterable[Row], params: Params) -> list[Row]:
    """The rows that a search with these parameters and without words lists."""
    wants_archived = "archived" in params.get("status", ())
    return [
        row
        for row in rows
        if (wants_archived or row[0].status != "archived")
        and all(_is_chosen(row, slug, values) for slug, values in params.items())
    ]


def _is_chosen(row: Row, slug: str, values: list[str]) -> bool:
    wanted = [value for value in values if not value.startswith("-")]
    unwanted = [value[1:] for value in values if value.startswith("-")]
    if any(_has(row, slug, value) for value in unwanted):
        return False
    return not wanted or any(_has(row, slug, value) for value in wanted)


def _has(row: Row, slug: str, value: str) -> bool:
    postmortem, document = row
    match slug:
        case "status" | "visibility":
            return getattr(postmortem, slug) == value
        case "team":
            return postmortem.team.slug == value
        case "language":
            return document.language == value
        case "has" | "no":
            return _is_there(document, value) == (slug == "has")
        case "action":
            return any(item.status == value for item in document.actions)
        case "hypothesis":
            return any(item.verdict == value for item in document.hypotheses)
        case "duration":
            return _is_as_long(length_of(document), value)
        case "year":
            return _began_in(document, value)
    paths = [item.term for item in document.classifications if item.vocabulary == slug]
    if value == "unknown":
        return not paths
    return any(path == value or path.startswith(f"{value}/") for path in paths)


def _is_there(document: Document, name: str) -> bool:
    if name == "duration":
        return length_of(document) is not None
    if name == "fix":
        return any(item.kind == "permanent" for item in document.actions)
    if name in LISTS:
        return bool(getattr(document, LISTS[name]))
    return getattr(document, name).date != "" or getattr(document, name).text != ""


def _is_as_long(length: durations.Duration | None, value: str) -> bool:
    """A bucket is the range that it is named after, by the rule that ranges have."""
    if value == "unknown":
        return length is None
    if value == "bounded":
        return length is not None and length.kind.startswith("at-")
    _value, low, high = next(bucket for bucket in LENGTH_BUCKETS if bucket[0] == value)
    is_above = low is None or durations.matches(length, ">=", low)
    return is_above and (high is None or durations.matches(length, "<", high))


def _began_in(document: Document, value: str) -> bool:
    """In a year, a month, or a range of either, known to be so; or in one of the places apart."""
    started = document.started
    if value in ("unknown", "bounded"):
        place = "bounded" if started.bound else "" if started.date else "unknown"
        return place == value
    if not started.date or started.bound:
        return False
    low, dots, high = value.partition("..")
    low, high = (low, high) if dots else (low, low)
    first = f"{started.date[:7]}-01"[:7] if len(started.date) > 4 else f"{started.date}-01"
    last = started.date[:7] if len(started.date) > 4 else f"{started.date}-12"
    return (not low or first >= f"{low}-01"[:7]) and (not high or last <= (f"{high}-12")[:7])
