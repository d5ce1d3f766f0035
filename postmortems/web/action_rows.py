"""Actions of many postmortems as lines that templates print without logic."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from postmortems import standing, trackers
from postmortems.access import Viewer
from postmortems.actions import listing
from postmortems.document import UNDONE
from postmortems.due import days_over
from postmortems.models import Action, Tracker
from postmortems.moments import Moment
from postmortems.standing import Standing
from postmortems.templatetags.title_tags import title_here
from postmortems.web.action_returns import Return, returns_of
from postmortems.web.read_parts import ACTION_KINDS, ACTION_STATUSES, State

# Makes a whole address of a path of this site.
Absolute = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Ticket:
    """Where a ticket is begun, filled with what the action says."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One action; `value` names it with the status it is shown with, for forms. `back` is what
    happened since, if something did."""

    value: str
    name: str
    text: str
    language: str
    url: str
    kind: str
    status: str
    state: State
    owner: str
    due: str
    days_over: int
    tracker: str
    tracker_url: str
    tickets: tuple[Ticket, ...]
    back: Return | None
    is_unconfirmed: bool
    confirmed_at: datetime | None
    may_change: bool
    may_confirm: bool
    title: str
    title_language: str
    started: Moment
    team: str


def lines_of(actions: Iterable[Action], viewer: Viewer, absolute: Absolute) -> list[Line]:
    """The lines in the same order, in a few statements however many they are."""
    found = list(actions)
    made = Maker(
        rights=standing.standing_of(viewer),
        trackers=list(Tracker.objects.all()) if found else [],
        back=returns_of(found, viewer),
        absolute=absolute,
        now=timezone.now(),
    )
    return [made.line(action) for action in found]


@dataclass(frozen=True)
class Maker:
    """What the lines of a page have in common."""

    rights: Standing
    trackers: list[Tracker]
    back: Mapping[int, Return]
    absolute: Absolute
    now: datetime

    def line(self, action: Action) -> Line:
        """One action."""
        postmortem = action.postmortem
        may_change = self.rights.writes_in(postmortem.team_id)
        title, language = title_here(postmortem)
        url = f"{postmortem.get_absolute_url()}#{action.key}"
        name = f"{postmortem.ref}/{action.key}"
        is_undone = action.status in UNDONE
        return Line(
            value=f"{name}/{action.status}",
            name=name,
            text=action.text,
            language=postmortem.language,
            url=url,
            kind=str(ACTION_KINDS[action.kind]),
            status=action.status,
            state=ACTION_STATUSES[action.status],
            owner=action.owner,
            due=action.due,
            days_over=days_over(action, timezone.localdate(self.now)),
            tracker=action.tracker,
            tracker_url=trackers.key_link(self.trackers, action.tracker),
            tickets=self._tickets(action, url) if may_change and is_undone else (),
            back=self.back.get(action.pk),
            is_unconfirmed=listing.is_unconfirmed(action, self.now),
            confirmed_at=listing.confirmed_at(action),
            may_change=may_change,
            may_confirm=may_change and action.status in listing.CONFIRMABLE,
            title=title,
            title_language=language,
            started=Moment(**postmortem.moments.get("started", {})),
            team=postmortem.team.name,
        )

    def _tickets(self, action: Action, url: str) -> tuple[Ticket, ...]:
        if action.tracker:
            return ()
        values = {
            "title": action.postmortem.title,
            "text": action.text,
            "url": self.absolute(url),
            "ref": action.postmortem.ref,
            "due": action.due,
        }
        return tuple(
            Ticket(item.name, trackers.ticket_link(item, values))
            for item in self.trackers
            if item.ticket_url
        )
