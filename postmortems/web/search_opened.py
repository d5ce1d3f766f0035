"""What a reader opened and closed in the filter column, as the parameter `open` of the address tells it.

`open=component` shows a facet with all its values, `component/` only opens it, `cause/network` opens a
branch of a tree, `*` the filters that are folded away; a leading `-` closes what would be open.
"""

from collections.abc import Iterable
from dataclasses import dataclass

MORE_FILTERS = "*"


@dataclass(frozen=True)
class Fold:
    """One group that opens and closes; `by` says why it is open where no reader asked for it."""

    token: str
    open: bool
    by: str


@dataclass(frozen=True)
class Opened:
    """The tokens of one address."""

    tokens: frozenset[str]

    @classmethod
    def of(cls, values: Iterable[str]) -> "Opened":
        """What `open=` parameters say."""
        return cls(frozenset(values))

    def is_whole(self, slug: str) -> bool:
        """Whether all values of a facet are wanted."""
        return slug in self.tokens

    def facet(self, slug: str, *, is_default: bool, is_chosen: bool) -> Fold:
        """How a facet stands."""
        fold = self._fold(f"{slug}/", slug, is_default=is_default, is_chosen=is_chosen)
        return Fold(fold.token, fold.open or self.is_whole(slug), fold.by)

    def branch(self, slug: str, path: str, *, is_chosen: bool) -> Fold:
        """How a branch of a tree stands."""
        token = f"{slug}/{path}"
        return self._fold(token, token, is_default=False, is_chosen=is_chosen)

    def more(self, *, is_chosen: bool) -> Fold:
        """How the filters beyond the first ones stand."""
        return self._fold(MORE_FILTERS, MORE_FILTERS, is_default=False, is_chosen=is_chosen)

    def _fold(self, token: str, name: str, *, is_default: bool, is_chosen: bool) -> Fold:
        by = "default" if is_default else "choice" if is_chosen else ""
        closed = f"-{name}" in self.tokens
        return Fold(token, token in self.tokens or (bool(by) and not closed), by)
