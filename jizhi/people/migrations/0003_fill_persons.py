"""Persons and households that were there before: sex and look-up digests from their numbers, heads as persons."""

from django.db import migrations

from jizhi.core import crypto
from jizhi.people import rules

BATCH = 1000
HEADS = """
    UPDATE people_household h SET head_id = found.person_id
    FROM (
        SELECT DISTINCT ON (m.household_id) m.household_id, m.person_id
        FROM people_membership m JOIN people_person p ON p.id = m.person_id
        JOIN people_household own ON own.id = m.household_id
        WHERE m.to_date IS NULL AND (m.relation = '户主' OR p.name = own.head_name)
        ORDER BY m.household_id, (m.relation = '户主') DESC, m.id
    ) found
    WHERE found.household_id = h.id AND h.head_id IS NULL
"""


def fill(apps, schema_editor):
    person_model = apps.get_model("people", "Person")
    batch = []
    for person in person_model.objects.order_by("id").iterator(chunk_size=BATCH):
        number, phone = person.id_number or "", person.phone or ""
        core, sex = rules.id_core(number), rules.sex_of_id(number)
        person.id_core_index = crypto.blind_index(f"core:{core}") if core else ""
        person.phone_index = crypto.blind_index(phone) if phone else ""
        person.sex = sex or ""
        batch.append(person)
        if len(batch) == BATCH:
            _save(person_model, batch)
            batch = []
    _save(person_model, batch)
    schema_editor.execute(HEADS)


def _save(person_model, batch):
    person_model.objects.bulk_update(batch, ["id_core_index", "phone_index", "sex"])


class Migration(migrations.Migration):
    dependencies = [("people", "0002_persons_over_time")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
