"""The keys of front matter in the order of the file, and the envelope they fill. Pure.

`file_reader` and `file_printer` both follow these tables, so that neither knows a key alone.
"""

import re
from dataclasses import dataclass

from postmortems import document as shape

FORMAT = "1"
STATUSES = ("draft", "in_review", "published", "archived")
VISIBILITIES = ("public", "internal", "team", "restricted")

ENVELOPE = ("import_id", "slug", "status", "visibility", "team", "authors", "named")
CONTENT = ("title", "language", "translations", *shape.MOMENTS, "duration")
# Part of the Document -> what it is a list of.
PARTS: dict[str, type] = {
    "signals": shape.Signal,
    "workarounds": shape.Workaround,
    "timeline": shape.TimelineEntry,
    "hypotheses": shape.Hypothesis,
    "lessons": shape.Lesson,
    "actions": shape.Action,
    "relations": shape.Relation,
    "references": shape.Reference,
    "attachments": shape.Attachment,
}
KEYS: dict[type, tuple[str, ...]] = {
    shape.Translation: ("title", "summary"),
    shape.Classification: ("term", "role", "by", "why"),
    shape.Signal: ("id", "kind", "text"),
    shape.Workaround: ("id", "state", "text"),
    shape.TimelineEntry: ("id", "when", "kind", "text", "source"),
    shape.Hypothesis: ("id", "claim", "holder", "verdict", "reason", "evidence"),
    shape.Evidence: ("id", "supports", "text", "source"),
    shape.Lesson: ("id", "text", "source"),
    shape.Action: ("id", "kind", "status", "text", "owner", "due", "tracker"),
    shape.Relation: ("kind", "to", "note"),
    shape.Reference: ("id", "label", "kind", "language", "title", "url", "archived"),
    shape.Attachment: ("id", "name"),
}
# Where a key is not called like the field of the Document.
FIELDS = {"by": "assigned_by", "to": "target"}

IMPORT_ID = re.compile(r"\S{1,200}")
SLUG = re.compile(r"[A-Za-z0-9_-]{1,120}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a file says about the record around the content; empty and None mean: not said.

    `slug` is the import id when the file says no other and the import id can be one.
    """

    import_id: str = ""
    slug: str = ""
    status: str = ""
    visibility: str = ""
    team: str = ""
    authors: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


def usual_slug(import_id: str) -> str:
    """The slug that a file need not say."""
    return import_id if SLUG.fullmatch(import_id) else ""
