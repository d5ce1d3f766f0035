"""What a value becomes that a file and a curator both may have changed since the file was last loaded. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any


def merged(before: Any, wanted: Any, now: Any) -> Any:
    """The curator's change where there is one, else the file's.

    `before` is what the file said last, `wanted` what it says, `now` what stands. A mapping is
    merged by its keys, and to a list of one's own comes what is new in the file.
    """
    if now == before:
        return wanted
    if isinstance(now, Mapping) and isinstance(wanted, Mapping):
        return _mapping(before or {}, wanted, now)
    if isinstance(now, Sequence) and not isinstance(now, str):
        return [*now, *(item for item in wanted if item not in (*before, *now))]
    return now


def _mapping(
    before: Mapping[str, Any], wanted: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    found = {
        key: merged(before.get(key), wanted.get(key), now.get(key))
        for key in dict.fromkeys((*now, *wanted))
    }
    return {key: value for key, value in found.items() if value is not None}
