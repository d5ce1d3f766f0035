"""Facets as they are shown: names, counts, what is chosen, and the links that choose."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils import translation

from postmortems.models import Team
from postmortems.search import labels
from postmortems.search.counting import OWN_COLUMN, Counter
from postmortems.search.fields import FLAGS, UNKNOWN, canonical_value, present_name
from postmortems.search.histogram import Started
from postmortems.search.labels import Label
from postmortems.search.questions import Question
from postmortems.search.results import Facet, FacetValue, Histogram
from postmortems.search.selection import NOTHING, Choice, Links, Selection
from taxonomy import languages
from taxonomy.kept import KeptPerSnapshot
from taxonomy.lookup import TermInfo, Terms, VocabularyInfo, fold

VALUES_SHOWN = 7
# Each costs a search of its own: what is chosen but not listed is counted for the first ones only.
MOST_UNLISTED = 8


@dataclass(frozen=True)
class BuiltIn:
    """A facet that is no vocabulary: its name, its values where these are fixed, and whether it
    counts the entries that have a value or those that lack it."""

    slug: str
    label: Label
    values: tuple[tuple[str, Label], ...] = ()
    kind: str = "flat"
    is_absence: bool = False


def _made(slug: str, kind: str = "flat") -> BuiltIn:
    values = labels.PARTS if slug in FLAGS else labels.VALUES.get(slug, {})
    return BuiltIn(slug, labels.FIELDS[slug], tuple(values.items()), kind, slug == "no")


BUILT_IN = (
    *(_made("no"), _made("has")),
    *(_made("duration", "ordered"), _made("action", "ordered"), _made("hypothesis", "ordered")),
    *(_made("status"), _made("visibility"), _made("team"), _made("language")),
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


_shapes: KeptPerSnapshot[str, dict[str, tuple[Shape, ...]]] = KeptPerSnapshot()


def shapes_of(terms: Terms, language: str) -> dict[str, tuple[Shape, ...]]:
    """The roots of each vocabulary with all below them; kept per snapshot and language."""
    by_language = _shapes.of(terms)
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


@lru_cache(maxsize=8)
def built_in_names(language: str) -> dict[str, tuple[str, dict[str, str]]]:
    """What each built-in facet and each of its fixed values is called, in one language."""
    with translation.override(language):
        return {
            facet.slug: (str(facet.label), {value: str(text) for value, text in facet.values})
            for facet in BUILT_IN
        }


@dataclass(frozen=True)
class Builder:
    """Turns counts into facets for one selection, language and address. `question` counts what is
    chosen but stands in no list; without one such values are not shown."""

    terms: Terms
    selection: Selection
    counter: Counter
    language: str
    base: str
    question: Question | None = None

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
        slug = info.slug
        choice, counts = self._canonical(slug), self.counter.of(slug)
        links = Links(self.selection.prefix(self.base, slug), choice)
        roots = shapes_of(self.terms, self.language)[slug]
        shown = (self._value(shape, choice, counts["term"], links) for shape in roots)
        values = [value for value in shown if value]
        unknown = self.counter.total_of(slug) - counts["vocabulary"].get(slug, 0)
        if unknown or UNKNOWN in (*choice.included, *choice.excluded):
            label = str(labels.NOT_RECORDED)
            values.append(self._plain(UNKNOWN, label, unknown, choice, links))
        if choice:
            paths = [UNKNOWN, *(term.path for term in self.terms.terms_of(slug, retired=True))]
            values += self._unlisted(slug, choice, paths, links)
        return Facet(
            slug=slug,
            label=info.name(self.language),
            kind=info.kind,
            open=info.facet_open or bool(choice),
            values_shown=info.facet_values,
            selected_count=len(choice.included) + len(choice.excluded),
            values=tuple(values),
            total=self.counter.total_of(slug),
        )

    def _value(
        self, shape: Shape, choice: Choice, counts: Mapping[str, int], links: Links
    ) -> FacetValue | None:
        """One term with all below it; None for a retired one that nothing has."""
        term, path = shape.term, shape.term.path
        found = counts.get(shape.key, 0)
        selected, excluded = path in choice.included, path in choice.excluded
        if term.retired and not (found or selected or excluded):
            return None
        below = [self._value(child, choice, counts, links) for child in shape.children]
        return FacetValue(
            value=path,
            label=shape.label,
            count=found,
            selected=selected,
            excluded=excluded,
            links=links,
            depth=term.depth,
            children=tuple([value for value in below if value]),
            symbol=term.symbol,
            term_id=term.id,
            rank=term.rank,
        )

    # Built-in facets

    def _built_in(self, built_in: BuiltIn) -> Facet:
        slug = built_in.slug
        choice, counts = self._canonical(slug), self.counter.of(slug)[OWN_COLUMN[slug]]
        links = Links(self.selection.prefix(self.base, slug), choice)
        total = self.counter.total_of(slug)
        title, known = built_in_names(self.language)[slug]
        names = known or self._teams(counts, choice)
        values = []
        for value, label in names.items():
            found = counts.get(value, 0)
            count = total - found if built_in.is_absence else found
            values.append(self._plain(value, label, count, choice, links))
        return Facet(
            slug=slug,
            label=title,
            kind=built_in.kind,
            open=bool(choice),
            values_shown=VALUES_SHOWN,
            selected_count=len(choice.included) + len(choice.excluded),
            values=(*values, *self._unlisted(slug, choice, names, links)),
            total=total,
        )

    def _canonical(self, slug: str) -> Choice:
        """The choice in a facet that is no vocabulary, each value as the facet writes it."""
        chosen = self.selection.of(slug)
        included, excluded = (
            tuple(dict.fromkeys(self._written(slug, value) for value in values))
            for values in (chosen.included, chosen.excluded)
        )
        return Choice(included, excluded)

    def _written(self, slug: str, value: str) -> str:
        if info := self.terms.vocabulary(slug):
            found = self.terms.resolve(info.slug, value)
            return found[0].path if found else UNKNOWN if fold(value) == UNKNOWN else value
        if slug in FLAGS:
            return present_name(value, self.terms)
        return canonical_value(slug, value)

    def _teams(self, counts: Mapping[str, int], choice: Choice) -> dict[str, str]:
        """Only teams with something to see: the names of others are not the viewer's to know."""
        known = dict(Team.objects.filter(slug__in=list(counts)).values_list("slug", "name"))
        slugs = {*counts, *choice.included, *choice.excluded}
        return {slug: known.get(slug, slug) for slug in sorted(slugs)}

    def _unlisted(
        self, slug: str, choice: Choice, listed: Collection[str], links: Links
    ) -> Iterator[FacetValue]:
        """What is chosen but stands in no list: a range, another part, a typing error."""
        asked = self.selection.of(slug) if self.question else NOTHING
        texts = {self._written(slug, text): text for text in (*asked.included, *asked.excluded)}
        others = [value for value in texts if value not in listed][:MOST_UNLISTED]
        for value in others:
            label = labels.value_label(slug, value, self.terms, self.language)
            yield self._plain(value, label, self._count_alone(slug, texts[value]), choice, links)

    def _count_alone(self, slug: str, text: str) -> int:
        return self.question.count_alone(slug, text) if self.question else 0

    def _plain(
        self, value: str, label: str, found: int, choice: Choice, links: Links
    ) -> FacetValue:
        return FacetValue(
            value=value,
            label=label,
            count=found,
            selected=value in choice.included,
            excluded=value in choice.excluded,
            links=links,
        )

    def histogram(self) -> Histogram:
        """When they started."""
        prefix = self.selection.prefix(self.base, "year")
        counts = self.counter.of("year")["when"]
        return Started(counts, self._canonical("year"), prefix).histogram()


def language_of(language: str) -> str:
    """The language that names are shown in, one of those that terms are named in."""
    return language if language in languages.LANGUAGES else "en"
