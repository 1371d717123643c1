"""The form that asks for a key says which request it is; asked again, no second key comes about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_claims_from_records")]

    operations = [
        migrations.AddField(
            model_name="systemkey",
            name="request_key",
            field=models.CharField(blank=True, max_length=60, null=True, unique=True),
        ),
    ]
