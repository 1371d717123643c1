"""Model fields the house needs and Django lacks: tree paths, encrypted text, enum values, inclusive date ranges.

Only storage and lookups live here; what a path or an enum means is the owning app's business.
"""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models.lookups import BuiltinLookup

from jizhi.core import crypto
from jizhi.core.text import LabelledEnum


class LtreeField(models.TextField):
    """A dotted path of type ltree. Index it with GistIndex; look-ups: `descendant_of`, `ancestor_of`, `within`."""

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def cast_db_type(self, connection: Any) -> str:
        return "ltree"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return value


class _TreeLookup(BuiltinLookup):
    """`path <operator> value`; the value may be a path, an expression, or (for `within`) a list of paths."""

    operator = ""
    cast = "ltree"

    def get_prep_lookup(self) -> Any:
        return self.rhs

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {self.operator} ({right})::{self.cast}", [*left_params, *right_params]


@LtreeField.register_lookup
class DescendantOf(_TreeLookup):
    """The path itself or anything below it."""

    lookup_name = "descendant_of"
    operator = "<@"


@LtreeField.register_lookup
class AncestorOf(_TreeLookup):
    """The path itself or anything above it."""

    lookup_name = "ancestor_of"
    operator = "@>"


@LtreeField.register_lookup
class Within(_TreeLookup):
    """Inside any of a list of paths; an empty list matches nothing."""

    lookup_name = "within"
    operator = "<@"
    cast = "ltree[]"

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [list(value)]


class EncryptedTextField(models.Field):
    """Text stored as SM4-GCM bytes bound to `model.column`, read back as text; to find it, keep a blind index."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str

    def get_internal_type(self) -> str:
        return "BinaryField"

    def _context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> bytes | None:
        return None if value is None else crypto.encrypt(value, context=self._context())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else crypto.decrypt(bytes(value), context=self._context())


class EnumField(models.CharField):
    """A LabelledEnum kept as its value; rows come back with the enum member, so pages can print its label."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def __init__(self, enum: type[LabelledEnum] | None = None, **kwargs: Any) -> None:
        self.enum = enum
        kwargs.setdefault("max_length", 32)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.to_python(value)

    def to_python(self, value: Any) -> Any:
        return self.enum(value) if self.enum and value not in (None, "") else value

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else str(self.to_python(value))


def enum_check(name: str, field: str, enum: type[LabelledEnum]) -> models.CheckConstraint:
    """The database's own list of an EnumField's values."""
    values = [member.value for member in enum]
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__in": values}))


def no_overlap(name: str, *fields: str, among: models.Q | None = None) -> ExclusionConstraint:
    """Rows (those `among` which) that agree on all `fields` may not overlap in from_date…to_date (both inclusive)."""
    days = models.Func(
        models.F("from_date"),
        models.F("to_date"),
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="daterange",
        output_field=DateRangeField(),
    )
    expressions: list[Any] = [(days, RangeOperators.OVERLAPS)]
    expressions += [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=expressions, condition=among)


def dates_in_order(name: str) -> models.CheckConstraint:
    """to_date is empty or not before from_date."""
    return models.CheckConstraint(
        name=name, condition=models.Q(to_date__isnull=True) | models.Q(to_date__gte=models.F("from_date"))
    )
