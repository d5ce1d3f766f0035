"""Engine queries put together: all of, any of, none of."""

from collections.abc import Iterable

from tantivy import Occur, Query

from postmortems.search import ranking


def all_of(queries: Iterable[Query]) -> Query:
    """The entries that match every query."""
    wanted = list(queries)
    return wanted[0] if len(wanted) == 1 else Query.boolean_query([(Occur.Must, q) for q in wanted])


def any_of(queries: Iterable[Query]) -> Query:
    """The entries that match at least one query."""
    wanted = list(queries)
    return (
        wanted[0] if len(wanted) == 1 else Query.boolean_query([(Occur.Should, q) for q in wanted])
    )


def none_of(query: Query) -> Query:
    """All entries but those that match."""
    rest = Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])
    return ranking.unscored(rest)
