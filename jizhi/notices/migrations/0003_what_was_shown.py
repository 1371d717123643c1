"""What the notices so far showed of each act, from the entries on them; unpublished acts were never shown."""

from django.db import migrations

SHOWN = """
INSERT INTO notices_noticedfact (notice_id, fact_id, points, held_back)
SELECT n.notice_id, e.fact_id, SUM(e.points), SUM(e.held_back)
FROM notices_noticedentry n
JOIN ledger_entry e ON e.id = n.entry_id
JOIN ledger_fact f ON f.id = e.fact_id AND f.published
GROUP BY n.notice_id, e.fact_id
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_kinds_withdrawal_and_extension")]

    operations = [migrations.RunSQL(SHOWN, migrations.RunSQL.noop)]
