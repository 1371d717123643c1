"""YAML to documents: forms checked, names resolved, every problem with file, line, found, expected and nearest name.

Not the law guard (see `guard.py`). Scalars are taken as the text they are written in, so no number ever passes through
a float and no day is guessed.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from jizhi.engine.document import item as items
from jizhi.engine.document import outcome as outcomes
from jizhi.engine.document import points, resolution
from jizhi.engine.document.base import Model, Window
from jizhi.engine.document.pack import PackDocument
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.text import Text

__all__ = ["DocumentError", "Pack", "Problem", "Version", "Versions", "load_pack", "load_scheme", "load_versions"]

M = TypeVar("M", bound=Model)
DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
NULLS = ("", "~", "null", "Null", "NULL")


class _Loader(yaml.CSafeLoader):
    """Composes nodes without guessing types."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


@dataclass
class _Source:
    """A document's plain data, with the line of every path."""

    file: str
    lines: dict[resolution.Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the deepest part of the path that exists; names of forms inside a path are passed over."""
        known: resolution.Path = ()
        for part in path:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines.get(known, 1)

    def plain(self, node: yaml.Node, path: resolution.Path, depth: int = 0) -> Any:
        """A node as dicts, lists, text and None."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if depth > 40:
            raise RecursionError
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*path, place), depth + 1) for place, child in enumerate(node.value)]
        return None if node.style is None and node.value in NULLS else node.value

    def _mapping(self, node: yaml.MappingNode, path: resolution.Path, depth: int) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in plain:
                self.add("duplicate-key", Text(zh="同一个键写了两次", en="this key is written twice"), line, found=key)
                continue
            self.lines[(*path, key)] = line
            plain[key] = self.plain(child, (*path, key), depth + 1)
        return plain

    def add(self, code: str, message: Text, line: int, **more: str) -> None:
        """Notes an error."""
        self.problems.append(Problem(code, "error", message, self.file, line, **more))


def _read(source: Path | str) -> tuple[_Source, Any]:
    """The plain data of a file, or of text with line ends."""
    inline = isinstance(source, str) and ("\n" in source or (":" in source and not Path(source).exists()))
    place = _Source("<text>" if inline else str(source))
    try:
        text = str(source) if inline else Path(source).read_text(encoding="utf-8-sig")
        node = _Loader(text).get_single_node()
        if node is None:
            raise DocumentError([Problem("empty", "error", Text(zh="文件是空的", en="the file is empty"), place.file, 1)])
        return place, place.plain(node, ())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = str(getattr(error, "problem", None) or error)
        message = Text(zh=f"不是有效的 YAML：{what}", en=f"not valid YAML: {what}")
        raise DocumentError([Problem("yaml", "error", message, place.file, mark.line + 1 if mark else 1)]) from error
    except (OSError, UnicodeDecodeError) as error:
        message = Text(zh=f"读不了这个文件：{error}", en=f"this file cannot be read: {error}")
        raise DocumentError([Problem("unreadable", "error", message, place.file, 1)]) from error
    except RecursionError as error:
        message = Text(zh="嵌套太深", en="nested too deeply")
        raise DocumentError([Problem("yaml", "error", message, place.file, 1)]) from error


def _build(model: type[M], place: _Source, plain: Any) -> M:
    """The document, or DocumentError with every problem of its form."""
    try:
        document = model.model_validate(plain)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            _explain(place, model, plain, one)
        raise DocumentError(_sorted(place.problems)) from error
    return document


