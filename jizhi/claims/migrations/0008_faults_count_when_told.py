"""A fault counts when the household was told: from here on the database refuses any other."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_kinds_of_items")]

    operations = [
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["posted", "reversed", "grace", "corrected"]), _negated=True),
                    ("item_kind", "merit"),
                    ("told_at__isnull", False),
                    _connector="OR",
                ),
                name="fault_counts_when_told",
            ),
        ),
    ]
