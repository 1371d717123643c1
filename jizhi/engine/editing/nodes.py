"""Where the parts of a YAML text begin and end, by character.

PyYAML's own end of a block is the beginning of what follows, comments included; here a part ends with its last
character.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

Place = str | int
Path = Sequence[Place]


class NoSuchPart(LookupError):
    """The path leads to nothing in this text."""


def compose(text: str) -> Any:
    """The root node; YAMLError when the text is not YAML."""
    return yaml.compose(text, Loader=yaml.CSafeLoader)


def step(node: Any, place: Place) -> tuple[Any, Any] | None:
    """(key node, value node) of a mapping, (None, node) of a sequence, or None."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == place), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(place, int) and 0 <= place < len(node.value):
        return None, node.value[place]
    return None


def find(root: Any, path: Path) -> Any:
    """The node at a path; raises NoSuchPart."""
    node = root
    for place in path:
        found = step(node, place)
        if found is None:
            raise NoSuchPart(place)
        node = found[1]
    return node


def start(node: Any) -> int:
    """Its first character; an anchor or tag before it is not counted."""
    return int(node.start_mark.index)


def end(node: Any, text: str) -> int:
    """Behind its last character."""
    if isinstance(node, yaml.ScalarNode):
        stop = int(node.end_mark.index)
        return len(text[:stop].rstrip()) if node.style in ("|", ">") else stop
    if node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end(last[1] if isinstance(last, tuple) else last, text)


def is_block(node: Any) -> bool:
    """Whether it is a list or mapping written over lines without brackets."""
    return isinstance(node, yaml.CollectionNode) and not node.flow_style


def line_start(text: str, index: int) -> int:
    """Where the line begins that the character stands on."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Behind the last character of the line, its line end not counted."""
    stop = text.find("\n", index)
    return len(text) if stop < 0 else stop


def indent(text: str, index: int) -> int:
    """How far the character stands from the beginning of its line."""
    return index - line_start(text, index)


def part_text(text: str, key: str) -> str:
    """The lines of one of the document's own keys, comments among them included; empty when it is not written."""
    root = compose(text)
    found = step(root, key)
    if found is None:
        return ""
    first = line_start(text, start(found[0]))
    return text[first : line_end(text, end(found[1], text))]


def part_span(text: str, key: str) -> tuple[int, int] | None:
    """From where to where these lines go."""
    found = step(compose(text), key)
    if found is None:
        return None
    return line_start(text, start(found[0])), line_end(text, end(found[1], text))
