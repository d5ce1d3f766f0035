"""What is worked out once for a snapshot of the vocabularies, and dropped with it."""

from typing import Generic, TypeVar

from taxonomy.lookup import Terms

Key = TypeVar("Key")
Value = TypeVar("Value")


class KeptPerSnapshot(Generic[Key, Value]):
    """A dict for each snapshot, of which the latest is kept; begun anew when it has `most` entries.

    Whoever was given a dict may go on using it: another thread's newer snapshot gets another one.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._latest: tuple[Terms, dict[Key, Value]] | None = None

    def of(self, terms: Terms) -> dict[Key, Value]:
        """What is kept for this snapshot."""
        latest = self._latest
        if latest is None or latest[0] is not terms or len(latest[1]) >= self._most:
            latest = self._latest = (terms, {})
        return latest[1]
