"""JSON Merge Patch (RFC 7396): what a value becomes by a patch. Pure."""

from typing import Any


def patched(target: Any, patch: Any) -> Any:
    """The target with the patch applied: null takes a member away, objects are merged, the rest replaces."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = patched(found.get(name), value)
    return found
