"""What is not recorded, and in how many: each gap with its list, and for authors the place to fill it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from tantivy import Query

from postmortems.access import teams_to_write_in
from postmortems.insights.asking import Selected
from postmortems.insights.shapes import Count
from postmortems.models import User
from postmortems.search import hits, labels
from postmortems.search.combining import all_of
from postmortems.search.ranking import SORT_BY_VALUE

# Where one of them is not there, nothing can lack it.
VOCABULARIES = ("trigger", "cause", "detection")
# What a record can lack, in the order that it is asked for: parts as `no:` names them, and
# vocabularies; each with the part of the editor that has its fields.
GAPS = {
    **{name: name for name in ("started", "detected", "mitigated", "resolved", "duration")},
    **dict.fromkeys(VOCABULARIES, "part-terms"),
    **{"lesson": "part-lessons", "action": "part-actions", "fix": "part-actions"},
}
# Places in the editor that are offered, for each gap.
MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader who may edit can fill a gap: `url` leads to the editor, at the part."""

    ref: str
    title: str
    title_language: str
    url: str


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not recorded. `name` is one of GAPS, `label` what it is called; `places` are
    those of the reader's own teams, the latest first."""

    name: str
    label: str
    count: Count
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """All gaps that somebody has, the most frequent first; of `total` postmortems."""

    gaps: tuple[Gap, ...]
    total: Count


def gaps_of(selected: Selected) -> Gaps:
    """What the postmortems of a selection lack."""
    lacking = {name: number for name, number in _lacking(selected) if number}
    writable = _writable(selected) if lacking else None
    ordered = sorted(lacking, key=lambda name: -lacking[name])
    return Gaps(
        tuple(
            Gap(
                name,
                labels.value_label("no", name, selected.terms, selected.shown_in),
                selected.count(lacking[name], no=name),
                tuple(_places(selected, name, writable)) if writable else (),
            )
            for name in ordered
        ),
        selected.everything,
    )


def _lacking(selected: Selected) -> Iterator[tuple[str, int]]:
    for name in GAPS:
        if selected.terms.vocabulary(name):
            yield name, len(selected.without_any(name))
        elif name not in VOCABULARIES:
            having = selected.members.of("has", name)
            yield name, selected.total - selected.found.intersection_cardinality(having)


def _writable(selected: Selected) -> Query | None:
    """The postmortems of the teams that the reader writes in."""
    by = selected.by
    if not isinstance(by, User) or not by.is_active:
        return None
    slugs = [team.slug for team in teams_to_write_in(by)]
    return Query.term_set_query(selected.question.schema, "team", slugs) if slugs else None


def _places(selected: Selected, name: str, writable: Query) -> Iterator[Place]:
    gap = selected.asked.aside.value("no", name)
    query = all_of([selected.question.query(), gap, writable])
    searcher, sort = selected.question.searcher, SORT_BY_VALUE["started"]
    found, _count = hits.page_of_hits(searcher, query, sort, offset=0, size=MOST_PLACES)
    for hit in hits.hits_of(found, [], selected.terms, selected.shown_in):
        address = reverse("postmortem-edit", args=[hit.ref])
        yield Place(hit.ref, hit.title, hit.title_language, f"{address}#{GAPS[name]}")
