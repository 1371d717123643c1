"""Nobody reads how many households were visited: written no more from here on, the column goes a release later."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_keys_of_changes")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE visits_monthcount ALTER COLUMN visited SET DEFAULT 0",
                    "ALTER TABLE visits_monthcount ALTER COLUMN visited DROP DEFAULT",
                )
            ],
            state_operations=[migrations.RemoveField("monthcount", "visited")],
        )
    ]
