"""What all charts share: shares as text, and levels for what would stand on top of each other."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from unicodedata import east_asian_width


def percent(share: float) -> str:
    """A share of the width as SVG takes it."""
    return f"{share:.2f}%"


def letters(text: str) -> float:
    """How wide a text is, in Latin letters: an ideograph takes as much as two, and browsers set half of
    one apart between the two kinds (CSS Text 4, `text-autospace`)."""
    wide = [east_asian_width(letter) in "WF" for letter in text]
    return (
        sum(2 if is_wide else 1 for is_wide in wide)
        + sum(before != after for before, after in pairwise(wide)) / 2
    )


def levels(places: Iterable[tuple[float, float]]) -> Iterator[int]:
    """The lowest level with room for each stretch from first to last, in the order they come in.

    Sorted by their beginning they take the fewest levels that do.
    """
    taken: list[float] = []
    for first, last in places:
        free = next((level for level, end in enumerate(taken) if end <= first), len(taken))
        taken[free:] = [last, *taken[free + 1 :]]
        yield free
