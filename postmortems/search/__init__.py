"""Search: a query language over every part, facets whose counts are always right, an index that is never behind."""

from postmortems.search.front_door import numbers_of, search
from postmortems.search.results import (
    Bucket,
    Chip,
    Facet,
    FacetValue,
    Histogram,
    Hit,
    Results,
    Snippet,
)

__all__ = [
    "Bucket",
    "Chip",
    "Facet",
    "FacetValue",
    "Histogram",
    "Hit",
    "Results",
    "Snippet",
    "numbers_of",
    "search",
]
