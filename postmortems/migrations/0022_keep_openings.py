"""What people follow and have opened; who is here already has read everything up to this day."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KINDS = (
    *("review-asked", "reviewer-named", "approved", "changes-asked"),
    *("withdrawn", "commented", "replied", "published"),
    *("action-overdue", "shared-with-you", "followed"),
)


def begin_today(apps, schema_editor):
    users = apps.get_model("postmortems", "User").objects
    now = django.utils.timezone.now()
    marks = apps.get_model("postmortems", "ReadUpTo")
    keys = users.order_by("pk").values_list("pk", flat=True)
    marks.objects.bulk_create(
        (marks(user_id=key, since=now, until=now) for key in keys), batch_size=500
    )


def forget(apps, schema_editor):
    """The kinds as they were have no word for these."""
    apps.get_model("postmortems", "Notification").objects.filter(kind="followed").delete()


def number_of_its_own():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def belongs_to(model, related_name, **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to=model,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("postmortems", "0021_dismiss_similar"),
        ("taxonomy", "0003_keep_what_was_loaded"),
    ]

    operations = [
        migrations.CreateModel(
            name="Following",
            fields=[
                ("id", number_of_its_own()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("user", belongs_to(settings.AUTH_USER_MODEL, "followings")),
                ("term", belongs_to("taxonomy.term", "followings", null=True)),
                ("saved_search", belongs_to("postmortems.savedsearch", "followings", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "term"), name="following_term_once"),
                    models.UniqueConstraint(
                        fields=("user", "saved_search"), name="following_search_once"
                    ),
                    models.CheckConstraint(
                        condition=(
                            models.Q(("saved_search__isnull", True), ("term__isnull", False))
                            | models.Q(("saved_search__isnull", False), ("term__isnull", True))
                        ),
                        name="following_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", number_of_its_own()),
                ("revision", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("user", belongs_to(settings.AUTH_USER_MODEL, "openings")),
                ("postmortem", belongs_to("postmortems.postmortem", "openings")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "postmortem"), name="opening_once_a_reader_and_postmortem"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadUpTo",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="read_up_to",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(model_name="notification", name="notification_kind_known"),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", list(KINDS))), name="notification_kind_known"
            ),
        ),
        migrations.RemoveIndex(model_name="postmortem", name="postmortem_by_day"),
        migrations.AddIndex(
            model_name="postmortem",
            index=models.Index(
                fields=["started_day", "status", "deleted_at", "-published_at", "ref"],
                name="postmortem_by_day",
            ),
        ),
        migrations.RunPython(begin_today, forget),
    ]
