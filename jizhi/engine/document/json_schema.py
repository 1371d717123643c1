"""The documents as JSON Schema, so that editors complete, explain and check the YAML while it is written.

Derived from the models: forms beside the full one (`points: 5`, `base: 100`, a text for {zh, en}) are added here, words
come from `json_words.py`. What a schema cannot say (names that resolve, limits that bind) stays with the loader.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from jizhi.engine.document import base, item, level, limit, outcome, pay, points, section
from jizhi.engine.document.assessment import appraise, assessment, mark, part
from jizhi.engine.document.json_words import description
from jizhi.engine.document.pack import PackDocument
from jizhi.engine.document.reference import Reference
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.star import Stars
from jizhi.engine.document.text import Text

Form = dict[str, Any]
DOCUMENTS: dict[str, type[base.Model]] = {
    "scheme": Scheme,
    "pack": PackDocument,
    "assessment": assessment.Assessment,
    "stars": Stars,
    "pay": pay.PayDocument,
}


def schema(name: str) -> Form:
    """The JSON Schema of one kind of document."""
    model = DOCUMENTS[name]
    found = model.model_json_schema(by_alias=True, schema_generator=Written)
    title = f"积治 {name}.yaml"
    return {"$schema": GenerateJsonSchema.schema_dialect, **found, "title": title}


def text(name: str) -> str:
    """The JSON Schema as a file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _number(signed: bool = False) -> Form:
    sign = "-?" if signed else ""
    number: Form = {"type": "number"} if signed else {"type": "number", "minimum": 0}
    return {"anyOf": [number, {"type": "string", "pattern": rf"^{sign}[0-9]+(\.[0-9]+)?$"}]}


AMOUNT, SIGNED = _number(), _number(signed=True)
WORD: Form = {"type": ["string", "number", "boolean"]}
WHOLE: Form = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": "^[0-9]+$"}]}
PERCENT: Form = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? *[%％]$"}
SPAN = r"^\d{0,4}\s*(day|week|month|quarter|half|year|天|周|个月|年)s?$"
YES_OR_NO = "^([Tt](rue|RUE)?|[Ff](alse|ALSE)?|[Yy](es|ES)?|[Nn][Oo]?|[Oo][Nn]|[Oo](ff|FF)|0|1)$"
QUOTA: Form = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*\d+\s*(:\s*\d+\s*)*$"},
        {"type": "array", "items": WHOLE, "minItems": 1},
    ]
}


def one_or_list(inner: Form) -> Form:
    """A list, or one thing that stands for a list of one."""
    return {"anyOf": [inner["items"], inner]} if "items" in inner else inner


def _names(inner: Form) -> Form:
    titles = {"anyOf": [inner["additionalProperties"], {"type": "null"}]}
    return {"anyOf": [{**inner, "additionalProperties": titles}, {"type": "array", "items": WORD}]}


def _raters(inner: Form) -> Form:
    return {"anyOf": [inner, WORD, {"type": "array", "items": WORD}]}


def _within(inner: Form) -> Form:
    del inner
    name: Form = {"enum": list(level.GROUPS)}
    return {"anyOf": [name, {"type": "array", "items": name}]}


# What stands in the document before one of these functions (module and name) has read it: a form, or a change to the
# inner one.
READERS: dict[str, Form | Callable[[Form], Form]] = {
    "base.read_amount": AMOUNT,
    "base.read_hundredths": AMOUNT,
    "base.read_signed_hundredths": SIGNED,
    "base.read_date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "base.read_portion": {"anyOf": [WHOLE, PERCENT]},
    "base.read_duration": {"type": "string", "pattern": SPAN},
    "base.read_list": one_or_list,
    "limit._whole": WHOLE,
    "points._two": {"type": "array", "items": AMOUNT, "minItems": 2, "maxItems": 2},
    "level._within": _within,
    "section._month_day": {"type": "string", "pattern": r"^\d{1,2}-\d{1,2}$"},
    "reason._said": {"type": "string", "minLength": 1},
    "scheme._classes": _names,
    "assessment.read_classes": _names,
    "pay._by_level": lambda inner: inner,
    "mark.read_percent": PERCENT,
    "indicator._place": WHOLE,
    "grade._quota": QUOTA,
    "rater._shares": _raters,
}


def _or(*others: Form) -> Callable[[Form], Form]:
    return lambda form: {"anyOf": [*others, form]}


def _text(form: Form) -> Form:
    """Chinese alone, or either of the two."""
    _drop(form, ["zh"])
    return {"anyOf": [WORD, {**form, "minProperties": 1}]}


def _item(form: Form) -> Form:
    """Points or an effect, as the kind asks; a ruling may say its level at once."""
    form["properties"]["level"] = {
        **form["properties"]["title"],
        "description": description(item.Item, "level"),
    }
    scored: Form = {"properties": {"kind": {"enum": ["merit", "fault"]}}, "required": ["kind"]}
    ruling: Form = {"properties": {"kind": {"const": "ruling"}}, "required": ["kind"]}
    veto: Form = {"properties": {"kind": {"const": "veto"}}, "required": ["kind"]}
    no_points: Form = {"not": {"required": ["points"]}}
    form["allOf"] = [
        {"if": scored, "then": {"required": ["points"], "not": {"required": ["effect"]}}},
        {"if": veto, "then": {"required": ["effect"], **no_points}},
        {"if": ruling, "then": {"anyOf": [{"required": ["effect"]}, {"required": ["level"]}], **no_points}},
        {"if": {"required": ["level"]}, "then": ruling},
        {"not": {"required": ["from", "claim"]}},
    ]
    return form


