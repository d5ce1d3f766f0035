"""Since when an action has the status it has: kept when a status is set, and when somebody says it still holds.

Called by what saves contents; not a part of the content, so that reading a page of actions walks
through no revisions.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from postmortems.models import Confirmation, Postmortem, User

# Of an action with this status nobody has said anything that could still hold.
UNKNOWN = "unknown"

Data = Mapping[str, Any]


def begin(made: Iterable[tuple[Postmortem, Data]], *, by: User) -> None:
    """Keep that the statuses of new contents were set now: what a person wrote, nothing that was imported."""
    if by.is_system:
        return
    now = timezone.now()
    Confirmation.objects.bulk_create(
        Confirmation(postmortem=postmortem, key=key, status=status, confirmed_at=now)
        for postmortem, data in made
        if not postmortem.import_id
        for key, status in statuses_of(data).items()
        if status != UNKNOWN
    )


def follow(postmortem: Postmortem, data: Data, before: Data) -> None:
    """Keep which statuses a new content has set; what it left as it was keeps its date."""
    now, then = statuses_of(data), statuses_of(before)
    changed = {key: status for key, status in now.items() if then.get(key) != status}
    gone = then.keys() - now.keys()
    if changed or gone:
        Confirmation.objects.filter(postmortem=postmortem, key__in=[*changed, *gone]).delete()
        keep(postmortem, {key: status for key, status in changed.items() if status != UNKNOWN})


def keep(postmortem: Postmortem, statuses: Mapping[str, str]) -> None:
    """Keep that these actions have these statuses now, by their keys."""
    now = timezone.now()
    Confirmation.objects.bulk_create(
        [
            Confirmation(postmortem=postmortem, key=key, status=status, confirmed_at=now)
            for key, status in statuses.items()
        ],
        update_conflicts=True,
        unique_fields=["postmortem", "key"],
        update_fields=["status", "confirmed_at"],
    )


def statuses_of(data: Data) -> dict[str, str]:
    """The status of each action of a Document as JSON, by its key."""
    return {item["id"]: item.get("status", UNKNOWN) for item in data.get("actions", ())}


def dates_of(asked: Mapping[int, Mapping[str, str]]) -> dict[int, dict[str, datetime]]:
    """When actions were given these statuses or confirmed in them, where that is known.

    Both by the id of the postmortem and the key of the action; one statement, or none.
    """
    found: dict[int, dict[str, datetime]] = {pk: {} for pk in asked}
    wanted = [pk for pk, statuses in asked.items() if statuses]
    rows = Confirmation.objects.filter(postmortem__in=wanted) if wanted else ()
    for row in rows:
        if asked[row.postmortem_id].get(row.key) == row.status:
            found[row.postmortem_id][row.key] = row.confirmed_at
    return found
