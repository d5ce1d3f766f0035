"""What the URL parameters choose, and the URLs that change it. Facet clicks touch nothing else."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from django.http import QueryDict

from postmortems.search import ranges
from postmortems.search.fields import BOUNDED, UNKNOWN, canonical
from postmortems.search.parser import MAX_LENGTH

# Parameters that are no filters.
PLAIN = ("q", "sort", "page", "page_size", "open", "facets", "format", "from", "explain")
CARRIED = ("sort", "open", "page_size")
MAX_VALUES = 50
UNREADABLE = re.compile("[\x00\ud800-\udfff]")
SAFE = "/:,"


@dataclass(frozen=True)
class Choice:
    """The values of one facet: any of `included`, none of `excluded`."""

    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.included or self.excluded)


NOTHING = Choice()


@dataclass(frozen=True)
class Selection:
    """All parameters of a search address; `choices` by field, in the order of the address; `cut` are
    the fields of which more values were given than are read."""

    text: str
    sort: str
    plain: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, Choice]
    cut: tuple[str, ...] = ()

    def of(self, slug: str) -> Choice:
        """What is chosen in one facet."""
        return self.choices.get(slug, NOTHING)

    def url(self, base: str, slug: str, choice: Choice) -> str:
        """The address with another choice in one facet, back on the first page."""
        return self.prefix(base, slug).finish(choice)

    def prefix(self, base: str, slug: str) -> "Prefix":
        """The address less one facet, to be finished once a value."""
        pairs = [(name, value) for name, values in self.plain.items() for value in values]
        for name, choice in self.choices.items():
            if name != slug:
                pairs += [(name, value) for value in values_of(choice)]
        return Prefix(base, slug, urlencode(pairs, safe=SAFE))

    def with_text(self, base: str, text: str) -> str:
        """The address with another query text."""
        plain = {name: values for name, values in self.plain.items() if name != "q"}
        changed = Selection(text, self.sort, ({"q": (text,)} if text else {}) | plain, self.choices)
        return changed.url(base, "", NOTHING)


@dataclass(frozen=True)
class Prefix:
    """An address that lacks the parameters of one facet."""

    base: str
    slug: str
    others: str

    def finish(self, choice: Choice) -> str:
        """The whole address with this choice."""
        own = "&".join([f"{self.slug}={_quoted(value)}" for value in values_of(choice)])
        query = f"{self.others}&{own}" if self.others and own else self.others or own
        # A page may carry parameters of its own, which stand before those of the search.
        return f"{self.base}{'&' if '?' in self.base else '?'}{query}" if query else self.base


@dataclass(frozen=True)
class Links:
    """The addresses that change the choice in one facet."""

    prefix: Prefix
    choice: Choice

    def toggling(self, value: str) -> str:
        """Choosing a value replaces the chosen ones above and below it in a tree."""
        related = [
            item
            for item in self.choice.included
            if item.startswith(f"{value}/") or value.startswith(f"{item}/")
        ]
        return self.prefix.finish(toggled(self.choice, value, related))

    def excluding(self, value: str) -> str:
        """Excluding a value, or taking that back."""
        return self.prefix.finish(excluding(self.choice, value))


@lru_cache(maxsize=5_000)
def _quoted(value: str) -> str:
    return quote(value, safe=SAFE)


def values_of(choice: Choice) -> list[str]:
    """A choice as parameter values."""
    return [*choice.included, *[f"-{value}" for value in choice.excluded]]


def read(params: Mapping[str, object], text: str, fields: Collection[str]) -> Selection:
    """The selection in a query string (a QueryDict, or lists by name); repeated and comma values
    are one, `year_from` and `year_to` a range of `year`. Parameters that are neither plain nor one of
    the `fields` mean nothing and are dropped."""
    # More than is read of a text would only be carried, some hundred times a page.
    text = text[:MAX_LENGTH]
    plain = ({"q": (text,)} if text else {}) | dict(_plain_of(params))
    given: dict[str, list[str]] = {}
    for name in params:
        slug = canonical(name.lower())
        if slug in fields and name not in PLAIN:
            given.setdefault(slug, []).extend(_parted(_list_of(params, name)))
    found = {slug: _choice(values[:MAX_VALUES]) for slug, values in given.items()}
    choices = {slug: choice for slug, choice in found.items() if choice}
    if "year" in fields and (between := _between(params)):
        choices["year"] = _with_range(choices.get("year", NOTHING), between)
    sort = (plain.get("sort") or ("",))[-1]
    cut = tuple(slug for slug, values in given.items() if len(values) > MAX_VALUES)
    return Selection(text, sort, plain, choices, cut)


def _plain_of(params: Mapping[str, object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is no filter and is carried on all the same."""
    for name in params:
        values = _list_of(params, name) if name in CARRIED else []
        if any(values):
            yield name, tuple(value[:200] for value in values if value)


