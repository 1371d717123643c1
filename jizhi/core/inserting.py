"""Many rows of one table in one statement, without a model instance for each: what county-scale writing needs.

Values pass through the model's fields (so numbers are encrypted as ever); constraints and triggers hold as always.
COPY would be a little quicker, but PostgreSQL refuses it to roles under row-level security.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from jizhi.core.fields import LtreeField

# Text goes in as text: a cast to varchar(50) would cut silently, the column itself refuses what is too long.
_TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (LtreeField, "ltree"),
    (models.JSONField, "jsonb"),
    (models.DateTimeField, "timestamptz"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.IntegerField, "bigint"),
    (models.AutoField, "bigint"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as values in the order of `names` (field names or `…_id`; ids may be given, too)."""
    if not rows:
        return
    fields = [
        model._meta.get_field(name.removesuffix("_id") if _is_key(model, name) else name) for name in names
    ]
    columns, arrays, values = [], [], []
    for field, column in zip(fields, zip(*rows, strict=True), strict=True):
        assert isinstance(field, models.Field)
        columns.append(connection.ops.quote_name(str(field.column)))
        arrays.append(f"%s::{_type_of(field)}[]")
        values.append([_prepared(field, value) for value in column])
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM unnest({', '.join(arrays)})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def new_ids(model: type[models.Model], count: int) -> Iterator[int]:
    """Keys for rows about to be inserted, so that rows of other tables can name them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return iter([row[0] for row in cursor.fetchall()])


def _is_key(model: type[models.Model], name: str) -> bool:
    """Whether `village_id` means the foreign key `village` (a plain column may end in _id as well)."""
    own = {field.name for field in model._meta.fields}
    return name.endswith("_id") and name not in own


def _type_of(field: models.Field) -> str:
    if isinstance(field, models.ForeignKey):
        return _type_of(field.target_field)
    if field.get_internal_type() == "BinaryField":
        return "bytea"
    return next(name for kind, name in _TYPES if isinstance(field, kind))


def _prepared(field: models.Field, value: Any) -> Any:
    if isinstance(field, models.JSONField):
        return None if value is None else json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(field, models.CharField):
        return None if value is None else str(value)
    return field.get_db_prep_save(value, connection)
