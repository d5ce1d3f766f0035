"""Facet counts: exact for every viewer, disjunctive, distinct in trees.

One aggregation counts all facets without a choice; each facet with a choice is counted once more
over the query without that choice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import tantivy
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from postmortems.models import Postmortem, Team
from postmortems.search.fields import BOUNDED, UNKNOWN
from postmortems.search.results import Bucket, Facet, FacetValue, Histogram
from postmortems.search.selection import Choice, Prefix, Selection, excluding, toggled
from taxonomy import languages
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo

MOST_VALUES = 65_000
VALUES_SHOWN = 7
MOST_YEARS = 40


@dataclass(frozen=True)
class BuiltIn:
    """A facet that is no vocabulary: its name and its values where these are fixed."""

    slug: str
    label: str | Promise
    values: tuple[tuple[str, str | Promise], ...] = ()


BUILT_IN = (
    BuiltIn("status", gettext_lazy("Status"), tuple(Postmortem.Status.choices)),
    BuiltIn("visibility", gettext_lazy("Visibility"), tuple(Postmortem.Visibility.choices)),
    BuiltIn("team", pgettext_lazy("a group of people", "Team")),
    BuiltIn(
        "language",
        gettext_lazy("Language"),
        (("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")),
    ),
)
AGGREGATED = ("term", "vocabulary", "status", "visibility", "team", "language", "when")

Counts = Mapping[str, Mapping[str, int]]


def count(searcher: tantivy.Searcher, query: tantivy.Query, names: tuple[str, ...]) -> Counts:
    """How many entries have each value of the named columns, and under `""` how many there are."""
    wanted = {name: {"terms": {"field": name, "size": MOST_VALUES}} for name in names}
    answer = searcher.aggregate(query, wanted)
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
        for name in names
    }


@dataclass(frozen=True)
class Counter:
    """Counts per facet: `base` over the whole query, `alone` over the query without one facet."""

    base: Counts
    alone: Mapping[str, Counts]
    total: int
    totals: Mapping[str, int]

    def of(self, slug: str) -> Counts:
        """The counts that hold for one facet's values."""
        return self.alone.get(slug, self.base)

    def total_of(self, slug: str) -> int:
        """How many entries there are without the facet's own choice."""
        return self.totals.get(slug, self.total)


