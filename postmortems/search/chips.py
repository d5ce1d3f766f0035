"""Chosen filters as chips: those of the parameters and those that stand in the query itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from postmortems.search import labels, query
from postmortems.search.fields import MOMENTS, canonical
from postmortems.search.query import Any, Node, Not, Phrase, Range
from postmortems.search.results import Chip, Facet
from postmortems.search.selection import NOTHING, Choice, Selection, excluding, flipped, toggled
from taxonomy.lookup import Terms

MOST_PARTS = 12


@dataclass(frozen=True)
class Chips:
    """Makes the chips of one search."""

    terms: Terms
    selection: Selection
    node: Node
    facets: tuple[Facet, ...]
    base: str
    language: str

    def all(self) -> Iterator[Chip]:
        """The chips of the query in its order, then those of the parameters in theirs."""
        for child in query.conjuncts(self.node):
            if chip := self._of_query(child):
                yield chip
        for slug, choice in self.selection.choices.items():
            for value in choice.included:
                yield self._of_choice(slug, choice, value, excluded=False)
            for value in choice.excluded:
                yield self._of_choice(slug, choice, value, excluded=True)

    def facet_drops(self) -> Iterator[tuple[str, str, str]]:
        """Each facet with a choice: its slug, words for leaving it out, and the address without it."""
        for slug, choice in self.selection.choices.items():
            names = [self.value_label(slug, value) for value in choice.included]
            names += [_not(self.value_label(slug, value)) for value in choice.excluded]
            label = _drop(_named(self.label(slug), names))
            yield slug, label, self.selection.url(self.base, slug, NOTHING)

    def facet_keeps(self) -> Iterator[tuple[str, str, str]]:
        """Each facet with a choice, kept alone: its slug, words, and that address."""
        for slug, choice in self.selection.choices.items():
            names = [self.value_label(slug, value) for value in choice.included]
            names += [_not(self.value_label(slug, value)) for value in choice.excluded]
            label = _("Keep only “%(filter)s”") % {"filter": _named(self.label(slug), names)}
            kept = Selection("", "", {}, {slug: choice})
            yield slug, label, kept.url(self.base, "", NOTHING)

    def query_alone(self) -> tuple[str, str] | None:
        """Words and address for dropping all facets at once, when there are several and a query."""
        text = query.to_text(self.node)
        if not text or len(self.selection.choices) < 2:
            return None
        label = _("Drop all filters, keep “%(query)s”") % {"query": text}
        return label, Selection(text, "", {"q": (text,)}, {}).url(self.base, "", NOTHING)

    def query_drops(self) -> Iterator[tuple[Node, str, str]]:
        """Each part of the query: the query less it, words for leaving it out, and that address."""
        children = query.conjuncts(self.node)
        if len(children) < 2 and not self.selection.choices:
            return
        # Each drop is a search of its own: a long text with nothing found must not cost a hundred.
        if len(children) > MOST_PARTS:
            return
        for child in children:
            rest = query.without(self.node, child)
            url = self.selection.with_text(self.base, query.to_text(rest))
            yield rest, _drop(self._told(child)), url

    def _of_query(self, child: Node) -> Chip | None:
        inner, excluded = (child.child, True) if isinstance(child, Not) else (child, False)
        if not isinstance(inner, Any | Range):
            return None
        slug = canonical(inner.field)
        rest = query.to_text(query.without(self.node, child))
        other: Node = inner if excluded else Not(inner)
        flipped_text = query.to_text(
            query.conjunction(
                tuple(other if item is child else item for item in query.conjuncts(self.node))
            )
        )
        return Chip(
            label=self.label(slug),
            value_label=self._words(slug, inner),
            url_without=self.selection.with_text(self.base, rest),
            toggle_url=self.selection.with_text(self.base, flipped_text),
            excluded=excluded,
            from_query=True,
        )

    def _told(self, child: Node) -> str:
        """A part of the query in words: a filter as its chip has it, anything else as written."""
        inner, is_out = (child.child, True) if isinstance(child, Not) else (child, False)
        if isinstance(inner, Phrase) and not is_out:
            return inner.text
        if not isinstance(inner, Any | Range):
            return query.to_text(child)
        slug = canonical(inner.field)
        words = self._words(slug, inner)
        return _named(self.label(slug), [_not(words) if is_out else words])

    def _words(self, slug: str, node: Any | Range) -> str:
        if isinstance(node, Any):
            return ", ".join(self.value_label(slug, value) for value in node.values)
        if slug in ("year", *MOMENTS) and not node.strict:
            return labels.months_label(f"{node.low}..{node.high}")
        return self.value_label(slug, query.to_text(node).partition(":")[2])

    def _of_choice(self, slug: str, choice: Choice, value: str, *, excluded: bool) -> Chip:
        without = excluding(choice, value) if excluded else toggled(choice, value)
        return Chip(
            label=self.label(slug),
            value_label=self.value_label(slug, value),
            url_without=self.selection.url(self.base, slug, without),
            toggle_url=self.selection.url(self.base, slug, flipped(choice, value)),
            excluded=excluded,
            from_query=False,
        )

    def label(self, slug: str) -> str:
        """What a field is called."""
        return labels.field_label(slug, self.terms, self.language)

    def value_label(self, slug: str, value: str) -> str:
        """What a value is called; itself when no term or facet knows it."""
        label = labels.value_label(slug, value, self.terms, self.language)
        # The names of teams stand in their facet alone: only there it is decided who may know them.
        values = (item for facet in self.facets if facet.slug == slug for item in facet.values)
        named = (item.label for item in values if item.value == value)
        return next(named, label) if label == value else label


def words_of(chip: Chip) -> str:
    """A chip in words, for titles: `Trigger: not Upgrade`."""
    return _named(chip.label, [_not(chip.value_label) if chip.excluded else chip.value_label])


def values_of(chip: Chip) -> str:
    """What a chip is about, without the field: `not Upgrade`."""
    return _not(chip.value_label) if chip.excluded else chip.value_label


def _drop(words: str) -> str:
    return _("Drop “%(filter)s”") % {"filter": words}


def _not(words: str) -> str:
    return _("not %(value)s") % {"value": words}


def _named(field: str, values: Iterable[str]) -> str:
    return _("%(field)s: %(value)s") % {"field": field, "value": ", ".join(values)}
