"""The values that may follow a field's colon, with what there is to see of each."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from tantivy import FieldType, Query

from postmortems.document import SECTIONS
from postmortems.models import Team
from postmortems.search import labels, query
from postmortems.search.combining import all_of
from postmortems.search.completion_asked import Asked
from postmortems.search.completion_names import Called, quality_of, streams_of, terms_called
from postmortems.search.completion_options import Option
from postmortems.search.fields import (
    CHOICES,
    LENGTHS,
    MOMENTS,
    OPTIONS,
    PART_BY_NAME,
    PARTS,
    PRESENT,
    UNKNOWN,
    canonical,
)
from postmortems.search.ranges import EPOCH_MINUTES
from postmortems.section_names import SECTION_NAMES
from taxonomy.lookup import TermInfo

MOST = 10
# How many years or months are looked into for something that started then.
MOST_DATES = 40
BOUNDS = ("15min", "1h", "4h", "1d", "7d")
NO_END = 2**50
STARTS = ("started", "year")
YEAR = re.compile(r"\d{4}-")


def values_of(asked: Asked) -> list[Option]:
    """The values of the field at the caret that begin as typed, the likeliest first."""
    name = canonical(asked.caret.field)
    offer = OFFERS.get(name)
    if offer is None:
        offer = _terms if asked.terms.vocabulary(name.partition(".")[0]) else _nothing
    found = (option for option in offer(asked) if option.insert not in asked.caret.others)
    return list(found)[:MOST]


def _nothing(_asked: Asked) -> list[Option]:
    return []


def written(value: str) -> str:
    """A value as it stands in a query, in quotes where it needs them."""
    return query.to_text(query.Any("", (value,))).removeprefix(":")


# Terms


def _terms(asked: Asked) -> list[Option]:
    slug, _dot, role = canonical(asked.caret.field).partition(".")
    prefix = f"{role}:" if role else ""
    counts = asked.counts("role" if role else "term", prefix)
    typed = asked.caret.typed
    called = terms_called(typed, asked.terms, slug)
    found = [
        (item, counts.get(f"{prefix}{item.term.id}", 0))
        for item in called
        if not item.term.retired or f"{prefix}{item.term.id}" in counts
    ]
    options = [
        term_option(item.term, count, asked, matched=item)
        for item, count in sorted(found, key=lambda pair: _order(pair[0], pair[1], typed))
        # What leads to nothing is only worth knowing when somebody asks for it.
        if count or typed
    ]
    return [*options, *_not_recorded(asked, slug)]


def _order(item: Called, count: int, typed: str) -> tuple[bool, int, int]:
    """What is there before what is not; a scale in its own order."""
    quality = item.quality if typed else 0
    return not count, quality, 0 if item.term.rank is not None else -count


def term_option(term: TermInfo, count: int, asked: Asked, *, matched: Called) -> Option:
    """One term as a value of its field: where it stands in the tree, else what it means."""
    label = term.name(asked.language)
    above = " › ".join(item.name(asked.language) for item in asked.terms.ancestors(term)[:-1])
    # Between values of many fields there is no room for more than where each belongs.
    hint = above or (term.definition(asked.language) if asked.caret.field else "")
    shown = [hint] if shows(matched, asked) else [matched.name, hint]
    return Option("value", written(term.path), label, " · ".join(filter(None, shown)), count)


def shows(matched: Called, asked: Asked) -> bool:
    """Whether it can be seen in the label why a term is offered."""
    label = matched.term.name(asked.language)
    is_by_slug = matched.name in (matched.term.slug, matched.term.path)
    wanted = streams_of(asked.caret.typed)
    return is_by_slug or not wanted or quality_of(wanted, streams_of(label)) is not None


def _not_recorded(asked: Asked, slug: str) -> list[Option]:
    label = str(labels.NOT_RECORDED)
    if not _is_typed(asked, UNKNOWN, label):
        return []
    count = asked.count(query.Any(slug, (UNKNOWN,)))
    return [Option("value", UNKNOWN, label, "", count)] if count else []


# Fixed values


def _fixed(asked: Asked) -> Iterator[Option]:
    return fixed_of(asked, canonical(asked.caret.field))


def fixed_of(asked: Asked, name: str) -> Iterator[Option]:
    """The values of a field that has a few: those that begin as typed and of which there is something."""
    names = labels_of(name)
    for value in CHOICES[name]:
        label = names.get(value, value)
        if _is_typed(asked, value, label):
            count = asked.count(query.Any(name, (value,)))
            if count:
                yield Option("value", value, label, "", count)


def labels_of(name: str) -> dict[str, str]:
    """What the values of a built-in field are called."""
    return {value: str(label) for value, label in labels.VALUES.get(name, {}).items()}


def _options(asked: Asked) -> Iterator[Option]:
    """`match:`, which narrows nothing by itself."""
    names = labels_of(canonical(asked.caret.field))
    for value in OPTIONS[canonical(asked.caret.field)]:
        label = names.get(value, value)
        if _is_typed(asked, value, label):
            yield Option("value", value, label)


def _teams(asked: Asked) -> Iterator[Option]:
    """Only teams with something to see: the names of others are not the viewer's to know."""
    counts = asked.counts("team")
    names = dict(Team.objects.filter(slug__in=list(counts)).values_list("slug", "name"))
    for slug, count in counts.items():
        label = names.get(slug, slug)
        if _is_typed(asked, slug, label):
            yield Option("value", written(slug), label, "", count)


