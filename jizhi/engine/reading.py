"""YAML as plain text, lists and dicts with the line of every path, and problems of form put into helpful words.

Scalars are taken as the text they are written in, so no number passes through a float and no day is guessed. What the
keys mean is the documents' business; see `loader.py`.
"""

from __future__ import annotations

import contextlib
import difflib
import gc
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from jizhi.engine.document import item as items
from jizhi.engine.document import outcome as outcomes
from jizhi.engine.document import points
from jizhi.engine.document.base import Model
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.resolution import Path as Place
from jizhi.engine.document.text import Text

M = TypeVar("M", bound=Model)
NULLS = ("", "~", "null", "Null", "NULL")
DEEPEST = 40


@dataclass
class Source:
    """A document's plain data, with the line of every path and the problems found so far."""

    file: str
    plain: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the deepest part of the path that exists; names of forms inside a path are passed over."""
        known: Place = ()
        for part in path:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines.get(known, 1)

    def add(self, code: str, message: Text, line: int, **more: str) -> None:
        """Notes an error."""
        self.problems.append(Problem(code, "error", message, self.file, line, **more))

    def item_at(self, path: Sequence[str | int]) -> str:
        """The id of the item, section or outcome that a path lies in."""
        if (
            len(path) < 2
            or path[0] not in ("items", "outcomes", "sections")
            or not isinstance(self.plain, dict)
        ):
            return ""
        rows, place = self.plain.get(str(path[0])), path[1]
        row = rows[place] if isinstance(rows, list) and isinstance(place, int) and place < len(rows) else None
        return str(row.get("id", "")) if isinstance(row, dict) else ""


class _Builder:
    """Builds plain data from the parser's events; half the time of composing nodes."""

    def __init__(self, text: str, source: Source) -> None:
        self._parser: Any = yaml.CSafeLoader(text)
        self._source = source
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        """The first document, or None of an empty file."""
        self._event()
        if isinstance(self._event(), yaml.StreamEndEvent):
            return None
        return self._value(self._event(), ())

    def _event(self) -> Any:
        return self._parser.get_event()

    def _value(self, event: Any, path: Place) -> Any:
        self._source.lines.setdefault(path, event.start_mark.line + 1)
        if len(path) > DEEPEST:
            raise RecursionError
        if isinstance(event, yaml.ScalarEvent):
            value: Any = None if event.implicit[0] and event.value in NULLS else event.value
        elif isinstance(event, yaml.AliasEvent):
            return self._anchors.get(str(event.anchor))
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._sequence(path)
        else:
            value = self._mapping(path)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _sequence(self, path: Place) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._event(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._event(), yaml.MappingEndEvent):
            key = (
                str(event.value)
                if isinstance(event, yaml.ScalarEvent)
                else str(self._value(event, (*path, "?")))
            )
            line, following = event.start_mark.line + 1, self._event()
            if key in found:
                self._source.add(
                    "duplicate-key",
                    Text(zh="同一个键写了两次", en="this key is written twice"),
                    line,
                    found=key,
                )
                self._value(following, (*path, f"{key}?"))
                continue
            self._source.lines[(*path, key)] = line
            found[key] = self._value(following, (*path, key))
        return found


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Without garbage collection, which would walk the growing document again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read(path_or_text: Path | str) -> Source:
    """The plain data of a file, or of text with line ends; DocumentError when it is not YAML."""
    inline = isinstance(path_or_text, str) and "\n" in path_or_text
    source = Source("<text>" if inline else str(path_or_text))
    try:
        text = str(path_or_text) if inline else Path(path_or_text).read_text(encoding="utf-8-sig")
        with _undisturbed():
            source.plain = _Builder(text.lstrip("\ufeff"), source).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = str(getattr(error, "problem", None) or error)
        raise _unusable(
            source,
            "yaml",
            f"不是有效的 YAML：{what}",
            f"not valid YAML: {what}",
            mark.line + 1 if mark else 1,
        ) from error
    except UnicodeDecodeError as error:
        raise _unusable(
            source,
            "unreadable",
            "文件不是 UTF-8 编码，请另存为 UTF-8",
            "this is not UTF-8 text: save it as UTF-8",
        ) from error
    except OSError as error:
        raise _unusable(
            source, "unreadable", f"读不了这个文件：{error}", f"cannot be read: {error}"
        ) from error
    except RecursionError as error:
        raise _unusable(source, "yaml", "嵌套太深", "nested too deeply") from error
    if source.plain is None:
        raise _unusable(source, "empty", "文件是空的", "the file is empty")
    return source


