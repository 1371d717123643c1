"""Signed minutes may be a document, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assemblies", "0001_assemblies_funds_and_pledges")]

    operations = [
        migrations.AddField(
            model_name="assemblyphoto", name="name", field=models.CharField(blank=True, max_length=100)
        ),
        migrations.AddField(
            model_name="assemblyphoto", name="size", field=models.PositiveIntegerField(default=0)
        ),
    ]
