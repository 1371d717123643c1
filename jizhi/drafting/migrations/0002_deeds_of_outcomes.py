"""What a save did to an outcome has words of its own; earlier saves keep theirs."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("drafting", "0001_drafts_and_simulations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="draftsave",
            name="draft_deed_known",
        ),
        migrations.AddConstraint(
            model_name="draftsave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "deed__in",
                        [
                            "started",
                            "item_added",
                            "item_changed",
                            "item_removed",
                            "item_moved",
                            "items_imported",
                            "outcome_added",
                            "outcome_changed",
                            "outcome_removed",
                            "outcome_moved",
                            "part_changed",
                            "source_changed",
                            "reason_given",
                            "cases_changed",
                            "day_changed",
                            "undone",
                        ],
                    )
                ),
                name="draft_deed_known",
            ),
        ),
    ]