def _unusable(source: Source, code: str, zh: str, en: str, line: int = 1) -> DocumentError:
    return DocumentError([Problem(code, "error", Text(zh=zh, en=en), source.file, line)])


def build(model: type[M], source: Source) -> M:
    """The document, or DocumentError with every problem of its form."""
    try:
        with _undisturbed():
            document = model.model_validate(source.plain)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            _explain(source, model, one)
        raise DocumentError(sorted_problems(source.problems)) from error
    return document


def _explain(source: Source, model: type[BaseModel], error: Any) -> None:
    """One pydantic error as a problem that helps."""
    path: Place = tuple(error["loc"])
    kind, value = error["type"], error["input"]
    line, item = source.line(path), source.item_at(path)
    found = "" if isinstance(value, dict | list) else str(value)
    if kind == "extra_forbidden":
        names = _keys_at(model, path[:-1])
        message = Text(zh=f"不认识的键 {path[-1]}", en=f"unknown key {path[-1]}")
        source.add(
            "unknown-key",
            message,
            line,
            found=str(path[-1]),
            expected=", ".join(names),
            item=item,
            nearest=nearest(str(path[-1]), names),
        )
    elif kind == "missing":
        message = Text(zh=f"缺少 {path[-1]}", en=f"{path[-1]} is missing")
        source.add("missing-key", message, line, expected=str(path[-1]), item=item)
    elif kind in ("enum", "literal_error"):
        names = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        message = Text(zh=f"{_last_word(path)} 没有这个取值", en=f"not a value of {_last_word(path)}")
        source.add(
            "unknown-name",
            message,
            line,
            found=found,
            expected=", ".join(names),
            item=item,
            nearest=nearest(found, names),
        )
    else:
        expected = _expected(error)
        names = _names_in(expected)
        message = Text(zh=f"{_last_word(path)} 写得不对", en=f"{_last_word(path)} is not right")
        source.add(
            "invalid-value",
            message,
            line,
            found=found or _short(value),
            expected=expected,
            item=item,
            nearest=nearest(found, names),
        )


FORMS = {
    "tuple_type": "a list, such as [a, b]",
    "list_type": "a list, such as [a, b]",
    "dict_type": "keys with values, such as {{key: value}}",
    "model_type": "keys with values, such as {{key: value}}",
    "too_short": "at least {min_length}",
    "greater_than_equal": "a number from {ge}",
    "less_than_equal": "a number up to {le}",
    "int_parsing": "a whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text",
}


def _expected(error: Any) -> str:
    """What should stand there, in the words of the document rather than of the library."""
    form = FORMS.get(error["type"])
    return form.format_map(error.get("ctx", {})) if form else str(error["msg"]).removeprefix("Value error, ")


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _last_word(path: Sequence[str | int]) -> str:
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "document")


def _names_in(expected: str) -> list[str]:
    known = (*items.SOURCES, *outcomes.ACTIONS, "merit", "fault")
    return [name for name in known if name in expected]


FORM_MODELS: dict[str, type[BaseModel]] = {
    "fixed": points.Fixed,
    "each": points.Each,
    "grades": points.Grades,
    "ladder": points.Ladder,
    "bands": points.Bands,
    "between": points.Between,
}


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The valid keys of the part of a document at that path."""
    current: type[BaseModel] = model
    for part in path:
        if isinstance(part, int):
            continue
        inner = _field_model(current, part) or FORM_MODELS.get(part)
        if inner is not None:
            current = inner
    if current.__name__ == "Fixed":
        return ["each", "per", "grades", "ladder", "bands", "between"]
    return [info.alias or name for name, info in current.model_fields.items()]


def _field_model(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, info in model.model_fields.items():
        if key in (name, info.alias):
            return _model_in(info.annotation)
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [_model_in(part) for part in getattr(annotation, "__args__", ())]
    found = [one for one in inner if one is not None]
    return found[0] if len(found) == 1 else None


def nearest(found: str, names: Iterable[str]) -> str:
    """The valid name that was probably meant, or nothing."""
    return next(iter(difflib.get_close_matches(found, list(names), n=1, cutoff=0.5)), "")


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """By file and line."""
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))
