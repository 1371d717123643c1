"""Since when a handout waits: those that wait today count from the update on."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_handouts")]

    operations = [
        migrations.AddField(
            model_name="importhandout",
            name="kept_at",
            field=models.DateTimeField(default=django.utils.timezone.now, help_text="since when it waits"),
            preserve_default=False,
        ),
    ]
