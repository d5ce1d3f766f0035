"""What is a near miss: it could have hurt, and did not. Pages word its severity by this; statistics leave it out."""

from collections.abc import Iterable

from taxonomy import tree
from taxonomy.lookup import Terms

VOCABULARY = "kind"
# As the shipped vocabulary calls it; a curator who moves the term takes this meaning along.
PATH = "near-miss"


def is_near_miss(kinds: Iterable[str], terms: Terms) -> bool:
    """Whether a postmortem with these terms of the vocabulary `kind`, by path, tells of a near miss.

    Its severity is what it could have been and its times hurt nobody, so neither goes into a number
    or a trend over many postmortems, such as time to resolve or SEV1 a quarter, unless the question
    itself asks for near misses. Lists, facets and their counts hold it like any other postmortem.
    """
    path = near_miss_path(terms)
    return bool(path) and any(tree.is_under(kind, path) for kind in kinds)


def near_miss_path(terms: Terms) -> str:
    """Where the term stands now; empty where there is none, or it became a part of another one."""
    term = terms.get(VOCABULARY, PATH)
    return term.path if term and term.merged_into_id is None else ""
