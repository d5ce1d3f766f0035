"""Entity tags: which version a client has read, so that nobody overwrites what they have not seen.

A tag is `"VERSION-HASH"` for what has a version, `"HASH"` for the rest; the hash is over the bytes that
this viewer gets. Tags are strong (RFC 9110, 8.8.3), and changes compare versions alone: two viewers
who see different parts of one postmortem hold different tags of one version.
"""

import hashlib
import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from postmortems.api.refusals import PreconditionRequired

TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
OURS = re.compile(r"(\d{1,19})-[0-9a-f]{16}", re.ASCII)
LONGEST = 1_000
# What the site adds to the tag of an answer that it compresses.
COMPRESSED = "-gzip"


def tag_of(body: bytes, version: int | None = None) -> str:
    """The tag of an answer's bytes."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def tag_of_data(data: Any, version: int | None = None) -> str:
    """The tag of what would be sent for this data."""
    return tag_of(JSONRenderer().render(data), version)


def versions_named(request: Request) -> frozenset[int]:
    """The versions that If-Match names; raises PreconditionRequired when it names none.

    A weak tag never matches. `*` would mean whatever is there: it names no version either. Raises
    ParseError for what is no list of tags.
    """
    named = [OURS.fullmatch(tag[1:-1]) for tag in tags_named(request)]
    return frozenset(int(match[1]) for match in named if match)


def tags_named(request: Request) -> frozenset[str]:
    """The strong tags that If-Match names, whole: for what has no version. Raises likewise."""
    header = request.headers.get("If-Match", "").strip()
    if header in ("", "*"):
        raise PreconditionRequired
    return frozenset(f'"{text}"' for is_weak, text in _read(header, "If-Match") if not is_weak)


def is_known(request: Request, tag: str) -> bool:
    """Whether If-None-Match says that the client has this already; a broken header says nothing."""
    header = request.headers.get("If-None-Match", "").strip()
    if header == "*":
        return True
    try:
        known = {f'"{text}"' for _is_weak, text in _read(header, "If-None-Match")}
    except ParseError:
        return False
    return tag in known


def _read(header: str, name: str) -> list[tuple[bool, str]]:
    """Each tag of the list: whether it is weak, and what stands between its quotes."""
    found = []
    for part in header[: LONGEST + 1].split(","):
        match = TAG.fullmatch(part.strip())
        if match is None or len(header) > LONGEST:
            message = _('%(name)s holds tags as reading gives them: "12-0123456789abcdef".')
            raise ParseError(message % {"name": name})
        # Compressed for the way, it is still the answer that was tagged.
        found.append((bool(match[1]), match[2].removesuffix(COMPRESSED)))
    return found
