"""Going back to an old revision, and who may look at old ones. Called by the history pages."""

from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import access, authoring, content, history
from postmortems.access import Viewer
from postmortems.document import Classification, Document
from postmortems.document_json import clean
from postmortems.models import Postmortem, Revision, User
from taxonomy import lookup

LONGEST_COMMENT = 500


@dataclass(frozen=True)
class Restoration:
    """What restoring would save, and the terms it leaves out because they are no longer there."""

    document: Document
    lost_terms: tuple[Classification, ...]


def may_see_history(user: Viewer, postmortem: Postmortem) -> bool:
    """Whether the user may see old revisions: the authors, the owning team and administrators.

    Everybody else sees the current content only: an old revision may hold what was taken out.
    """
    if not isinstance(user, User):
        return False
    if user.is_system:
        return True
    if not Postmortem.objects.visible_to(user).filter(pk=postmortem.pk).exists():
        return False
    return (
        user.is_administrator
        or access.has_role(user, postmortem.team, "reader")
        or postmortem.authors.filter(pk=user.pk).exists()
    )


def restoration_of(revision: Revision) -> Restoration:
    """What restoring the revision would save."""
    terms = lookup.current()
    document = history.document_of(revision, terms)
    uses = document.classifications
    lost = tuple(use for use in uses if terms.get(use.vocabulary, use.term) is None)
    kept = tuple(use for use in uses if use not in lost)
    return Restoration(replace(document, classifications=kept), lost)


def restore(
    postmortem: Postmortem, number: int, *, by: User, revision: int, comment: str = ""
) -> Postmortem:
    """Save the content of revision `number` as a new one over `revision`; the envelope stays.

    Raises PermissionDenied, ValidationError for a revision that is not there or changes nothing,
    and what `authoring.edit` raises: Conflict where the postmortem is no longer at `revision`.
    """
    access.check_may_edit(by, postmortem)
    comment = clean(comment) or _("Restored revision %(number)s") % {"number": number}
    if len(comment) > LONGEST_COMMENT:
        message = _("A comment has at most %(most)d characters.") % {"most": LONGEST_COMMENT}
        raise ValidationError({"comment": message})
    old = Revision.objects.filter(postmortem=postmortem, number=number).first()
    if old is None:
        message = _("There is no revision %(number)s.") % {"number": number}
        raise ValidationError({"number": message})
    document = restoration_of(old).document
    # Of what is saved meanwhile `edit` takes care: it compares the revision under the lock.
    if document == content.read(postmortem) and postmortem.revision == revision:
        raise ValidationError({"number": _("The postmortem has this content already.")})
    return authoring.edit(postmortem, document, by=by, revision=revision, comment=comment)