def _between(params: Mapping[str, object]) -> str:
    """The range of `year_from` and `year_to` as one value of `year`, whichever is the later; empty
    when both are."""
    ends = [_one_of(params, name) for name in ("year_from", "year_to")]
    if not any(ends):
        return ""
    between = ranges.months_between(*ends)
    low, high = (between.low, between.high) if between else ends
    return low if low == high else f"{low}..{high}"


def _one_of(params: Mapping[str, object], name: str) -> str:
    """The last value of a parameter, without what would make it several or an exclusion."""
    values = _list_of(params, name) if name in params else []
    return next((text for value in reversed(values) if (text := _single(value))), "")


def _single(value: str) -> str:
    return value[:20].replace(",", " ").strip(" -")


def _with_range(choice: Choice, between: str) -> Choice:
    """The choice with this range instead of all dates in it: only what has no date is kept beside it."""
    apart = tuple(value for value in choice.included if value.lower() in (UNKNOWN, BOUNDED))
    return Choice((between, *apart), choice.excluded)


def _list_of(params: Mapping[str, object], name: str) -> list[str]:
    found = params.getlist(name) if isinstance(params, QueryDict) else params[name]
    values = found if isinstance(found, list | tuple) else [found]
    return [readable(str(value)) for value in values]


def readable(text: str) -> str:
    """The text without what no address, database or index can hold."""
    return UNREADABLE.sub(" ", text)


def _parted(values: Iterable[str]) -> list[str]:
    return [part.strip() for text in values for part in text.split(",")]


def _choice(values: Iterable[str]) -> Choice:
    included, excluded = [], []
    for value in values:
        if value.startswith("-") and len(value) > 1:
            excluded.append(value.lstrip("-")[:300])
        elif value:
            included.append(value[:300])
    return Choice(tuple(dict.fromkeys(included)), tuple(dict.fromkeys(excluded)))


def toggled(choice: Choice, value: str, related: Sequence[str] = ()) -> Choice:
    """The choice after a click on a value; `related` are those above and below it, which it replaces."""
    if not choice:
        return Choice((value,))
    if value in choice.included:
        return Choice(tuple(item for item in choice.included if item != value), choice.excluded)
    kept = tuple(item for item in choice.included if item not in related)
    return Choice((*kept, value), tuple(item for item in choice.excluded if item != value))


def excluding(choice: Choice, value: str) -> Choice:
    """The choice after excluding a value, or after taking its exclusion back."""
    if not choice:
        return Choice((), (value,))
    if value in choice.excluded:
        return Choice(choice.included, tuple(item for item in choice.excluded if item != value))
    kept = tuple(item for item in choice.included if item != value)
    return Choice(kept, (*choice.excluded, value))


def flipped(choice: Choice, value: str) -> Choice:
    """Is becomes is not, and the other way round."""
    if value in choice.included:
        return excluding(choice, value)
    return toggled(choice, value)
