"""Facets and histogram as they are shown: names, counts, what is chosen, and the links that choose."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from postmortems.models import Postmortem, Team
from postmortems.search.counting import Counter
from postmortems.search.fields import BOUNDED, UNKNOWN
from postmortems.search.results import Bucket, Facet, FacetValue, Histogram
from postmortems.search.selection import Choice, Prefix, Selection, excluding, toggled
from taxonomy import languages
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo

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


def slugs_of(terms: Terms) -> frozenset[str]:
    """The names of all facets, the histogram's included."""
    shown = [info.slug for info in terms.vocabularies if info.facet_shown]
    return frozenset((*shown, *(built_in.slug for built_in in BUILT_IN), "year"))


@dataclass(frozen=True)
class Shape:
    """A term as a facet shows it, whatever was asked."""

    term: TermInfo
    key: str
    label: str
    children: tuple["Shape", ...]


_shapes: tuple[Terms, dict[str, dict[str, tuple[Shape, ...]]]] | None = None


def shapes_of(terms: Terms, language: str) -> dict[str, tuple[Shape, ...]]:
    """The roots of each vocabulary with all below them; kept per snapshot and language."""
    global _shapes
    if _shapes is None or _shapes[0] is not terms:
        _shapes = (terms, {})
    by_language = _shapes[1]
    if language not in by_language:
        by_language[language] = {
            info.slug: _shapes_below(terms, None, info.slug, language)
            for info in terms.vocabularies
        }
    return by_language[language]


def _shapes_below(
    terms: Terms, parent: TermInfo | None, slug: str, language: str
) -> tuple[Shape, ...]:
    return tuple(
        Shape(term, str(term.id), term.name(language), _shapes_below(terms, term, slug, language))
        for term in terms.children(parent, slug, retired=True)
    )


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
        roots = shapes_of(self.terms, self.language)[info.slug]
        shown = (self._value(shape, chosen, counts["term"], prefix) for shape in roots)
        values = [value for value in shown if value]
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

    def _value(
        self, shape: Shape, choice: Choice, counts: Mapping[str, int], prefix: Prefix
    ) -> FacetValue | None:
        """One term with all below it; None for a retired one that nothing has."""
        term, path = shape.term, shape.term.path
        found = counts.get(shape.key, 0)
        selected, excluded = path in choice.included, path in choice.excluded
        if term.retired and not (found or selected or excluded):
            return None
        below = (self._value(child, choice, counts, prefix) for child in shape.children)
        return FacetValue(
            value=path,
            label=shape.label,
            count=found,
            selected=selected,
            excluded=excluded,
            toggle_url=prefix.finish(toggled(choice, path, self._related(term, choice))),
            exclude_url=prefix.finish(excluding(choice, path)),
            depth=term.depth,
            children=tuple(value for value in below if value),
            symbol=term.symbol,
            term_id=term.id,
            rank=term.rank,
        )

    def _related(self, term: TermInfo, choice: Choice) -> list[str]:
        """The chosen terms above and below, which choosing this one replaces."""
        if not choice.included:
            return []
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