def _explain(place: _Source, model: type[BaseModel], plain: Any, error: Any) -> None:
    """One pydantic error as a problem that helps."""
    path: resolution.Path = tuple(error["loc"])
    kind, value = error["type"], error["input"]
    line, item = place.line(path), _item_at(plain, path)
    found = "" if isinstance(value, dict | list) else str(value)
    if kind == "extra_forbidden":
        names = _keys_at(model, path[:-1])
        message = Text(zh=f"不认识的键 {path[-1]}", en=f"unknown key {path[-1]}")
        place.add("unknown-key", message, line, found=str(path[-1]), expected=", ".join(names), item=item,
                  nearest=nearest(str(path[-1]), names))
    elif kind == "missing":
        message = Text(zh=f"缺少 {path[-1]}", en=f"{path[-1]} is missing")
        place.add("missing-key", message, line, expected=str(path[-1]), item=item)
    elif kind in ("enum", "literal_error"):
        names = re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
        message = Text(zh=f"{_last_word(path)} 没有这个取值", en=f"not a value of {_last_word(path)}")
        place.add("unknown-name", message, line, found=found, expected=", ".join(names), item=item,
                  nearest=nearest(found, names))
    else:
        expected = str(error["msg"]).removeprefix("Value error, ")
        names = _names_in(expected)
        message = Text(zh=f"{_last_word(path)} 写得不对", en=f"{_last_word(path)} is not right")
        place.add("invalid-value", message, line, found=found or _short(value), expected=expected, item=item,
                  nearest=nearest(found, names))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _last_word(path: Sequence[str | int]) -> str:
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "document")


def _names_in(expected: str) -> list[str]:
    known = (*items.SOURCES, *outcomes.ACTIONS, "merit", "fault")
    return [name for name in known if name in expected]


def _item_at(plain: Any, path: Sequence[str | int]) -> str:
    if len(path) >= 2 and path[0] in ("items", "outcomes", "sections") and isinstance(plain, dict):
        rows = plain.get(str(path[0]))
        if isinstance(rows, list) and isinstance(path[1], int) and path[1] < len(rows):
            row = rows[path[1]]
            return str(row.get("id", "")) if isinstance(row, dict) else ""
    return ""


FORM_MODELS: dict[str, type[BaseModel]] = {
    "fixed": points.Fixed, "each": points.Each, "grades": points.Grades, "ladder": points.Ladder,
    "bands": points.Bands, "between": points.Between,
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


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))


def load_scheme(path_or_text: Path | str) -> Scheme:
    """A scheme from a file, or from text; DocumentError lists every problem."""
    place, plain = _read(path_or_text)
    scheme = _build(Scheme, place, plain)
    for finding in resolution.findings(scheme):
        place.add(
            finding.code, Text(zh=finding.zh, en=finding.en), place.line(finding.path), found=finding.found,
            expected=finding.expected, nearest=nearest(finding.found, finding.names), item=_item_at(plain, finding.path),
        )
    if place.problems:
        raise DocumentError(_sorted(place.problems))
    return scheme


@dataclass(frozen=True)
class Version:
    """A scheme as it applies from a day (None = from the beginning)."""

    from_date: dt.date | None
    scheme: Scheme
    file: str = ""


@dataclass(frozen=True)
class Versions:
    """All versions of one scheme, the earliest first."""

    entries: tuple[Version, ...]

    @classmethod
    def of(cls, *schemes: Scheme | tuple[dt.date | None, Scheme]) -> Versions:
        """Versions from documents at hand: a scheme alone applies always."""
        pairs = [one if isinstance(one, tuple) else (None, one) for one in schemes]
        entries = sorted((Version(day, scheme) for day, scheme in pairs), key=lambda one: one.from_date or dt.date.min)
        return cls(_agreeing(tuple(entries)))

    @property
    def id(self) -> str:
        """The scheme's id."""
        return self.entries[0].scheme.id

    @property
    def latest(self) -> Scheme:
        """The last version."""
        return self.entries[-1].scheme

    def version_on(self, day: dt.date) -> Version | None:
        """The version in force on that day, or None."""
        found = None
        for version in self.entries:
            if version.from_date is None or version.from_date <= day:
                found = version
        return found

    def on(self, day: dt.date) -> Scheme | None:
        """The scheme in force on that day, or None."""
        version = self.version_on(day)
        return version.scheme if version else None

    def knows(self, item_id: str) -> bool:
        """Whether any version has the item."""
        return any(version.scheme.item(item_id) for version in self.entries)


