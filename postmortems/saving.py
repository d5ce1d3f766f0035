"""Content and envelope of a postmortem changed together: all of it over the version that was read, or nothing.

Called by what sends a postmortem whole; the pages change one at a time.
"""

from dataclasses import dataclass, replace
from typing import Any

from postmortems import access, authoring, content, readiness, sharing
from postmortems.document import Document
from postmortems.models import Postmortem, User
from taxonomy import lookup


@dataclass(frozen=True)
class Envelope:
    """What is to be otherwise about the postmortem; what is None stays as it is."""

    slug: str | None = None
    visibility: str | None = None
    team: str | None = None
    authors: frozenset[str] | None = None
    named: frozenset[str] | None = None


def save(
    postmortem: Postmortem, document: Document, envelope: Envelope, *, by: User, version: int
) -> Postmortem:
    """Save both over `version`.

    Raises what `authoring.edit` and `sharing.change` raise, and Conflict when the postmortem is no
    longer at that version.
    """
    readiness.check(document, lookup.current())
    # Before the lock: laying out may take a second, and every other writer would wait for it.
    rendered = content.lay_out([document])
    with authoring.held(postmortem, {version}) as present:
        access.check_may_edit(by, present)
        saved = authoring.edit(
            present, document, by=by, revision=present.revision, rendered=rendered
        )
        if envelope.slug is not None and envelope.slug != saved.slug:
            saved = authoring.change_envelope(saved, by=by, slug=envelope.slug)
        wanted = _wanted(sharing.of(saved), envelope)
        return sharing.change(saved, wanted, by=by)


def _wanted(present: sharing.Sharing, envelope: Envelope) -> sharing.Sharing:
    given: dict[str, Any] = {
        name: value
        for name in ("visibility", "team", "authors", "named")
        if (value := getattr(envelope, name)) is not None
    }
    return replace(present, **given)
