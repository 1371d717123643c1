"""Areas that are there already: the levels below the village are grids, and each area has been what it is all along."""

from django.db import migrations

GRIDS = """
UPDATE areas_level SET is_grid = true
WHERE depth > (SELECT depth FROM areas_level WHERE key = 'village')
"""
PERIODS = """
INSERT INTO areas_areaperiod (area_id, name, name_en, parent_id, path, from_date, to_date)
SELECT id, name, name_en, parent_id, path, from_date, to_date FROM areas_area ORDER BY id
"""


class Migration(migrations.Migration):
    dependencies = [("areas", "0002_grids_history_boundaries")]

    operations = [
        migrations.RunSQL([GRIDS, PERIODS], [migrations.RunSQL.noop]),
    ]
