"""What is wrong with the form of a document, from the models' own errors, in words that help a clerk.

Each says where, what was found, what should stand there and the nearest valid name. Names that resolve to nothing are
found by `document/resolution.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from jizhi.engine.document import points
from jizhi.engine.document.base import Model, Wrong
from jizhi.engine.document.problem import nearest
from jizhi.engine.document.text import Text
from jizhi.engine.reading import words
from jizhi.engine.reading.yaml_source import Place, Source

FORM_MODELS: dict[str, type[Model]] = {
    form: getattr(points, form.capitalize())
    for form in ("fixed", "each", "grades", "ladder", "bands", "between")
}
POINT_KEYS = ["each", "per", *list(FORM_MODELS)[2:]]
FORMS = {
    "tuple_type": words.LIST,
    "list_type": words.LIST,
    "dict_type": words.KEYS,
    "model_type": words.KEYS,
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "greater_than_equal": "a number from {ge}",
    "less_than_equal": "a number up to {le}",
    "int_parsing": words.WHOLE,
    "int_type": words.WHOLE,
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text",
    "string_too_short": "not empty",
    "string_pattern_mismatch": "a name without spaces",
}


def explain(source: Source, model: type[Model], error: ValidationError) -> None:
    """Adds a problem for every error of the form that is not only the echo of another."""
    errors = error.errors(include_url=False)
    unknown = {(tuple(one["loc"][:-1]), _meant(model, one)) for one in errors if _is_extra(one)}
    spoilt = {place for place, _ in unknown}
    for one in errors:
        path = tuple(one["loc"])
        if one["type"] == "missing" and ((path[:-1], path[-1]) in unknown or _formless(path, spoilt)):
            continue
        if one["type"] == "too_short" and any(_inside(tuple(other["loc"]), path) for other in errors):
            continue
        _explain(source, model, one)


def _is_extra(error: Any) -> bool:
    return bool(error["type"] == "extra_forbidden")


def _meant(model: type[Model], error: Any) -> str:
    """The valid key that an unknown one probably stands for."""
    return nearest(str(error["loc"][-1]), keys_at(model, error["loc"][:-1]))


def _formless(path: Place, spoilt: set[Place]) -> bool:
    """Points without any known form: the unknown key is told, not the absence of the plain form."""
    return path[-1] == "fixed" and path[:-1] in spoilt


def _inside(path: Place, around: Place) -> bool:
    return len(path) > len(around) and path[: len(around)] == around


def _explain(source: Source, model: type[Model], error: Any) -> None:
    """One error of the models as a problem that helps."""
    path: Place = tuple(error["loc"])
    kind = error["type"]
    if path[-1:] == ("[key]",) and kind == "literal_error":
        path, kind, names = path[:-1], "extra_forbidden", _choices(error)
    else:
        names = keys_at(model, path[:-1])
    if kind == "extra_forbidden":
        message = Text(zh=f"不认识的键 {path[-1]}", en=f"unknown key {path[-1]}")
        _add(source, "unknown-key", message, path, str(path[-1]), names)
    elif kind == "missing":
        key = "points" if path[-1] == "fixed" else str(path[-1])
        names = POINT_KEYS if path[-1] == "fixed" else [key]
        _add(source, "missing-key", Text(zh=f"缺少 {key}", en=f"{key} is missing"), path, "", names)
    elif kind in ("enum", "literal_error"):
        _add(source, "unknown-name", _no_value(source, path), path, _short(error["input"]), _choices(error))
    else:
        _wrong(source, path, error)


def _wrong(source: Source, path: Place, error: Any) -> None:
    """A value that is not what should stand there."""
    cause = error.get("ctx", {}).get("error")
    known = cause if isinstance(cause, Wrong) else Wrong(_expected(error))
    place = (*path, known.key) if known.key else path
    found = known.found or _short(error["input"])
    item = source.item_at(path)
    word = known.key or _word(source, path)
    source.add(
        "invalid-value",
        Text(zh=f"{word} 写得不对", en=f"{word} is not right"),
        source.line(place),
        found=found,
        expected=words.expected(known.expected),
        item=item,
        nearest=_nearest_of(found, known.names),
    )


def _nearest_of(found: str, names: Sequence[str]) -> str:
    """The nearest name to one of several words."""
    return next((near for word in found.split(", ") if (near := nearest(word, names))), "")


def _add(source: Source, code: str, message: Text, path: Place, found: str, names: Sequence[str]) -> None:
    source.add(
        code,
        message,
        source.line(path),
        found=found,
        expected=", ".join(names),
        item=source.item_at(path),
        nearest=nearest(found, names),
    )


def _choices(error: Any) -> list[str]:
    """The values of which one was expected."""
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))


def _no_value(source: Source, path: Place) -> Text:
    word = _word(source, path)
    return Text(zh=f"{word} 没有这个取值", en=f"not a value of {word}")


def _expected(error: Any) -> str:
    """What should stand there, in the words of the document rather than of the library."""
    form = FORMS.get(error["type"])
    if form is None:
        return str(error["msg"]).removeprefix("Value error, ")
    for name, value in error.get("ctx", {}).items():
        form = form.replace(f"{{{name}}}", str(value))
    return form


def _short(value: Any) -> str:
    """A value as it might be written."""
    if value is None:
        return "-"
    text = re.sub(r"'([^']*)'", r"\1", str(value)) if isinstance(value, list | dict) else str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _word(source: Source, path: Place) -> str:
    """The last key of a path that is written in the document."""
    return next((str(part) for part in reversed(source.known(path)) if isinstance(part, str)), "document")


def keys_at(model: type[Model], path: Sequence[str | int]) -> list[str]:
    """The valid keys of the part of a document at that path."""
    current: type[Model] = model
    for part in path:
        if isinstance(part, int):
            continue
        inner = _field_model(current, part) or FORM_MODELS.get(part)
        if inner is not None:
            current = inner
    if current is points.Fixed:
        return POINT_KEYS
    return current.written_keys()


def _field_model(model: type[Model], key: str) -> type[Model] | None:
    for name, info in model.model_fields.items():
        if key in (name, info.alias):
            return _model_in(info.annotation)
    return None


def _model_in(annotation: Any) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    inner = [_model_in(part) for part in getattr(annotation, "__args__", ())]
    found = [one for one in inner if one is not None]
    return found[0] if len(found) == 1 else None
