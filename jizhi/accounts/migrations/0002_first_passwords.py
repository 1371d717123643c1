"""When a password to start with was given. Those that are out today count from the update on."""

from django.db import migrations, models
from django.utils import timezone


def count_from_now(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects.filter(must_change_password=True)
    users.update(first_password_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="first_password_at",
            field=models.DateTimeField(blank=True, help_text="when it was given", null=True),
        ),
        migrations.RunPython(count_from_now, migrations.RunPython.noop),
    ]
