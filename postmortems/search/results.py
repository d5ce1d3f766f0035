"""What a search returns: frozen, ready to print, the same for page and API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from postmortems.durations import Duration
from postmortems.moments import Moment
from postmortems.search.query import Node
from postmortems.search.selection import Links
from taxonomy.lookup import Terms


@dataclass(frozen=True)
class Snippet:
    """A place that matched: `html` is escaped but for `<mark>`, `url` leads to the place."""

    part: str
    label: str
    html: str
    url: str


@dataclass(frozen=True)
class PlaceLink:
    """Another place that matched: what it is called, and where it is."""

    label: str
    url: str


@dataclass(frozen=True)
class Reason:
    """One addend of a hit's score: what matched, in which part, and what that is worth."""

    text: str
    part: str
    weight: float


@dataclass(frozen=True)
class Hit:
    """One postmortem found. `terms` are paths by vocabulary; `root_causes` the primary one first,
    contributing ones left out. `lacks` are the words that it does not have, where not all are asked
    for; `reasons` why it stands where it does, where that was asked for."""

    ref: str
    slug: str
    title: str
    title_language: str
    url: str
    status: str
    visibility: str
    language: str
    terms: dict[str, list[str]]
    root_causes: tuple[str, ...]
    moments: dict[str, Moment]
    duration: Duration | None
    snippets: tuple[Snippet, ...]
    more_places: tuple["PlaceLink", ...]
    updated_at: datetime
    lacks: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet. `count` is what the list would hold with this value alone in its
    facet and all else kept; `value` works as `?SLUG=value`."""

    # Every search makes some four hundred of them: their links are made when they are printed.
    value: str
    label: str
    count: int
    selected: bool
    excluded: bool
    links: Links
    depth: int = 0
    children: tuple["FacetValue", ...] = ()
    symbol: str = ""
    term_id: int | None = None
    rank: int | None = None

    @property
    def toggle_url(self) -> str:
        """The address after choosing it, or after taking the choice back."""
        return self.links.toggling(self.value)

    @property
    def exclude_url(self) -> str:
        """The address after excluding it, or after taking that back."""
        return self.links.excluding(self.value)


@dataclass(frozen=True)
class Facet:
    """A facet with its values in display order; a tree's roots carry the rest as children. `total`
    is how many there would be without the facet's own choice."""

    slug: str
    label: str
    kind: str
    open: bool
    values_shown: int
    selected_count: int
    values: tuple[FacetValue, ...]
    total: int = 0

    def flat(self) -> list[FacetValue]:
        """All values, parents before children."""
        return [value for root in self.values for value in _walk(root)]


def _walk(value: FacetValue) -> list[FacetValue]:
    return [value, *(below for child in value.children for below in _walk(child))]


@dataclass(frozen=True)
class Bucket:
    """One bar of the histogram; choosing it narrows to what it counts."""

    value: str
    label: str
    count: int
    url: str
    selected: bool


@dataclass(frozen=True)
class Histogram:
    """When they started: years, or months of one chosen year; bounded and unknown starts apart.

    `low` and `high` are the ends of the chosen range as the address writes them (`2021`, `2021-03`),
    empty where open; `choices` are all years that either end can be set to. `counts` are those of
    each year (`2021`) and month (`2021-03`), whatever is chosen.
    """

    granularity: str
    buckets: tuple[Bucket, ...]
    bounded: Bucket
    unknown: Bucket
    all_url: str
    low: str = ""
    high: str = ""
    choices: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Chip:
    """One chosen filter: from a parameter, or from the query itself."""

    label: str
    value_label: str
    url_without: str
    toggle_url: str
    excluded: bool
    from_query: bool


@dataclass(frozen=True)
class Drop:
    """A filter to leave out when nothing was found, and how many there would be then."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Suggestion:
    """The query with its mistyped words mended, and how many it would find."""

    text: str
    count: int
    url: str


@dataclass(frozen=True)
class Nearest:
    """When nothing has all the words: what has most of them, under a query of its own."""

    text: str
    count: int
    url: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Results:
    """Everything that a search found and that a page shows of it. `problems` names the parameters
    (`page`, `sort`) that were not understood; `terms` is the
    snapshot of the vocabularies that all of it was made with. `literal_url` is set when the text
    was read as a pasted error message, and searches for it word for word."""

    terms: Terms
    query: Node
    text: str
    count: int
    page: int
    page_size: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    histogram: Histogram
    chips: tuple[Chip, ...]
    notices: tuple[str, ...]
    problems: tuple[str, ...]
    sort: str
    sorts: tuple[tuple[str, str, bool], ...]
    drop_suggestions: tuple[Drop, ...]
    collection_empty: bool
    did_you_mean: tuple[Suggestion, ...] = ()
    nearest: Nearest | None = None
    literal_url: str = ""
