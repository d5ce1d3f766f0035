"""The form of a reading list: what stands in it, whom it may be shared with, and what the verbs take of it."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from postmortems import access, reading_lists
from postmortems.models import ReadingList, Team, User
from postmortems.web.shortcuts import errors_of

OF_TEAM = "team:"
Shared = ReadingList.Shared


@dataclass(frozen=True)
class Draft:
    """What stands in the form; `sharing` is `private`, `site`, `public` or `team:SLUG`."""

    name: str = ""
    description: str = ""
    sharing: str = Shared.PRIVATE
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def shared(self) -> str:
        """With whom, as the verbs name it."""
        return Shared.TEAM if self.team_slug else self.sharing

    @property
    def team_slug(self) -> str:
        """The team's slug where one is chosen."""
        return self.sharing.removeprefix(OF_TEAM) if self.sharing.startswith(OF_TEAM) else ""


def draft_in(sent: QueryDict) -> Draft:
    """What was typed."""
    return Draft(
        name=sent.get("name", ""),
        description=sent.get("description", ""),
        sharing=sent.get("sharing", Shared.PRIVATE),
    )


def draft_of(item: ReadingList) -> Draft:
    """What is stored."""
    sharing = f"{OF_TEAM}{item.team.slug}" if item.team else item.shared
    return Draft(item.name, item.description, sharing)


def with_errors(draft: Draft, error: ValidationError) -> Draft:
    """The same with what was refused at its fields."""
    found = errors_of(error)
    # One select in the form, two fields in the verbs.
    for name in ("shared", "team"):
        if name in found:
            found["sharing"] = found.pop(name)
    return replace(draft, errors=found)


def sharings(user: User, item: ReadingList | None) -> list[tuple[str, str]]:
    """What may be chosen, and what is chosen already, even where it may no longer be."""
    teams = access.teams_to_write_in(user)
    if item and item.team and item.team not in teams:
        teams.append(item.team)
    may_share = reading_lists.may_share_with_everybody(user)
    present = item.shared if item else ""
    return [
        (str(Shared.PRIVATE), str(Shared.PRIVATE.label)),
        *((f"{OF_TEAM}{team.slug}", _("Team %(team)s") % {"team": team.name}) for team in teams),
        *(
            (str(wide), str(wide.label))
            for wide in (Shared.SITE, Shared.PUBLIC)
            if may_share or present == wide
        ),
    ]


def wanted(draft: Draft, user: User, present: Team | None = None) -> dict[str, Any]:
    """The form's fields as the verbs take them; raises ValidationError for a team not offered."""
    return {
        "name": draft.name,
        "description": draft.description,
        "shared": draft.shared,
        "team": _team_of(draft, user, present),
    }


def _team_of(draft: Draft, user: User, present: Team | None) -> Team | None:
    if not draft.team_slug:
        return None
    offered = [*access.teams_to_write_in(user), *([present] if present else [])]
    found = next((team for team in offered if team.slug == draft.team_slug), None)
    if found is None:
        raise ValidationError({"team": _("Choose the team to share it with.")})
    return found
