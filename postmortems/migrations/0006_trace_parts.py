from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

AT_ONCE = 50


def trace(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Walk once through the revisions of every postmortem, so that nobody has to again."""
    revisions = apps.get_model("postmortems", "Revision").objects
    for owner in revisions.filter(number=1).values_list("postmortem", flat=True):
        known: dict[str, int] = {}
        before: dict[str, Any] = {}
        at = 0
        # A few at a time: a content has up to 4 MB.
        while rows := list(
            revisions.filter(postmortem=owner, number__gt=at).order_by("number")[:AT_ONCE]
        ):
            for row in rows:
                parts = parts_of(row.document)
                changed = [
                    name for name in {**before, **parts} if before.get(name) != parts.get(name)
                ]
                known = known | dict.fromkeys(changed, row.number)
                row.last_changed, before, at = known, parts, row.number
            revisions.bulk_update(rows, ["last_changed"])


def parts_of(data: dict[str, Any]) -> dict[str, Any]:
    """As `revisions` named them when this was written."""
    nested = {
        f"{part}/{key}": value
        for part in ("sections", "translations")
        for key, value in data.get(part, {}).items()
    }
    own = {name: data[name] for name in data if name not in ("schema", "sections", "translations")}
    return own | nested


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0005_keep_body_templates")]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="last_changed",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(trace, migrations.RunPython.noop),
    ]
