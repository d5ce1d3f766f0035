"""What a viewer is in all teams, asked once, so that a page can say per row what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser

from postmortems.models import Membership, User

WRITING = Membership.roles_from("author")


@dataclass(frozen=True)
class Standing:
    """The roles by team; `is_everywhere` for those whose rights end at no team.

    It chooses what a page offers for postmortems that the viewer sees. The verbs ask again.
    """

    is_everywhere: bool = False
    roles: Mapping[int, str] = field(default_factory=dict)

    @property
    def writes(self) -> bool:
        """Whether there is a team to write in."""
        return self.is_everywhere or any(role in WRITING for role in self.roles.values())

    def reads_in(self, team_id: int) -> bool:
        """Whether the viewer belongs to the team, in whatever role."""
        return self.is_everywhere or team_id in self.roles

    def writes_in(self, team_id: int) -> bool:
        """Whether the viewer changes what the team owns."""
        return self.is_everywhere or self.roles.get(team_id) in WRITING

    def leads(self, team_id: int) -> bool:
        """Whether the viewer leads the team."""
        return self.is_everywhere or self.roles.get(team_id) == Membership.Role.LEAD


def standing_of(viewer: User | AnonymousUser) -> Standing:
    """The viewer's standing, in one statement at most; none for visitors, none needed for administrators."""
    if not isinstance(viewer, User):
        return Standing()
    if viewer.is_system or viewer.is_administrator:
        return Standing(is_everywhere=True)
    return Standing(roles=viewer.roles())
