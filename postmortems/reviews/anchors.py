"""What of a postmortem can be talked about: the whole, its parts, the entries of its lists."""

from collections.abc import Iterator

from postmortems.document import Document

WHOLE = ""
# Parts that are no section, by their ids on the read page.
PARTS = (
    *("summary", "how-long", "signals", "causes", "timeline", "hypotheses"),
    *("resolution", "lessons", "actions", "related", "sources", "files"),
)
# Lists whose entries are talked about one by one.
ENTRIES = ("timeline", "hypotheses", "lessons", "actions")


def anchors_of(document: Document) -> set[str]:
    """Every key that a comment may hang on."""
    return {WHOLE, *PARTS, *document.sections, *_entries(document)}


def _entries(document: Document) -> Iterator[str]:
    for name in ENTRIES:
        yield from (item.id for item in getattr(document, name))
