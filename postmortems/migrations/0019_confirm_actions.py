import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("postmortems", "0018_know_files_of_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("status", models.CharField(max_length=10)),
                ("confirmed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tracker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("ticket_url", models.CharField(blank=True, max_length=1000)),
                ("prefix", models.CharField(blank=True, max_length=40)),
                ("key_url", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["due", "status"], name="action_by_due"),
        ),
        migrations.AddField(
            model_name="confirmation",
            name="postmortem",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="confirmations",
                to="postmortems.postmortem",
            ),
        ),
        migrations.AddConstraint(
            model_name="tracker",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="tracker_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="tracker",
            constraint=models.CheckConstraint(
                condition=models.Q(("key_url", ""), ("ticket_url", ""), _negated=True),
                name="tracker_leads_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="confirmation",
            constraint=models.UniqueConstraint(
                fields=("postmortem", "key"), name="confirmation_once_an_action"
            ),
        ),
    ]