@dataclass(frozen=True)
class Builder:
    """Turns counts into facets for one selection, language and address."""

    terms: Terms
    selection: Selection
    counter: Counter
    language: str
    base: str

    def facets(self) -> Iterator[Facet]:
        """All facets in display order."""
        for info in self.terms.vocabularies:
            if info.facet_shown:
                yield self._vocabulary(info)
        for built_in in BUILT_IN:
            facet = self._built_in(built_in)
            if facet.values:
                yield facet

    # Vocabularies

    def _vocabulary(self, info: VocabularyInfo) -> Facet:
        choice, counts = self.selection.of(info.slug), self.counter.of(info.slug)
        prefix = self.selection.prefix(self.base, info.slug)
        chosen = self._chosen(info.slug, choice)
        make = self._term_maker(chosen, counts["term"], prefix)
        roots = self.terms.children(None, info.slug, retired=True)
        values = [value for root in roots for value in make(root, 0)]
        unknown = self.counter.total_of(info.slug) - counts["vocabulary"].get(info.slug, 0)
        if unknown or UNKNOWN in choice.included:
            values.append(self._plain(UNKNOWN, _("Not recorded"), unknown, choice, prefix))
        return Facet(
            slug=info.slug,
            label=info.name(self.language),
            kind=info.kind,
            open=info.facet_open or bool(choice),
            values_shown=info.facet_values,
            selected_count=len(choice.included) + len(choice.excluded),
            values=tuple(values),
        )

    def _chosen(self, slug: str, choice: Choice) -> Choice:
        """The choice with each value as the path of the term it means."""

        def paths(values: tuple[str, ...]) -> tuple[str, ...]:
            found = (self.terms.resolve(slug, value) or (None,) for value in values)
            return tuple(
                term.path if term else value
                for value, (term, *_rest) in zip(values, found, strict=True)
            )

        return Choice(paths(choice.included), paths(choice.excluded))

    def _term_maker(
        self, choice: Choice, counts: Mapping[str, int], prefix: Prefix
    ) -> Callable[[TermInfo, int], list[FacetValue]]:
        def make(term: TermInfo, depth: int) -> list[FacetValue]:
            found = counts.get(str(term.id), 0)
            selected, excluded = term.path in choice.included, term.path in choice.excluded
            if term.retired and not (found or selected or excluded):
                return []
            below = self.terms.children(term, retired=True)
            value = FacetValue(
                value=term.path,
                label=term.name(self.language),
                count=found,
                selected=selected,
                excluded=excluded,
                toggle_url=prefix.finish(toggled(choice, term.path, self._related(term, choice))),
                exclude_url=prefix.finish(excluding(choice, term.path)),
                depth=depth,
                children=tuple(value for child in below for value in make(child, depth + 1)),
                symbol=term.symbol,
                term_id=term.id,
                rank=term.rank,
            )
            return [value]

        return make

    def _related(self, term: TermInfo, choice: Choice) -> list[str]:
        """The chosen terms above and below, which choosing this one replaces."""
        return [
            path
            for path in choice.included
            if path.startswith(f"{term.path}/") or term.path.startswith(f"{path}/")
        ]

    # Built-in facets

    def _built_in(self, built_in: BuiltIn) -> Facet:
        choice = self.selection.of(built_in.slug)
        counts = self.counter.of(built_in.slug)[built_in.slug]
        prefix = self.selection.prefix(self.base, built_in.slug)
        names = {value: str(label) for value, label in built_in.values}
        if built_in.slug == "team":
            # Only teams with something to see: the names of others are not the viewer's to know.
            slugs = [*counts, *(slug for slug in choice.included if slug not in counts)]
            known = dict(Team.objects.filter(slug__in=list(counts)).values_list("slug", "name"))
            names = {slug: known.get(slug, slug) for slug in sorted(slugs)}
        values = [
            self._plain(value, label, counts.get(value, 0), choice, prefix)
            for value, label in names.items()
        ]
        return Facet(
            slug=built_in.slug,
            label=str(built_in.label),
            kind="flat",
            open=bool(choice),
            values_shown=VALUES_SHOWN,
            selected_count=len(choice.included) + len(choice.excluded),
            values=tuple(values),
        )

    def _plain(
        self, value: str, label: str, found: int, choice: Choice, prefix: Prefix
    ) -> FacetValue:
        return FacetValue(
            value=value,
            label=label,
            count=found,
            selected=value in choice.included,
            excluded=value in choice.excluded,
            toggle_url=prefix.finish(toggled(choice, value)),
            exclude_url=prefix.finish(excluding(choice, value)),
        )

    # The histogram

    def histogram(self) -> Histogram:
        """Years with none left out between the first and the last; months once a year is chosen."""
        choice = self.selection.of("year")
        counts = self.counter.of("year")["when"]
        prefix = self.selection.prefix(self.base, "year")
        year = next((value[:4] for value in choice.included if value[:4].isdigit()), "")
        values = months(year) if year else years(counts)

        def bucket(value: str, label: str) -> Bucket:
            selected = value in choice.included
            url = prefix.finish(Choice(() if selected else (value,)))
            return Bucket(value, label, counts.get(value, 0), url, selected)

        return Histogram(
            granularity="month" if year else "year",
            buckets=tuple(bucket(value, value) for value in values),
            bounded=bucket(BOUNDED, _("≤ date")),
            unknown=bucket(UNKNOWN, _("unknown")),
            all_url=prefix.finish(Choice()) if choice else "",
        )


def years(counts: Mapping[str, int]) -> list[str]:
    """The years from the first with an entry to the last, at most MOST_YEARS of them."""
    found = sorted(int(value) for value in counts if len(value) == len("2023") and value.isdigit())
    if not found:
        return []
    first = max(found[0], found[-1] - MOST_YEARS + 1)
    return [str(year) for year in range(first, found[-1] + 1)]


def months(year: str) -> list[str]:
    """The twelve months of a year."""
    return [f"{year}-{month:02}" for month in range(1, 13)]


def language_of(language: str) -> str:
    """The language that names are shown in, one of those that terms are named in."""
    return language if language in languages.LANGUAGES else "en"
