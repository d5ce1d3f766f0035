"""It happened again: three answers make a stub that is linked to what it repeats."""

from django.core.exceptions import PermissionDenied
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

    Raises PermissionDenied for someone who may not see the former or not write in the team,
    ValidationError for what cannot be stored.
    """
    former = Postmortem.objects.visible_to(by).select_related("team").filter(pk=postmortem.pk)
    found = former.first()
    if found is None:
        raise PermissionDenied(_("There is nothing here that can have happened again."))
    access.check_may_write_in(by, found.team)
    title = _("Again: %(title)s") % {"title": found.title}
    document = Document(
        title=title[:TITLE_LENGTH].rstrip(),
        language=found.language,
        started=started,
        signals=(Signal("s1", noticed),) if noticed else (),
        workarounds=(Workaround("w1", helped, "verified"),) if helped else (),
        relations=(Relation("same-defect", found.ref),),
        classifications=(Classification("kind", "stub", assigned_by=by.username),),
    )
    return authoring.create(
        document,
        by=by,
        team=found.team,
        visibility=found.visibility,
        named=_named(found, by),
    )


def _named(former: Postmortem, by: User) -> tuple[User, ...]:
    """Who may see a stub of what only its authors and the people it names may see."""
    if former.visibility != Postmortem.Visibility.RESTRICTED:
        return tuple(former.named_people.all())
    people = {user.pk: user for user in (*former.named_people.all(), *former.authors.all())}
    return tuple(user for user in people.values() if user != by)
