from django.db import migrations


def keep_one_of_each_address(apps, schema_editor):
    """Two accounts with one address: the older keeps it, as it may now be only one person's."""
    seen = set()
    for user in apps.get_model("postmortems", "User").objects.exclude(email="").order_by("pk"):
        if user.email.lower() in seen:
            user.email = ""
            user.save(update_fields=["email"])
        seen.add(user.email.lower())


class Migration(migrations.Migration):
    dependencies = [("postmortems", "0011_keep_files")]

    operations = [migrations.RunPython(keep_one_of_each_address, migrations.RunPython.noop)]
