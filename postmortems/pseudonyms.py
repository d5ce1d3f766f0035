"""A person's name in a postmortem, replaced by a role everywhere in its current content."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import access, authoring, content, document_json, replacing
from postmortems.document import Document
from postmortems.models import Postmortem, User

MOST_NAMES = 20
LONGEST = 120


@dataclass(frozen=True)
class Preview:
    """What replacing would save, and every place that changes."""

    document: Document
    places: tuple[replacing.Place, ...]


def preview(postmortem: Postmortem, names: Sequence[str], stand_in: str) -> Preview:
    """What it would do; raises ValidationError keyed by field for what cannot be replaced."""
    stand_in = " ".join(stand_in.split())
    given = [name.strip() for name in names if name.strip()]
    if not given or len(given) > MOST_NAMES or any(not 2 <= len(n) <= LONGEST for n in given):
        message = _("Write the name, and further spellings of it, one a line.")
        raise ValidationError({"names": message})
    pattern = replacing.names_pattern(given)
    if not stand_in or len(stand_in) > LONGEST or pattern.search(stand_in):
        message = _("Say what stands there instead: a role, or “Engineer 2”.")
        raise ValidationError({"stand_in": message})
    data = document_json.to_json(content.read(postmortem))
    changed = replacing.replaced(data, lambda text: pattern.sub(lambda _match: stand_in, text))
    found = tuple(replacing.places(data, pattern))
    return Preview(document_json.build(changed), found)


def replace(
    postmortem: Postmortem, names: Sequence[str], stand_in: str, *, by: User, revision: int
) -> Postmortem:
    """Save the content without the names as a new revision; raises what `authoring.edit` raises.

    Earlier revisions keep them: taking them from there, too, is an administrator's redaction.
    """
    access.check_may_edit(by, postmortem)
    planned = preview(postmortem, names, stand_in)
    if not planned.places:
        raise ValidationError({"names": _("None of these names stands in the postmortem.")})
    # The comment stays for ever: it says what was done, never to whom.
    comment = _("A name was replaced by “%(words)s”") % {"words": " ".join(stand_in.split())}
    return authoring.edit(postmortem, planned.document, by=by, revision=revision, comment=comment)
