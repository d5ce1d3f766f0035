"""A store of the answers that were asked for last, shared by the threads of a process."""

import threading
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """Up to `most` values by their keys; of more, those that were kept longest ago go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Hashable, Value] = {}
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable) -> Value | None:
        """What is kept under a key."""
        with self._guard:
            return self._values.get(key)

    def values(self) -> list[Value]:
        """All that is kept."""
        with self._guard:
            return list(self._values.values())

    def keep(self, key: Hashable, value: Value) -> None:
        """Keep a value as the latest."""
        with self._guard:
            self._values.pop(key, None)
            self._values[key] = value
            while len(self._values) > self._most:
                del self._values[next(iter(self._values))]

    def forget(self) -> None:
        """Drop everything."""
        with self._guard:
            self._values.clear()
