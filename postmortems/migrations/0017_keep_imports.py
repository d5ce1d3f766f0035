import django.db.models.deletion
import django.utils.timezone
import postmortems.models.imported
import postmortems.models.postmortem
import postmortems.models.stored_file
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("postmortems", "0016_keep_answers_and_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=postmortems.models.postmortem.new_ref, max_length=8, unique=True
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255)),
                ("digest", models.CharField(max_length=64)),
                (
                    "seed",
                    models.CharField(default=postmortems.models.imported.new_seed, max_length=32),
                ),
                ("key", models.CharField(max_length=255, null=True)),
                ("request", models.CharField(blank=True, max_length=64)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="postmortems.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=300)),
                ("import_id", models.CharField(blank=True, max_length=200)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "Created"),
                            ("updated", "Updated"),
                            ("unchanged", "Unchanged"),
                            ("problem", "Problem"),
                        ],
                        max_length=10,
                    ),
                ),
                ("problems", models.JSONField(default=list)),
                ("revision_before", models.PositiveIntegerField(null=True)),
                ("version_after", models.PositiveIntegerField(null=True)),
                ("before", models.JSONField(default=dict)),
                (
                    "undone",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", ""),
                            ("binned", "Moved to the bin"),
                            ("restored", "Back as it was"),
                            ("changed", "Changed since, and left alone"),
                            ("gone", "Not there any more"),
                            ("refused", "Not yours to change any more"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="postmortems.import",
                    ),
                ),
                (
                    "postmortem",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="import_rows",
                        to="postmortems.postmortem",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="WaitingImport",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=postmortems.models.stored_file.new_file_id,
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("files", models.JSONField(default=list)),
                ("data", models.BinaryField()),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_imports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="waiting_imports",
                        to="postmortems.team",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                fields=("by", "key"), name="import_key_once_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(
                fields=("batch", "position"), name="import_row_once_a_position"
            ),
        ),
    ]
