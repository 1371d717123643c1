"""YAML text as plain strings, lists and dicts, with the line of every part.

Scalars are taken as they are written, so no number passes through a float and no day is guessed. Built from the
parser's events, in half the time of composing nodes. What the keys mean is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from jizhi.engine.document.problem import Problem, nearest
from jizhi.engine.document.text import Text

Place = tuple[str | int, ...]
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
DEEPEST = 40
SCALAR, MAPPING_END, SEQUENCE_END = yaml.ScalarEvent, yaml.MappingEndEvent, yaml.SequenceEndEvent


@dataclass
class Source:
    """A document's plain data, with its lines and the problems found so far.

    `lines` has, for each list or dict by its identity, the lines of its parts: one for each place or key.
    """

    file: str
    plain: Any = None
    lines: dict[int, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def known(self, path: Sequence[str | int]) -> Place:
        """The parts of a path that are written in the document; names of forms inside the path are passed over."""
        return tuple(part for part, _, _ in self._steps(path))

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the deepest part of the path that is written in the document."""
        steps = self._steps(path)
        return steps[-1][2] if steps else 1

    def value(self, path: Sequence[str | int]) -> Any:
        """What is written at the deepest part of the path that there is."""
        steps = self._steps(path)
        return steps[-1][1] if steps else self.plain

    def _steps(self, path: Sequence[str | int]) -> list[tuple[str | int, Any, int]]:
        found: list[tuple[str | int, Any, int]] = []
        current = self.plain
        for part in path:
            inside = (
                part in current
                if isinstance(current, dict)
                else isinstance(current, list) and isinstance(part, int) and part < len(current)
            )
            if inside:
                line = self.lines[id(current)][part]
                current = current[part]
                found.append((part, current, line))
        return found

    def add(self, code: str, message: Text, line: int, **more: Any) -> None:
        """Notes an error."""
        self.problems.append(Problem(code, "error", message, self.file, line, **more))

    def item_at(self, path: Sequence[str | int]) -> str:
        """The id of the item, section or outcome that a path lies in."""
        if len(path) < 2 or path[0] not in ("items", "outcomes", "sections"):
            return ""
        row = self.value(path[:2])
        return str(row.get("id", "")) if isinstance(row, dict) else ""


def fill(source: Source, text: str) -> None:
    """Reads the one document of a text into the source; raises YAMLError, and RecursionError when nested too deeply."""
    get: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    get()
    event = get()
    if isinstance(event, yaml.StreamEndEvent):
        return
    event = get()
    source.plain = _Builder(source, get).value(event, 0)
    get()
    event = get()
    if not isinstance(event, yaml.StreamEndEvent):
        message = Text(zh="一个文件只能有一份文档", en="a file holds one document only")
        source.add("yaml", message, event.start_mark.line + 1, found="---")


class _Builder:
    """Plain data from events. Scalars, of which a document mostly consists, are taken without a call of their own."""

    def __init__(self, source: Source, get: Callable[[], Any]) -> None:
        self._source, self._lines, self._get = source, source.lines, get
        self._anchors: dict[str, Any] = {}

    def value(self, event: Any, depth: int) -> Any:
        """What begins with this event."""
        kind = type(event)
        if kind is SCALAR:
            value = event.value
            value = None if value in NULLS and event.implicit[0] else value
        elif kind is yaml.AliasEvent:
            return self._alias(event)
        elif depth > DEEPEST:
            raise RecursionError
        elif kind is yaml.SequenceStartEvent:
            value = self._sequence(depth + 1)
        else:
            value = self._mapping(depth + 1)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _key(self, event: Any, depth: int) -> str:
        """A key that is not a plain word."""
        key = self.value(event, depth)
        if not isinstance(key, str):
            message = Text(zh="键应当是一个词", en="a key is a word")
            self._source.add("yaml", message, event.start_mark.line + 1, found=str(key))
        return str(key)

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            message = Text(zh="没有这个锚点", en="no such anchor")
            line = event.start_mark.line + 1
            near = nearest(event.anchor, self._anchors)
            self._source.add("unknown-name", message, line, found=f"*{event.anchor}", nearest=near)
        return self._anchors.get(event.anchor)

    def _sequence(self, depth: int) -> list[Any]:
        get, scalar, end = self._get, SCALAR, SEQUENCE_END
        found: list[Any] = []
        lines: list[int] = []
        self._lines[id(found)] = lines
        while (kind := type(event := get())) is not end:
            lines.append(event.start_mark.line + 1)
            if kind is scalar and not event.anchor and (value := event.value) not in NULLS:
                found.append(value)
            else:
                found.append(self.value(event, depth))
        return found

    def _mapping(self, depth: int) -> dict[str, Any]:
        get, scalar, end = self._get, SCALAR, MAPPING_END
        found: dict[str, Any] = {}
        lines: dict[str, int] = {}
        self._lines[id(found)] = lines
        while (kind := type(event := get())) is not end:
            line = event.start_mark.line + 1
            key = event.value if kind is scalar else self._key(event, depth)
            event = get()
            if key in found:
                message = Text(zh="同一个键写了两次", en="this key is written twice")
                self._source.add("duplicate-key", message, line, found=key)
                self.value(event, depth)
                continue
            lines[key] = line
            if type(event) is scalar and not event.anchor and (value := event.value) not in NULLS:
                found[key] = value
            else:
                found[key] = self.value(event, depth)
        return found
