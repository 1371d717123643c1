"""Persons get the village of their latest membership; what is there is filled before the triggers stand."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION people_latest_village(person bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.village_id FROM people_membership m WHERE m.person_id = person ORDER BY m.from_date DESC, m.id DESC LIMIT 1
$$;
CREATE FUNCTION people_place_persons(persons bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE people_person p SET village_id = people_latest_village(p.id)
    WHERE p.id = ANY (persons) AND p.village_id IS DISTINCT FROM people_latest_village(p.id)
$$
"""
FILL = """
UPDATE people_person p SET village_id = latest.village_id
FROM (
    SELECT DISTINCT ON (m.person_id) m.person_id, m.village_id
    FROM people_membership m ORDER BY m.person_id, m.from_date DESC, m.id DESC
) latest
WHERE latest.person_id = p.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0003_what_is_there_gets_its_history"),
        ("people", "0004_village_of_memberships"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="village",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="areas.area",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["village", "name"], name="person_village_name"),
        ),
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION people_place_persons(bigint[]); DROP FUNCTION people_latest_village(bigint)",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="place_persons_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM people_place_persons(ARRAY(SELECT person_id FROM new_rows)); RETURN NULL;",
                    hash="c50b2961f2625bae9130b5b0a56f98d15e1299b4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_place_persons_insert_702e8",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="people_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="place_persons_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM people_place_persons(ARRAY(SELECT person_id FROM old_rows UNION SELECT person_id FROM new_rows)); RETURN NULL;",
                    hash="8260a2a7672bd748066b9fe3eb70059069756f6b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_place_persons_update_5894a",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="people_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="place_persons_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM people_place_persons(ARRAY(SELECT person_id FROM old_rows)); RETURN NULL;",
                    hash="69ad61dc162e3a36ef231b4031d6a3266dc9b4d0",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_place_persons_delete_812dc",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="people_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="village_of_latest_membership",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.village_id = people_latest_village(NEW.id); RETURN NEW;",
                    hash="5bae2b9afd251ef514420a54e2e5fb2aa28152e9",
                    operation='UPDATE OF "village_id"',
                    pgid="pgtrigger_village_of_latest_membership_6bd4d",
                    table="people_person",
                    when="BEFORE",
                ),
            ),
        ),
    ]
