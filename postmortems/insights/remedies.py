"""What helps against a defect that came back: its work-arounds and permanent actions, and how they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from postmortems.document import PERMANENT, WORKAROUND_STATES
from postmortems.models import Action, Postmortem
from postmortems.search.results import Hit


@dataclass(frozen=True, slots=True)
class Remedy:
    """A work-around or a permanent action of one occurrence; `state` is the work-around's state or
    the action's status, `url` its place on the read page."""

    ref: str
    text: str
    language: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Remedies:
    """Those of one postmortem, or of several."""

    fixes: tuple[Remedy, ...] = ()
    workarounds: tuple[Remedy, ...] = ()


def remedies_of(shown: Mapping[int, Hit]) -> dict[int, Remedies]:
    """What each of some postmortems, by primary key, has. Two statements."""
    fixes: dict[int, list[Remedy]] = {pk: [] for pk in shown}
    actions = Action.objects.filter(postmortem__in=list(shown), kind=PERMANENT)
    columns = ("postmortem", "key", "text", "status")
    for pk, key, text, status in actions.order_by("position").values_list(*columns):
        fixes[pk].append(_remedy(shown[pk], key, text, status))
    found = {}
    rows = Postmortem.objects.filter(pk__in=list(shown)).values_list("pk", "workarounds")
    for pk, workarounds in rows:
        made = (
            _remedy(shown[pk], item["id"], item["text"], item.get("state", "unverified"))
            for item in workarounds
        )
        found[pk] = Remedies(tuple(fixes[pk]), tuple(made))
    return {pk: found.get(pk, Remedies()) for pk in shown}


def _remedy(hit: Hit, key: str, text: str, state: str) -> Remedy:
    return Remedy(hit.ref, text, hit.language, state, f"{hit.url}#{key}")


def together(found: Iterable[Remedies]) -> Remedies:
    """Those of several postmortems, in their order."""
    every = list(found)
    return Remedies(
        tuple(remedy for item in every for remedy in item.fixes),
        tuple(remedy for item in every for remedy in item.workarounds),
    )


def workaround_state(workarounds: Iterable[Remedy]) -> str:
    """The best state there is, or `none`."""
    states = {remedy.state for remedy in workarounds}
    return next((state for state in WORKAROUND_STATES if state in states), "none")
