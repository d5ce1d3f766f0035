"""What the reader may do with the postmortem, for the menu of the read page."""

from dataclasses import dataclass

from postmortems.access import FINISHED, Viewer
from postmortems.models import Postmortem, User
from postmortems.reviews import rights
from postmortems.standing import Standing


@dataclass(frozen=True)
class Menu:
    """The entries that not everybody gets; printing and the file are there for all."""

    may_edit: bool
    may_duplicate: bool
    may_archive: bool
    may_unarchive: bool
    may_see_review: bool
    may_ask: bool


def menu_of(postmortem: Postmortem, viewer: Viewer, standing: Standing, *, is_own: bool) -> Menu:
    """The menu for someone who sees the postmortem."""
    may_edit = standing.writes_in(postmortem.team_id)
    is_archived = postmortem.status == Postmortem.Status.ARCHIVED
    is_finished = postmortem.status in FINISHED
    return Menu(
        may_edit=may_edit,
        may_duplicate=standing.writes,
        may_archive=may_edit and is_finished and not is_archived,
        may_unarchive=may_edit and is_archived,
        may_see_review=may_edit or is_own or (not is_finished and _is_named(viewer, postmortem)),
        may_ask=may_edit and postmortem.status == Postmortem.Status.DRAFT,
    )


def _is_named(viewer: Viewer, postmortem: Postmortem) -> bool:
    return isinstance(viewer, User) and rights.is_named(viewer, postmortem)