def _limit(form: Form) -> Form:
    return {**form, "oneOf": [{"required": ["points"]}, {"required": ["times"]}]}


def _source() -> Form:
    """One source and what may be asked of it."""
    return {"oneOf": [_one_source(name) for name in item.SOURCES]}


def _one_source(name: str) -> Form:
    asked = item.ASKED.get(name)
    more: Form = {one: {**WORD, "description": description(item.Source, one)} for one in asked or ()}
    known = {name: {**WORD, "description": description(item.Source, name)}, **more}
    rest: Any = WORD if asked is None else False
    return {"type": "object", "properties": known, "required": [name], "additionalProperties": rest}


def _then(form: Form) -> Form:
    """The name of an action, or one action with its particulars."""
    form.pop("required", None)
    form["properties"]["action"] = {**form["properties"]["action"], "enum": list(outcome.ACTIONS)}
    form["anyOf"] = [{"required": [key]} for key in ("action", *outcome.ACTIONS) if key in form["properties"]]
    plain = [name for name in outcome.ACTIONS if name != "fact"]
    return {"anyOf": [{"enum": plain}, form]}


def _levels(form: Form) -> Form:
    form["properties"]["quota"] = {**QUOTA, "description": description(level.Levels, "quota")}
    return form


def _redeem(form: Form) -> Form:
    """What is left over: all, none, at most so much, or for so many months."""
    kept = {key: form["properties"].pop(key) for key in ("at_most", "months")}
    carry: list[Form] = [{"enum": ["all", "none"]}]
    for key, value in kept.items():
        choices = [one for one in value["anyOf"] if one.get("type") != "null"]
        inner = {"anyOf": choices, "description": value["description"]}
        carry.append(
            {"type": "object", "properties": {key: inner}, "required": [key], "additionalProperties": False}
        )
    form["properties"]["carry"] = {"anyOf": carry, "description": description(section.Redeem, "carry")}
    return form


def _outcome_total(form: Form) -> Form:
    return {**form, "minProperties": 1}


# Forms beside the full one, and what holds between the keys of one part.
PARTS: dict[type[base.Model], Callable[[Form], Form]] = {
    Text: _text,
    Reference: _or(WORD),
    points.Fixed: _or(AMOUNT),
    points.Grade: _or(AMOUNT),
    mark.Mark: _or(AMOUNT),
    section.Base: _or(AMOUNT),
    section.Unit: _or(WORD),
    section.Redeem: _redeem,
    item.Item: _item,
    item.Effect: lambda form: {**form, "anyOf": [{"required": [key]} for key in ("zero", "bar", "level")]},
    limit.Limit: _limit,
    level.Levels: _levels,
    outcome.Then: _then,
    outcome.TotalCondition: _outcome_total,
    outcome.RankCondition: _outcome_total,
    part.Extras: lambda form: {"anyOf": [form, form["properties"]["indicators"]]},
    appraise.Appraise: _or({"enum": ["mean", "sum"]}, {"type": "array", "items": PERCENT, "minItems": 1}),
}
TITLED = ("pack", "key")  # models whose title cannot be left to their id


class Written(GenerateJsonSchema):
    """The schema of what is written, not of what it is read into."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """A part of a document, with words for its keys."""
        cls = schema["cls"]
        if cls is item.Source:
            return _source()
        form = super().model_schema(schema)
        form.pop("description", None)
        form.pop("title", None)
        for key, value in form.get("properties", {}).items():
            value["description"] = description(cls, key)
            value.pop("default", None)
        if not set(TITLED).intersection(form.get("properties", ())):
            _drop(form, ["title"])
        return PARTS[cls](form) if cls in PARTS else form

    def function_before_schema(self, schema: Any) -> JsonSchemaValue:
        """What a reader reads; KeyError for one that nobody has described."""
        function, inner = schema["function"]["function"], schema["schema"]
        if hasattr(function, "__self__"):  # a model reads itself
            return self.generate_inner(inner)
        reader = READERS[f"{function.__module__.rpartition('.')[2]}.{function.__name__}"]
        return dict(reader) if isinstance(reader, dict) else reader(self.generate_inner(inner))

    def int_schema(self, schema: Any) -> JsonSchemaValue:
        """Numbers may stand in quotes."""
        return {"anyOf": [super().int_schema(schema), {"type": "string", "pattern": "^-?[0-9]+$"}]}

    def bool_schema(self, schema: Any) -> JsonSchemaValue:
        """As YAML of both ages writes it."""
        del schema
        return {"anyOf": [{"type": "boolean"}, {"enum": [0, 1]}, {"type": "string", "pattern": YES_OR_NO}]}

    def str_schema(self, schema: Any) -> JsonSchemaValue:
        """A name may look like a number or like yes and no."""
        return {**super().str_schema(schema), **WORD}

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Keys are explained, not titled."""
        del schema
        return False


def _drop(form: Form, keys: Iterable[str]) -> None:
    required = [key for key in form.get("required", ()) if key not in keys]
    form.pop("required", None)
    if required:
        form["required"] = required
