import django.contrib.postgres.fields
from django.db import migrations, models

# Until now every item was one of the households' scheme.
FORWARD = """
    UPDATE channels_system
    SET items = ARRAY(SELECT 'household ' || item FROM unnest(items) AS item ORDER BY item)
"""
BACKWARD = """
    UPDATE channels_system
    SET items = ARRAY(
        SELECT substr(item, 11) FROM unnest(items) AS item WHERE item LIKE 'household %' ORDER BY item
    )
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0006_records_of_every_kind")]

    operations = [
        migrations.AlterField(
            model_name="system",
            name="items",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=121),
                help_text="scheme and item, a blank between",
                size=None,
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
