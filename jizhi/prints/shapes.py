"""Forms as mappings: the fields of a form or row, and a mapping of its shape with the defaults filled in."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any


def names(form: type[Any]) -> tuple[str, ...]:
    """The field names of a form or row, in order."""
    return tuple(form.__dataclass_fields__)


def complete(form: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping of the form's shape with the defaults filled in, down through its rows."""
    hints = typing.get_type_hints(form)
    fields = {field.name: field for field in dataclasses.fields(form)}
    unknown = sorted(set(data) - set(fields))
    required = {name for name, field in fields.items() if field.default is dataclasses.MISSING}
    absent = sorted(required - set(data))
    if unknown or absent:
        raise TypeError(f"{form.__name__}: unknown {unknown}, missing {absent}; it has {sorted(fields)}")
    return {name: _filled(hints[name], data.get(name, field.default)) for name, field in fields.items()}


def _filled(hint: Any, value: Any) -> Any:
    """Rows inside a form may be dataclasses or mappings, too."""
    arguments = typing.get_args(hint)
    if isinstance(value, (list, tuple)) and arguments and not isinstance(hint, types.UnionType):
        return [_filled(arguments[0], inner) for inner in value]
    if dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return complete(typing.cast(type[Any], hint), value)
    return value
