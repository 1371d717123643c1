"""Why an import failed, in both languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_handouts_wait_since")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="fault_en",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
