"""Why a simulation failed, in both languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("drafting", "0002_deeds_of_outcomes")]

    operations = [
        migrations.AddField(
            model_name="simulation",
            name="fault_en",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