def _agreeing(entries: tuple[Version, ...]) -> tuple[Version, ...]:
    """Versions must agree on what ties one period to the next: id, unit, calendar, and differ in their day."""
    first = entries[0]
    problems = []
    for before, version in zip(entries, entries[1:], strict=False):
        for name, expected, found in (
            ("scheme", first.scheme.id, version.scheme.id),
            ("unit", str(first.scheme.unit.places), str(version.scheme.unit.places)),
            ("year", first.scheme.year.starts, version.scheme.year.starts),
            ("term", str(first.scheme.term), str(version.scheme.term)),
        ):
            if expected != found:
                message = Text(zh=f"各版本的 {name} 必须相同", en=f"all versions must have the same {name}")
                problems.append(Problem("versions", "error", message, version.file, 1, found=found, expected=expected))
        if before.from_date == version.from_date:
            message = Text(zh="两个版本同一天生效", en="two versions apply from the same day")
            problems.append(Problem("versions", "error", message, version.file, 1))
    if problems:
        raise DocumentError(problems)
    return entries


def load_versions(path: Path | str) -> Versions:
    """The versions in a folder, or the one version of a file; a file not named by a day applies always."""
    path = Path(path)
    files = sorted(path.glob("*.yaml")) + sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not files:
        message = Text(zh="文件夹里没有细则（*.yaml）", en="no versions (*.yaml) in this folder")
        raise DocumentError([Problem("empty", "error", message, str(path), 1)])
    problems: list[Problem] = []
    entries = []
    for file in files:
        try:
            entries.append(Version(_date_of(file, dated=path.is_dir()), load_scheme(file), str(file)))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    return Versions(_agreeing(tuple(sorted(entries, key=lambda one: one.from_date or dt.date.min))))


def _date_of(file: Path, *, dated: bool) -> dt.date | None:
    if DATED.fullmatch(file.stem):
        try:
            return dt.date.fromisoformat(file.stem)
        except ValueError:
            dated = True
    if dated and len(list(file.parent.glob("*.y*ml"))) > 1:
        message = Text(zh="版本文件要用生效日命名", en="a version's file is named by the day from which it applies")
        problem = Problem("versions", "error", message, str(file), 1, found=file.name, expected="2022-03-01.yaml")
        raise DocumentError([problem])
    return None


@dataclass(frozen=True)
class Pack:
    """A county's documents as loaded from a folder."""

    document: PackDocument
    path: Path
    schemes: dict[str, Versions]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name == "document":
            raise AttributeError(name)
        return getattr(self.document, name)


def load_pack(path: Path | str) -> Pack:
    """A pack with all its schemes; DocumentError lists every problem of every file."""
    path = Path(path)
    problems: list[Problem] = []
    document: PackDocument | None = None
    schemes: dict[str, Versions] = {}
    try:
        place, plain = _read(path / "pack.yaml")
        document = _with_depths(_build(PackDocument, place, plain))
        problems += place.problems
    except DocumentError as error:
        problems += error.problems
    for folder in sorted(one for one in (path / "schemes").glob("*") if one.is_dir()):
        try:
            versions = load_versions(folder)
            schemes[versions.id] = versions
        except DocumentError as error:
            problems += error.problems
    problems += _linkage(schemes)
    if problems or document is None:
        raise DocumentError(_sorted(problems))
    return Pack(document, path, schemes)


def _with_depths(document: PackDocument) -> PackDocument:
    def deep(levels: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(level.model_copy(update={"depth": place}) for place, level in enumerate(levels, 1))

    return document.model_copy(update={
        "area_levels": deep(document.area_levels), "organisation_levels": deep(document.organisation_levels),
    })


def _linkage(schemes: dict[str, Versions]) -> Iterator[Problem]:
    """Outcomes that write facts into another scheme of the pack must name what exists there."""
    for versions in schemes.values():
        for version in versions.entries:
            for outcome in version.scheme.outcomes:
                fact = outcome.then.fact
                if fact is None or (fact.scheme in schemes and schemes[fact.scheme].knows(fact.item)):
                    continue
                names = list(schemes[fact.scheme].latest.items_by_id) if fact.scheme in schemes else list(schemes)
                word = fact.item if fact.scheme in schemes else fact.scheme
                message = Text(zh="联动所指的细则或条目不存在", en="no such scheme or item for this linkage")
                yield Problem("unknown-name", "error", message, version.file, 1, outcome.id, word,
                              ", ".join(names), nearest(word, names))


def window_names() -> list[str]:
    """The names of windows, for messages and forms."""
    return [window.value for window in Window]
