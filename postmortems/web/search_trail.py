"""The way back from a postmortem to the search that found it, and the results before and after it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse

from postmortems.models import User
from postmortems.search import Hit, Results
from postmortems.search import search as find
from postmortems.search.front_door import MOST_PAGES
from postmortems.web.search_carried import page_size_of, with_size

FROM_LENGTH = 4000
FROM_FIELDS = 100


@dataclass(frozen=True)
class Neighbour:
    """A result beside the one that is read; its address carries the same search on."""

    title: str
    language: str
    url: str


@dataclass(frozen=True)
class Trail:
    """The search that the reader came from. `place` is 0 where the postmortem is not among its results."""

    url: str
    words: str
    count: int
    place: int = 0
    previous: Neighbour | None = None
    next: Neighbour | None = None


@dataclass(frozen=True)
class _Walk:
    """Asks the same search page by page."""

    params: QueryDict
    by: User | AnonymousUser
    language: str

    def page(self, number: int | str) -> Results:
        return find(
            self.params.get("q", ""),
            self.params,
            self.by,
            page=number,
            page_size=page_size_of(self.params),
            language=self.language,
        )

    def neighbour(self, hit: Hit, page: int) -> Neighbour:
        came_from = with_size(self.params, page_size_of(self.params)).copy()
        came_from.pop("page", None)
        if page > 1:
            came_from["page"] = str(page)
        query = urlencode({"from": came_from.urlencode(safe="/:,")})
        return Neighbour(hit.title, hit.title_language, f"{hit.url}?{query}")


def trail_of(came_from: str, ref: str, by: User | AnonymousUser, language: str) -> Trail | None:
    """The trail for the query string that stands in `from`; None where it asks nothing."""
    query = came_from[:FROM_LENGTH]
    params = QueryDict(query if query.count("&") < FROM_FIELDS else "", mutable=True)
    if not params:
        return None
    walk = _Walk(params, by, language)
    results = walk.page(params.get("page", "1"))
    url = f"{reverse('search')}?{params.urlencode(safe='/:,')}"
    at = next((index for index, hit in enumerate(results.hits) if hit.ref == ref), None)
    if at is None:
        return Trail(url, results.text, results.count)
    return Trail(
        url=url,
        words=results.text,
        count=results.count,
        place=(results.page - 1) * results.page_size + at + 1,
        previous=_beside(walk, results, at - 1),
        next=_beside(walk, results, at + 1),
    )


def _beside(walk: _Walk, results: Results, at: int) -> Neighbour | None:
    """The hit at a place of the page, which may be the last of the page before or the first of the next."""
    if 0 <= at < len(results.hits):
        return walk.neighbour(results.hits[at], results.page)
    number = results.page + (1 if at > 0 else -1)
    place = (number - 1) * results.page_size
    if not 1 <= number <= MOST_PAGES or place >= results.count:
        return None
    hits = walk.page(number).hits
    return walk.neighbour(hits[0 if at > 0 else -1], number) if hits else None
