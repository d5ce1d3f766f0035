"""Dates the statuses that were set before dates were kept; where dates are kept already, these stay."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

AT_ONCE = 50
SYSTEM = "system"
UNKNOWN = "unknown"


def date_statuses(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Walk once through the revisions of every postmortem with actions: when was each status set."""
    confirmations = apps.get_model("postmortems", "Confirmation").objects
    actions = apps.get_model("postmortems", "Action").objects
    owners = actions.exclude(status=UNKNOWN).order_by("postmortem").distinct()
    for owner, import_id in owners.values_list("postmortem", "postmortem__import_id"):
        dates: dict[str, tuple[str, datetime | None]] = {}
        for row in _revisions(apps, owner):
            # What came from elsewhere had its statuses before; nobody knows since when.
            is_brought = row.number == 1 and (import_id or row.author.username == SYSTEM)
            at = None if is_brought else row.created_at
            now = {i["id"]: i.get("status", UNKNOWN) for i in row.document.get("actions", ())}
            dates = {
                key: dates[key] if key in dates and dates[key][0] == status else (status, at)
                for key, status in now.items()
            }
        found = (
            confirmations.model(postmortem_id=owner, key=key, status=status, confirmed_at=at)
            for key, (status, at) in dates.items()
            if at and status != UNKNOWN
        )
        confirmations.bulk_create(found, ignore_conflicts=True)


def _revisions(apps: StateApps, owner: int) -> Iterator[Any]:
    """Oldest first, a few at a time: a content has up to 4 MB."""
    revisions = apps.get_model("postmortems", "Revision").objects.select_related("author")
    at = 0
    while rows := list(
        revisions.filter(postmortem=owner, number__gt=at).order_by("number")[:AT_ONCE]
    ):
        yield from rows
        at = rows[-1].number


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0022_keep_openings")]

    operations = [migrations.RunPython(date_statuses, migrations.RunPython.noop)]
