"""Months, quarters and years of start: which postmortems lie in them, and how an address says it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from pyroaring import BitMap

from postmortems.insights.asking import Selected
from postmortems.search import labels
from postmortems.search.fields import BOUNDED, UNKNOWN
from postmortems.search.ranges import Months, months_of

FIELD = "year"
# Months of one span.
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
# More are not drawn one by one; the latest are.
MOST = {"month": 36, "quarter": 24, "year": 30}


@dataclass(frozen=True)
class Starts:
    """When the postmortems of a selection started, by what is known of it. The sets of a span are of
    those that lie in it for certain."""

    selected: Selected
    span: str

    def of(self, token: str) -> BitMap:
        """Those of a year, a month, or one of the places apart, as the index writes them."""
        return self.selected.members.of("when", token) & self.selected.found

    def between(self, first: int, last: int) -> BitMap:
        """Those of some months, both ends included, as an address of that range finds them."""
        tokens = [token for token in Months(first, last).tokens() if token in self.tokens]
        return _union(self.of(token) for token in tokens)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """All years and months that any postmortem of the index has."""
        start = len("when:")
        every = (key[start:] for key in self.selected.members.sets if key.startswith("when:"))
        return frozenset(token for token in every if token[:1].isdigit())

    def numbers(self) -> range:
        """The spans from the first to the last that has one, counted from the year 0."""
        length = LENGTHS[self.span]
        is_fine = len("2023") if self.span == "year" else len("2023-01")
        found = [
            months.first // length
            for token in self.tokens
            if len(token) == is_fine and (months := months_of(token)) and self.of(token)
        ]
        return (
            range(max(min(found), max(found) + 1 - MOST[self.span]), max(found) + 1)
            if found
            else range(0)
        )

    def span_of(self, number: int) -> BitMap:
        """Those that started in one span."""
        length = LENGTHS[self.span]
        return self.between(number * length, (number + 1) * length - 1)

    def value_of(self, number: int) -> str:
        """One span as `year=` takes it."""
        length = LENGTHS[self.span]
        if self.span == "year":
            return f"{number:04}"
        return value_of(number * length, (number + 1) * length - 1)

    def label_of(self, number: int) -> str:
        """One span in words."""
        if self.span != "quarter":
            return labels.months_label(self.value_of(number))
        return _("Q%(quarter)s %(year)s") % {"quarter": number % 4 + 1, "year": number // 4}

    def halves(self, numbers: range) -> list[str]:
        """The values whose addresses together list some spans: none a whole year where a month must be
        known, because a whole year finds what has no month as well."""
        if self.span == "year":
            return [f"{numbers[0]:04}..{numbers[-1]:04}"]
        length = LENGTHS[self.span]
        first, last = numbers[0] * length, numbers[-1] * length + length - 1
        cuts = range(first // 6 * 6, last + 1, 6)
        return [value_of(max(cut, first), min(cut + 5, last)) for cut in cuts]

    def year_only(self, first: int) -> dict[int, BitMap]:
        """Those of whom the year is known and the month is not, by year, from a month on."""
        if self.span == "year":
            return {}
        found = {}
        for year in sorted(int(token) for token in self.tokens if len(token) == len("2023")):
            # Of an earlier year everything counts as earlier; of a year cut in two this does not.
            if year * 12 + 11 >= first:
                months = _union(self.of(f"{year:04}-{month:02}") for month in range(1, 13))
                if rest := self.of(f"{year:04}") - months:
                    found[year] = rest
        return found

    def apart(self) -> tuple[BitMap, BitMap]:
        """Those that are only known to be not later or earlier than something, and those of whom
        nothing is known."""
        return self.of(BOUNDED), self.of(UNKNOWN)


def value_of(first: int, last: int) -> str:
    """Some months as `year=` takes them."""
    low, high = _month(first), _month(last)
    return low if low == high else f"{low}..{high}"


def year_only_values(years: Iterable[int]) -> list[str]:
    """The values whose address lists the starts in some years of which no month is known."""
    values = []
    for year in years:
        values += [f"{year:04}", f"-{year:04}-01..{year:04}-06", f"-{year:04}-07..{year:04}-12"]
    return values


def _month(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _union(sets: Iterable[BitMap]) -> BitMap:
    found = list(sets)
    return BitMap.union(*found) if found else BitMap()
