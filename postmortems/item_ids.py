"""Ids for the items of a content's lists. Called where items are added one by one."""

import secrets

from postmortems.models.postmortem import REF_ALPHABET

PREFIXES = {"hypotheses": "h", "timeline": "t", "workarounds": "w"}
ID_LENGTH = 6


def new_id(part: str) -> str:
    """An id that no other item has, here or on another's screen: two who add entries at the same
    time must not both call them t12."""
    tail = "".join(secrets.choice(REF_ALPHABET) for _place in range(ID_LENGTH))
    return f"{PREFIXES.get(part, part[0])}-{tail}"
