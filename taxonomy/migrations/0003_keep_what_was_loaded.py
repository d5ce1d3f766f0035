from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0002_keep_former_paths")]

    operations = [
        migrations.AddField("term", "loaded", models.JSONField(blank=True, null=True)),
        migrations.AddField("vocabulary", "loaded", models.JSONField(blank=True, null=True)),
    ]
