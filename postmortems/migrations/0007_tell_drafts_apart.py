from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

Kept = dict[str, Any] | list[list[Any]]


def keep_pairs(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Objects become pairs, in the order that is left of them."""
    _convert(apps, lambda fields: list(map(list, dict(fields).items())))


def keep_objects(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Pairs become objects again."""
    _convert(apps, dict)


def _convert(apps: StateApps, convert: Any) -> None:
    drafts = apps.get_model("postmortems", "Draft").objects
    for draft in drafts.iterator(chunk_size=20):
        draft.fields = convert(draft.fields)
        draft.save(update_fields=["fields"])


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0006_trace_parts")]

    operations = [
        migrations.AddField(
            model_name="postmortem",
            name="draft_key",
            field=models.CharField(max_length=60, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name="draft",
            name="fields",
            field=models.JSONField(default=list),
        ),
        migrations.RunPython(keep_pairs, keep_objects),
    ]
