"""Asks the front door and gives back what a test compares: refs, counts, facet values."""

from django.contrib.auth.models import AnonymousUser

from postmortems.models import Postmortem
from postmortems.search import Facet, FacetValue, Results, search

VISITOR = AnonymousUser()


def ask(text: str = "", by=VISITOR, *, page=1, page_size=100, shown_in="en", **params) -> Results:
    """One search; a parameter is a text or a list of them, `cause__primary` stands for `cause.primary`."""
    given = {
        name.replace("__", "."): [value] if isinstance(value, str) else value
        for name, value in params.items()
    }
    return search(text, given, by, page=page, page_size=page_size, language=shown_in)


def refs(*postmortems: Postmortem) -> set[str]:
    """The refs of some postmortems."""
    return {postmortem.ref for postmortem in postmortems}


def found(text: str = "", by=VISITOR, **params) -> set[str]:
    """The refs of all hits."""
    return {hit.ref for hit in ask(text, by, **params).hits}


def order(text: str = "", by=VISITOR, **params) -> list[str]:
    """The refs of all hits, in order."""
    return [hit.ref for hit in ask(text, by, **params).hits]


def facet(results: Results, slug: str) -> Facet:
    """One facet of the results."""
    return next(item for item in results.facets if item.slug == slug)


def value(results: Results, slug: str, name: str) -> FacetValue:
    """One value of one facet."""
    return next(item for item in facet(results, slug).flat() if item.value == name)


def counts(results: Results, slug: str) -> dict[str, int]:
    """The values of a facet that something has, with their counts."""
    return {item.value: item.count for item in facet(results, slug).flat() if item.count}
