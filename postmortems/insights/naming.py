"""Vocabularies and terms as the answers about patterns name them, and the terms of one level of a tree."""

from collections.abc import Iterator

from postmortems.insights.asking import Selected
from postmortems.insights.shapes import UNKNOWN, Field, Named
from postmortems.search import labels
from taxonomy.lookup import TermInfo


def fields_of(selected: Selected) -> tuple[Field, ...]:
    """All vocabularies that can be counted by, in their order."""
    depths: dict[str, int] = {}
    for term in selected.terms.by_id.values():
        if not term.retired:
            depths[term.vocabulary] = max(depths.get(term.vocabulary, 1), 1 + term.depth)
    return tuple(
        Field(info.slug, info.name(selected.shown_in), depths.get(info.slug, 1))
        for info in selected.terms.vocabularies
    )


def field_of(selected: Selected, slug: str, default: str) -> Field:
    """The vocabulary that is asked for; where there is none of that name, the default one, else the
    first."""
    every = {field.slug: field for field in fields_of(selected)}
    found = every.get(slug) or every.get(default)
    return found or next(iter(every.values()), Field(default, default))


def named(selected: Selected, term: TermInfo) -> Named:
    """A term in the reader's language."""
    info = selected.terms.vocabulary(term.vocabulary)
    return Named(
        vocabulary=term.vocabulary,
        path=term.path,
        label=term.name(selected.shown_in),
        vocabulary_label=info.name(selected.shown_in) if info else term.vocabulary,
        depth=term.depth,
        definition=term.definition(selected.shown_in),
    )


def not_recorded(field: Field) -> Named:
    """What stands for those that have no term of a vocabulary."""
    return Named(field.slug, UNKNOWN, str(labels.NOT_RECORDED), field.label)


def level_of(selected: Selected, slug: str, depth: int) -> Iterator[TermInfo]:
    """The terms that any match has at a level of the tree, 1 for the roots, in display order; branches
    that end above it stand with their last term."""
    for term in selected.terms.terms_of(slug, retired=True):
        is_end = not any(
            child.id in selected.sets for child in selected.terms.children(term, retired=True)
        )
        is_there = term.depth == depth - 1 or (term.depth < depth - 1 and is_end)
        if is_there and term.id in selected.sets:
            yield term
