"""It happened again: three answers make a stub that is linked to what it repeats."""

from django.utils.translation import gettext as _

from postmortems import access, authoring
from postmortems.document import (
    TITLE_LENGTH,
    Classification,
    Document,
    Relation,
    Signal,
    Workaround,
)
from postmortems.models import Postmortem, User
from postmortems.moments import Moment


def happened_again(
    postmortem: Postmortem, *, by: User, started: Moment, noticed: str = "", helped: str = ""
) -> Postmortem:
    """A stub in the same team: when it was, how it was noticed, what helped. It has the visibility of
    the former, so that whoever finds one may find the other.

    Raises PermissionDenied for someone who may not write in the team, ValidationError for what
    cannot be stored.
    """
    access.check_may_write_in(by, postmortem.team)
    title = _("Again: %(title)s") % {"title": postmortem.title}
    document = Document(
        title=title[:TITLE_LENGTH],
        language=postmortem.language,
        started=started,
        signals=(Signal("s1", noticed),) if noticed else (),
        workarounds=(Workaround("w1", helped, "verified"),) if helped else (),
        relations=(Relation("same-defect", postmortem.ref),),
        classifications=(Classification("kind", "stub", assigned_by=by.username),),
    )
    return authoring.create(
        document,
        by=by,
        team=postmortem.team,
        visibility=postmortem.visibility,
        named=tuple(postmortem.named_people.all()),
    )
