"""What people do with many actions at once: set their status, say that it still holds.

Each postmortem is changed by its own verb, in a transaction of its own; the report says what became of
each action.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from postmortems import access, audit, authoring, confirmations, content, outbox
from postmortems.actions.listing import CONFIRMABLE
from postmortems.authoring import Conflict
from postmortems.document import ACTION_STATUSES, Document
from postmortems.models import Action, Postmortem, User

MOST = 100


@dataclass(frozen=True)
class Chosen:
    """An action by its postmortem and its id; `was` is the status that it was chosen with, if known."""

    ref: str
    key: str
    was: str = ""


@dataclass(frozen=True)
class Report:
    """How many actions were changed, had it already, are not theirs to change, have moved on since
    they were chosen, or belong to a postmortem that cannot be saved as it is."""

    changed: int = 0
    same: int = 0
    not_yours: int = 0
    moved_on: int = 0
    refused: int = 0

    def __add__(self, other: "Report") -> "Report":
        return Report(
            self.changed + other.changed,
            self.same + other.same,
            self.not_yours + other.not_yours,
            self.moved_on + other.moved_on,
            self.refused + other.refused,
        )


def set_status(chosen: Collection[Chosen], status: str, *, by: User) -> Report:
    """Give the actions a status: one revision for each postmortem, however many of its actions.

    What `by` may not see has moved on like what is gone. Raises ValidationError, keyed by field, for
    a status that there is not, and for nothing or too much chosen.
    """
    if status not in ACTION_STATUSES:
        raise ValidationError({"status": _("Choose one of the statuses.")})
    report = Report()
    # The index follows once, at the end.
    with outbox.postponed():
        for postmortem, items in _grouped(chosen, by):
            report += _set_in(postmortem, items, status, by)
    return report


def confirm(chosen: Collection[Chosen], *, by: User) -> Report:
    """Say that the statuses of the actions still hold; no content is changed by it.

    Raises ValidationError, keyed by field, for nothing or too much chosen.
    """
    report = Report()
    with outbox.writing():
        for postmortem, items in _grouped(chosen, by):
            report += _confirm_in(postmortem, items, by)
    return report


def _grouped(
    chosen: Collection[Chosen], by: User
) -> Iterable[tuple[Postmortem | None, list[Chosen]]]:
    """What was chosen by its postmortem, each action once; None stands for what is not there to see."""
    items = list({(item.ref, item.key): item for item in chosen}.values())
    if not items:
        raise ValidationError({"actions": _("Choose the actions first.")})
    if len(items) > MOST:
        message = _("Choose at most %(most)d actions at once.") % {"most": MOST}
        raise ValidationError({"actions": message})
    by_ref: dict[str, list[Chosen]] = {}
    for item in items:
        by_ref.setdefault(item.ref.lower(), []).append(item)
    seen = Postmortem.objects.visible_to(by).select_related("team").filter(ref__in=by_ref)
    found = {postmortem.ref: postmortem for postmortem in seen}
    return [(found.get(ref), listed) for ref, listed in by_ref.items()]


def _set_in(postmortem: Postmortem | None, items: list[Chosen], status: str, by: User) -> Report:
    if postmortem is None:
        return Report(moved_on=len(items))
    if not access.may_edit(by, postmortem):
        return Report(not_yours=len(items))
    document = content.read(postmortem)
    present = {action.id: action.status for action in document.actions}
    ready = {item.key for item in items if _is_as_chosen(item, present)}
    changing = {key for key in ready if present[key] != status}
    report = Report(same=len(ready) - len(changing), moved_on=len(items) - len(ready))
    if not changing:
        return report
    comment = _("Statuses of actions")
    wanted = _with_status(document, changing, status)
    try:
        authoring.edit(postmortem, wanted, by=by, revision=postmortem.revision, comment=comment)
    except Conflict:
        return report + Report(moved_on=len(changing))
    except ValidationError:
        return report + Report(refused=len(changing))
    return report + Report(changed=len(changing))


def _with_status(document: Document, keys: Collection[str], status: str) -> Document:
    actions = (
        replace(action, status=status) if action.id in keys else action
        for action in document.actions
    )
    return replace(document, actions=tuple(actions))


def _confirm_in(postmortem: Postmortem | None, items: list[Chosen], by: User) -> Report:
    if postmortem is None:
        return Report(moved_on=len(items))
    if not access.may_edit(by, postmortem):
        return Report(not_yours=len(items))
    rows = Action.objects.filter(postmortem=postmortem, status__in=CONFIRMABLE)
    present = dict(rows.values_list("key", "status"))
    ready = {item.key: present[item.key] for item in items if _is_as_chosen(item, present)}
    if ready:
        confirmations.keep(postmortem, ready)
        audit.record("confirm-actions", postmortem, by=by, after={"actions": sorted(ready)})
    return Report(changed=len(ready), moved_on=len(items) - len(ready))


def _is_as_chosen(item: Chosen, present: Mapping[str, str]) -> bool:
    return item.key in present and item.was in ("", present[item.key])
