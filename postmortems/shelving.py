"""Archive and bring back what was published. Archived postmortems stay readable; search leaves them out."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import access, authoring, outbox
from postmortems.models import Postmortem, User

Status = Postmortem.Status


def archive(postmortem: Postmortem, *, by: User) -> Postmortem:
    """Put a published postmortem on the shelf.

    Raises PermissionDenied for who may not change it, ValidationError for what was never published.
    """
    return authoring.change_envelope(postmortem, by=by, status=Status.ARCHIVED)


def unarchive(postmortem: Postmortem, *, by: User) -> Postmortem:
    """Bring an archived postmortem back among the published ones; the same people may read it.

    Raises PermissionDenied for who may not change it, ValidationError for what is not archived.
    """
    with outbox.writing():
        postmortem = authoring.lock(postmortem)
        access.check_may_edit(by, postmortem)
        if postmortem.status == Status.PUBLISHED:
            return postmortem
        if postmortem.status != Status.ARCHIVED:
            raise ValidationError({"status": _("Only what is archived can be brought back.")})
        before = {"status": postmortem.status}
        postmortem.status = Status.PUBLISHED
        authoring.save_envelope(postmortem, by=by, action="unarchive", before=before)
    return postmortem
