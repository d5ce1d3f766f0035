"""It happened again: three answers make a stub that is linked to what it repeats."""

from django.core.exceptions import PermissionDenied, ValidationError
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
from postmortems.models import Postmortem, Team, User
from postmortems.models.postmortem import PUBLIC_TOKEN, SIGNED_IN_TOKEN
from postmortems.moments import UNKNOWN, Moment

# Who holds one of these is in every team.
EVERYBODY = {PUBLIC_TOKEN, SIGNED_IN_TOKEN}


def happened_again(
    postmortem: Postmortem,
    *,
    by: User,
    started: Moment,
    noticed: str = "",
    helped: str = "",
    team: Team | None = None,
    visibility: str = "",
) -> Postmortem:
    """A stub: when it was, how it was noticed, what helped; one of them at least. In the same team,
    unless another is given, it has the visibility of the former, unless one is given, so that whoever
    finds one may find the other; nobody sees it in another team who may not see the former.

    Raises PermissionDenied for someone who may not see the former or not write in the team,
    ValidationError for what cannot be stored.
    """
    former = Postmortem.objects.visible_to(by).select_related("team").filter(pk=postmortem.pk)
    found = former.first()
    if found is None:
        raise PermissionDenied(_("There is nothing here that can have happened again."))
    team = team or found.team
    access.check_may_write_in(by, team)
    if started == UNKNOWN and not noticed and not helped:
        raise ValidationError(
            _("Say when it was, how it was noticed or what helped: one of them is enough.")
        )
    widest, named = _audience(found, team, by)
    if visibility not in ("", *narrower(widest)):
        message = _("It tells of a postmortem that fewer people may see. Choose a narrower one.")
        raise ValidationError({"visibility": message})
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
        team=team,
        visibility=visibility or widest,
        named=named,
    )


def narrower(visibility: str) -> list[str]:
    """The visibility and all that fewer people have: they are declared from the widest."""
    values = list(Postmortem.Visibility.values)
    return values[values.index(visibility) :]


def _audience(former: Postmortem, team: Team, by: User) -> tuple[str, tuple[User, ...]]:
    """The visibility of the stub and whom it names: its title and its relation tell of the former."""
    if team == former.team or EVERYBODY.intersection(access.audience_of(former)):
        return former.visibility, _named(former, by)
    # The other team's members may not see the former; its authors and named people may.
    restricted = Postmortem.Visibility.RESTRICTED
    if former.visibility == restricted:
        return restricted, _named(former, by)
    return restricted, tuple(user for user in former.authors.all() if user != by)


def _named(former: Postmortem, by: User) -> tuple[User, ...]:
    """Who may see a stub of what only its authors and the people it names may see."""
    if former.visibility != Postmortem.Visibility.RESTRICTED:
        return tuple(former.named_people.all())
    people = {user.pk: user for user in (*former.named_people.all(), *former.authors.all())}
    return tuple(user for user in people.values() if user != by)
