"""The date histogram: bars by year or month with what is chosen, and what has no date apart."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from postmortems.search import labels
from postmortems.search.fields import BOUNDED, UNKNOWN
from postmortems.search.ranges import Months, months_of
from postmortems.search.results import Bucket, Histogram
from postmortems.search.selection import Choice, Prefix, toggled

FACET = "year"
MOST_YEARS = 40
MOST_MONTHS = 24


@dataclass(frozen=True)
class Started:
    """Makes the histogram of one search. `counts` are those of the index's years, months and places
    apart, whatever of them is chosen; `prefix` is the address without the choice."""

    counts: Mapping[str, int]
    choice: Choice
    prefix: Prefix

    def histogram(self) -> Histogram:
        """Years with none left out between the first and the last; months once few are chosen."""
        chosen = self._chosen()
        shown = self._shown_months(chosen)
        values = _names(shown) if shown else self._years()
        low, high = _ends(chosen)
        return Histogram(
            granularity="month" if shown else "year",
            buckets=tuple(self._dated(value, chosen) for value in values),
            bounded=self._apart(BOUNDED),
            unknown=self._apart(UNKNOWN),
            all_url=self.prefix.finish(Choice()) if self.choice else "",
            low=low,
            high=high,
            choices=tuple(str(year) for year in self._all_years()),
            counts=self.counts,
        )

    def _chosen(self) -> list[Months]:
        return [months for value in self.choice.included if (months := months_of(value))]

    def _all_years(self) -> range:
        """From the first year with an entry to the last."""
        found = [int(name) for name in self.counts if len(name) == len("2023") and name.isdigit()]
        return range(min(found), max(found) + 1) if found else range(0)

    def _shown_months(self, chosen: list[Months]) -> Months | None:
        """The months to show one by one: those chosen, or all of their year; None for too many."""
        if not chosen:
            return None
        first, last = min(item.first for item in chosen), max(item.last for item in chosen)
        # An open end reaches as far as there is something.
        if years := self._all_years():
            first = max(first, years[0] * 12) if any(not item.low for item in chosen) else first
            last = min(last, years[-1] * 12 + 11) if any(not item.high for item in chosen) else last
        if first // 12 == last // 12:
            return Months(first // 12 * 12, first // 12 * 12 + 11)
        return Months(first, last) if first <= last < first + MOST_MONTHS else None

    def _years(self) -> list[str]:
        """All years; where there are too many, the first ones as one."""
        years = self._all_years()
        if len(years) <= MOST_YEARS:
            return [str(year) for year in years]
        shown = years[-MOST_YEARS + 1 :]
        return [f"..{shown[0] - 1}", *(str(year) for year in shown)]

    def _dated(self, value: str, chosen: list[Months]) -> Bucket:
        """A bar: it chooses its dates alone, or takes them back when they are all that is chosen."""
        months = months_of(value)
        is_only = self.choice == Choice((value,))
        names = months.tokens() if months and value.startswith("..") else [value]
        return Bucket(
            value=value,
            label=labels.months_label(value),
            count=sum(self.counts.get(name, 0) for name in names),
            url=self.prefix.finish(Choice(() if is_only else (value,))),
            selected=any(months in item for item in chosen if months),
        )

    def _apart(self, value: str) -> Bucket:
        """What has no place on the axis: it is chosen beside the dates."""
        return Bucket(
            value=value,
            label=str(labels.VALUES[FACET][value]),
            count=self.counts.get(value, 0),
            url=self.prefix.finish(toggled(self.choice, value)),
            selected=value in self.choice.included,
        )


def _ends(chosen: list[Months]) -> tuple[str, str]:
    """The two ends as written; of several ranges the outermost."""
    if not chosen:
        return "", ""
    low = min(chosen, key=lambda item: item.first).low
    return low, max(chosen, key=lambda item: item.last).high


def _names(months: Months) -> Iterator[str]:
    return (
        f"{month // 12:04}-{month % 12 + 1:02}" for month in range(months.first, months.last + 1)
    )