def _present(asked: Asked) -> list[Option]:
    """`has:` and `no:`: parts and vocabularies."""
    vocabularies = {info.slug: info.name(asked.language) for info in asked.terms.vocabularies}
    names = {name: name for name in PRESENT} | labels_of("has") | vocabularies
    wanted = [name for name, label in names.items() if _is_typed(asked, name, label)]
    counts = asked.counts("has") | asked.counts("vocabulary")
    # A relation is there only for those who may see its other end.
    counts["relation"] = asked.count(query.Any("has", ("relation",)))
    if asked.caret.field == "no":
        total = asked.count(query.EVERYTHING)
        counts = {name: total - counts.get(name, 0) for name in names}
    found = [
        Option(
            "value", name, names[name], name if names[name].lower() != name else "", counts[name]
        )
        for name in wanted
        if counts.get(name)
    ]
    return sorted(found, key=lambda option: -(option.count or 0))


def _parts(asked: Asked) -> Iterator[Option]:
    """What `in:` takes: parts, then sections by name."""
    names = {part.name: str(part.label) for part in PARTS}
    names |= {name: str(SECTION_NAMES.get(name, name)) for name in SECTIONS}
    for name, label in names.items():
        if _is_typed(asked, name, label):
            hint = name if name in PART_BY_NAME else str(PART_BY_NAME["sections"].label)
            yield Option("part", name, label, hint)


# Dates and lengths


def _dates(asked: Asked) -> Iterator[Option]:
    """The years in which there is something, the last first; months once a year is typed."""
    name, typed = canonical(asked.caret.field), asked.caret.typed
    if name in STARTS and not asked.caret.operator:
        yield from _starts(asked)
        return
    dates = [date for date in _known_dates(asked) if date.startswith(typed)]
    yield from _counted(asked, ((date, date) for date in dates[:MOST_DATES]))
    unknown = labels_of("year")[UNKNOWN]
    if name != "updated" and not asked.caret.operator and _is_typed(asked, UNKNOWN, unknown):
        yield from _counted(asked, [(UNKNOWN, unknown)])


def _starts(asked: Asked) -> Iterator[Option]:
    """The same for starts, which the index has by year and month already."""
    counts = asked.counts("when")
    length = len("2023-03") if YEAR.match(asked.caret.typed) else len("2023")
    dates = sorted(
        (value for value in counts if len(value) == length and value[0].isdigit()), reverse=True
    )
    names = {date: date for date in dates} | labels_of("year")
    for value, label in names.items():
        if value in counts and _is_typed(asked, value, label):
            yield Option("value", value, label, "" if value == label else value, counts[value])


def _known_dates(asked: Asked) -> list[str]:
    """From the last date of the rest to the first, by year, or by month of the year that is typed."""
    name = canonical(asked.caret.field)
    ends = _ends(asked, "started" if name in STARTS else name)
    if ends is None:
        return []
    years = range(ends[1].year, ends[0].year - 1, -1)
    if not YEAR.match(asked.caret.typed):
        return [str(year) for year in years]
    return [f"{asked.caret.typed[:4]}-{month:02}" for month in range(12, 0, -1)]


def _ends(asked: Asked, name: str) -> tuple[datetime, datetime] | None:
    """The first and the last moment of the rest whose date is known."""
    schema, searcher = asked.question.schema, asked.question.searcher
    known = [
        Query.range_query(schema, f"{name}_from", FieldType.Integer, 1, None),
        Query.range_query(schema, f"{name}_to", FieldType.Integer, None, NO_END - 1),
    ]
    wanted = {
        "first": {"min": {"field": f"{name}_from"}},
        "last": {"max": {"field": f"{name}_from"}},
    }
    answer = searcher.aggregate(all_of([asked.question.query(), *known]), wanted)
    first, last = answer["first"]["value"], answer["last"]["value"]
    return None if first is None or last is None else (_date(first), _date(last))


def _date(minutes: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=int(minutes) - EPOCH_MINUTES)


def _lengths(asked: Asked) -> Iterator[Option]:
    """The usual ranges, or, behind a sign, the usual bounds."""
    if asked.caret.operator:
        bounds = ((value, value) for value in BOUNDS if value.startswith(asked.caret.typed))
        yield from _counted(asked, bounds)
        return
    named = labels_of(canonical(asked.caret.field)).items()
    yield from _counted(asked, (pair for pair in named if _is_typed(asked, *pair)))


def _counted(asked: Asked, values: Iterable[tuple[str, str]]) -> Iterator[Option]:
    """The values that find something in the rest, at most MOST of them."""
    caret = asked.caret
    counted = (
        (pair, asked.count(asked.read(f"{caret.field}:{caret.operator}{pair[0]}")))
        for pair in values
    )
    there = ((value, label, count) for (value, label), count in counted if count)
    for value, label, count in islice(there, MOST):
        yield Option("value", value, label, "" if value == label else value, count)


def _is_typed(asked: Asked, value: str, label: str) -> bool:
    """Whether a value or its name begins as typed."""
    typed = asked.caret.typed.lower()
    if not typed or value.startswith(typed):
        return True
    wanted = streams_of(typed)
    return bool(wanted) and quality_of(wanted, streams_of(label)) is not None


OFFERS: dict[str, Callable[[Asked], Iterable[Option]]] = {
    **dict.fromkeys(CHOICES, _fixed),
    **dict.fromkeys(OPTIONS, _options),
    **dict.fromkeys(MOMENTS, _dates),
    **dict.fromkeys(LENGTHS, _lengths),
    **{"year": _dates, "team": _teams, "has": _present, "no": _present, "in": _parts},
}
