"""Follows the address behind a number: what it lists must be what the number says."""

from dataclasses import fields, is_dataclass
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

from postmortems.insights.asking import Selected, selected
from postmortems.insights.shapes import Count
from postmortems.search import search
from tests.search.asking import VISITOR


def chosen(text: str = "", by=VISITOR, **params) -> Selected:
    """A selection; a parameter is a text or a list of them."""
    given = {name: [value] if isinstance(value, str) else value for name, value in params.items()}
    return selected(text, given, by)


def listed(count: Count, by=VISITOR) -> int:
    """How many hits the list behind a number has."""
    parts = urlsplit(count.url)
    assert parts.path == reverse("search")
    params = QueryDict(parts.query)
    return search(params.get("q", ""), params, by).count


def refs_of(count: Count, by=VISITOR) -> set[str]:
    """Which postmortems the list behind a number has."""
    params = QueryDict(urlsplit(count.url).query)
    found = search(params.get("q", ""), params, by, page_size=100)
    return {hit.ref for hit in found.hits}


def counts_in(answer: object) -> list[Count]:
    """Every number in an answer, however deep."""
    if isinstance(answer, Count):
        return [answer]
    if isinstance(answer, tuple):
        return [count for item in answer for count in counts_in(item)]
    if is_dataclass(answer):
        values = (getattr(answer, field.name) for field in fields(answer))
        return [count for value in values for count in counts_in(value)]
    return []
