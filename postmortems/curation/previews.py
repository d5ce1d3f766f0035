"""What a change would touch, counted before it is made, as far as who asks may see it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from postmortems.curation.merging import merge_problem
from postmortems.curation.moving import plan_of
from postmortems.curation.places import place_problem
from postmortems.curation.terms import under
from postmortems.models import Postmortem, SavedSearch, User
from postmortems.search.fields import PART_ALIASES, canonical, known_fields
from postmortems.search.parser import parse
from postmortems.search.query import Any, leaves
from postmortems.search.saved import params_of
from taxonomy import lookup
from taxonomy.lookup import Terms
from taxonomy.models import Term


@dataclass(frozen=True, slots=True)
class Touched:
    """How many postmortems name the term or one below it, which saved searches do so, and which
    terms are below it; `problem` says why it cannot be done at all."""

    postmortems: int
    saved_searches: tuple[SavedSearch, ...]
    below: tuple[Term, ...]
    path: str = ""
    problem: str = ""


def preview_move(term: Term, parent: Term | None, *, by: User, slug: str = "") -> Touched:
    """What moving the term would touch, and the path it would have."""
    problem, path = place_problem(term.vocabulary, parent), ""
    try:
        plan = {} if problem else plan_of(term, parent, slug)
        path = plan.get(term.path, term.path)
    except ValidationError as error:
        problem = " ".join(error.messages)
    return _touched(term, by, path, problem)


def preview_merge(source: Term, target: Term, *, by: User) -> Touched:
    """What merging the one into the other would touch."""
    return _touched(source, by, target.path, merge_problem(source, target))


def preview_retirement(term: Term, *, by: User) -> Touched:
    """What retiring the term would touch."""
    return _touched(term, by, term.path, "")


def _touched(term: Term, by: User, path: str, problem: str) -> Touched:
    rows = under(term)
    having = Postmortem.objects.visible_to(by).live().filter(classifications__term__in=rows)
    return Touched(
        postmortems=having.distinct().count(),
        saved_searches=_saved_searches(term.vocabulary.slug, {row.pk for row in rows}, by),
        below=tuple(sorted(rows[1:], key=lambda row: row.path)),
        path=path,
        problem=problem,
    )


def _saved_searches(vocabulary: str, term_ids: set[int], by: User) -> tuple[SavedSearch, ...]:
    """Saved searches that name one of the terms, in a parameter or in their text."""
    terms = lookup.current()
    return tuple(
        saved
        for saved in SavedSearch.objects.visible_to(by).order_by("name", "ref")
        if any(
            found.id in term_ids
            for value in _values_in(saved.query, vocabulary, terms)
            for found in terms.resolve(vocabulary, value)
        )
    )


def _values_in(query: str, vocabulary: str, terms: Terms) -> Iterator[str]:
    params = params_of(query)
    for name, values in params.items():
        if _is_of(name.lower(), vocabulary):
            for value in values:
                yield from (part.strip().removeprefix("-") for part in value.split(","))
    for text in params.get("q", ()):
        node = parse(text, known_fields(terms), PART_ALIASES).node
        for leaf, _negated in leaves(node):
            if isinstance(leaf, Any) and _is_of(leaf.field, vocabulary):
                yield from leaf.values


def _is_of(name: str, vocabulary: str) -> bool:
    return canonical(name).partition(".")[0] == vocabulary
