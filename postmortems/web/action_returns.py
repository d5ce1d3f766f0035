"""How often what actions were about has happened since, and the searches that list just that."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from postmortems.access import Viewer
from postmortems.actions.listing import came_back
from postmortems.actions.returning import last_causes, later_by_defect, root_causes
from postmortems.models import Action
from postmortems.search import numbers_of
from postmortems.search.parser import MAX_LENGTH
from taxonomy import lookup

SAFE = "/>:,"

# The path of a cause, and the day that something with it began on.
Caused = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Return:
    """What happened later: where it is listed, and how many that is; 0 where no search can list it."""

    url: str
    number: int


def returns_of(actions: Iterable[Action], viewer: Viewer) -> dict[int, Return]:
    """For each action that came back what happened later, by its id: what has the same cause, or else
    what is the same defect."""
    back = [action for action in actions if came_back(action)]
    if not back:
        return {}
    paths = _paths(back, viewer)
    asked = {action.pk: (path, _began(action)) for action in back if (path := paths[action.pk])}
    by_cause = _by_cause(set(asked.values()), viewer)
    others = [action for action in back if action.pk not in asked]
    same = later_by_defect([action.postmortem for action in others], viewer) if others else {}
    by_defect = {item.pk: _by_defect(item, same.get(item.postmortem_id, ())) for item in others}
    return {pk: by_cause[one] for pk, one in asked.items()} | by_defect


def _paths(actions: list[Action], viewer: Viewer) -> dict[int, str]:
    """The first cause of each that came back later; empty where it was the defect alone."""
    last, terms = last_causes(viewer), lookup.current().by_id
    uses = root_causes(last).filter(postmortem__in={action.postmortem_id for action in actions})
    causes: dict[int, list[int]] = {}
    for postmortem_id, term_id in uses.order_by("position").values_list("postmortem", "term"):
        causes.setdefault(postmortem_id, []).append(term_id)
    paths = {}
    for action in actions:
        began = _began(action)
        # A shorter text comes before what it begins; a day of the same year is no later one.
        later = (
            terms[term_id].path
            for term_id in causes.get(action.postmortem_id, ())
            if str(last[term_id])[: len(began)] > began
        )
        paths[action.pk] = next(later, "")
    return paths


def _by_cause(asked: Collection[Caused], viewer: Viewer) -> dict[Caused, Return]:
    """What has a cause and began later than a day."""
    ordered = list(asked)
    searches = [{"cause": path, "started": f">{began}"} for path, began in ordered]
    numbers = numbers_of([{key: [value] for key, value in one.items()} for one in searches], viewer)
    found = [Return(_address(one), number) for one, number in zip(searches, numbers, strict=True)]
    return dict(zip(ordered, found, strict=True))


def _by_defect(action: Action, refs: tuple[str, ...]) -> Return:
    text = f"ref:{','.join(refs)}"
    if not refs or len(text) >= MAX_LENGTH:
        return Return(f"{action.postmortem.get_absolute_url()}#related", 0)
    return Return(_address({"q": text}), len(refs))


def _address(asked: dict[str, str]) -> str:
    return f"{reverse('search')}?{urlencode(asked, safe=SAFE)}"


def _began(action: Action) -> str:
    return str(action.postmortem.moments.get("started", {}).get("date", ""))
