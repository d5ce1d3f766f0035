"""Columns for where an act came from, and for the chain; what is there already is chained next."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0007_tell_drafts_apart")]

    operations = [
        migrations.RemoveIndex(model_name="auditentry", name="audit_by_object"),
        migrations.AddField(
            model_name="auditentry",
            name="number",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="token",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="postmortems.apitoken",
            ),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="token_prefix",
            field=models.CharField(default="", max_length=12),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="address",
            field=models.CharField(default="", max_length=45),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="previous_digest",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="auditentry",
            name="digest",
            field=models.CharField(default="", max_length=64),
        ),
    ]
