"""Edits of a text by path: set, remove, insert, move. Each is read back; the result says what was meant or nothing.

A row that is added is written on one line, in the manner of the packs; lines that are there keep their breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jizhi.engine import reading
from jizhi.engine.document.problem import DocumentError
from jizhi.engine.editing import nodes, writing
from jizhi.engine.editing.nodes import Path

WIDEST = 160


class Entangled(ValueError):
    """The text cannot be changed at this place without changing another; it has to be edited by hand."""


def plain(text: str) -> Any:
    """The text as plain data; raises DocumentError when it is not YAML."""
    return reading.read(text if "\n" in text else f"{text}\n").plain


def set_value(text: str, path: Path, value: Any, order: tuple[str, ...] = ()) -> str:
    """The value at a path, or a new key there; a mapping or list is changed only where it differs."""
    wanted = _meant(text, path, value)
    return _checked(_set(text, tuple(path), value, order), wanted)


def change(text: str, path: Path, values: Mapping[str, Any], order: tuple[str, ...] = ()) -> str:
    """Several keys of one mapping; None takes a key away. New keys stand where `order` has them."""
    for key, value in values.items():
        if value is None:
            text = remove(text, (*path, key))
            continue
        wanted = _meant(text, (*path, key), value)
        text = _checked(_set(text, (*path, key), value, order), wanted)
    return text


def remove(text: str, path: Path) -> str:
    """Without the key or row; the same text when it is not there."""
    root = nodes.compose(text)
    *above, last = path
    try:
        parent = nodes.find(root, above)
        nodes.find(parent, [last])
    except nodes.NoSuchPart:
        return text
    wanted = _as_read(plain(text))
    holder = _at(wanted, above)
    del holder[last]
    if len(parent.value) == 1:
        return _checked(_put(text, parent, "{}" if isinstance(last, str) else "[]"), wanted)
    return _checked(_cut(text, parent, last), wanted)


def insert(text: str, path: Path, place: int, value: Any, order: tuple[str, ...] = ()) -> str:
    """A new row in the list at a path, before the row at `place`; the list is made, by `order`, where there is none."""
    root = nodes.compose(text)
    try:
        listed = nodes.find(root, path)
    except nodes.NoSuchPart:
        listed = None
    if listed is None or not listed.value:
        return set_value(text, path, [value], order)
    wanted = _as_read(plain(text))
    _at(wanted, path).insert(place, value)
    place = max(0, min(place, len(listed.value)))
    if not nodes.is_block(listed):
        if place == len(listed.value):
            at = nodes.end(listed.value[-1], text)
            return _checked(f"{text[:at]}, {writing.flow(value)}{text[at:]}", wanted)
        at = nodes.start(listed.value[place])
        return _checked(f"{text[:at]}{writing.flow(value)}, {text[at:]}", wanted)
    margin = nodes.indent(text, nodes.start(listed))
    dash = " " * margin + "- "
    row = writing.row(value, margin + 2) if isinstance(value, Mapping) else writing.flow(value)
    if place == len(listed.value):
        at = nodes.line_end(text, nodes.end(listed.value[-1], text))
        return _checked(f"{text[:at]}\n{dash}{row}{text[at:]}", wanted)
    mark = _dash(text, listed.value[place])
    at = nodes.line_start(text, mark)
    if text[at:mark].strip():  # `- - row`
        return _checked(f"{text[:mark]}- {row}\n{dash}{text[mark + 1 :].lstrip()}", wanted)
    return _checked(f"{text[:at]}{dash}{row}\n{text[at:]}", wanted)


def move(text: str, path: Path, old: int, new: int) -> str:
    """A row to another place of its list; headings between rows stay where they are."""
    count = len(nodes.find(nodes.compose(text), path).value)
    new = max(0, min(new, count - 1))
    wanted = _as_read(plain(text))
    rows = _at(wanted, path)
    rows.insert(new, rows.pop(old))
    while old != new:
        step = 1 if new > old else -1
        text = _swap(text, path, min(old, old + step))
        old += step
    return _checked(text, wanted)


def replace_text(text: str, key: str, written: str, order: tuple[str, ...] = ()) -> str:
    """The lines of one of the document's own keys for others, which name the same key; raises DocumentError.

    A key that is not there yet stands where `order` has it, else at the end.
    """
    written = written.strip("\n").rstrip()
    span = nodes.part_span(text, key)
    if not written:
        return remove(text, [key])
    if span is None:
        root = nodes.compose(text)
        before = _earlier(root, key, order)
        if before is None or not nodes.is_block(root):
            return f"{text.rstrip()}\n\n{written}\n"
        at = nodes.line_end(text, nodes.end(before, text))
        return f"{text[:at]}\n{written}{text[at:]}"
    return f"{text[: span[0]]}{written}{text[span[1] :]}"


def _at(data: Any, path: Path) -> Any:
    for place in path:
        data = data[place]
    return data


def _meant(text: str, path: Path, value: Any) -> Any:
    wanted = _as_read(plain(text))
    *above, last = path
    _at(wanted, above)[last] = value
    return wanted


def _checked(text: str, wanted: Any) -> str:
    try:
        read = plain(text)
    except DocumentError as error:
        raise Entangled(text) from error
    if read != _as_read(wanted):
        raise Entangled(text)
    return text


def _as_read(value: Any) -> Any:
    """As the reader would have it: everything is text, and what stands for nothing is None."""
    if isinstance(value, Mapping):
        return {str(key): _as_read(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_read(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _set(text: str, path: Path, value: Any, order: tuple[str, ...] = ()) -> str:
    root = nodes.compose(text)
    *above, last = path
    parent = nodes.find(root, above)
    found = nodes.step(parent, last)
    if found is None:
        return _new_key(text, parent, str(last), value, order)
    return _into(text, path, found[1], value)


def _into(text: str, path: Path, node: Any, value: Any) -> str:
    """As little as possible is written anew."""
    present = _at(plain(text), path)
    if present == _as_read(value):
        return text
    if isinstance(present, dict) and isinstance(value, Mapping) and present and value:
        for key in [key for key in present if key not in value]:
            text = remove(text, (*path, key))
        for key, one in value.items():
            text = _set(text, (*path, key), one, tuple(value))
        return text
    if isinstance(present, list) and isinstance(value, list | tuple) and len(present) == len(value):
        for place, one in enumerate(value):
            text = _set(text, (*path, place), one)
        return text
    return _put(text, node, _spelt(text, path, value))


def _spelt(text: str, path: Path, value: Any) -> str:
    """A list of rows under one of the document's own keys is written row by row, all else on one line."""
    rows = isinstance(value, list) and value and all(isinstance(one, Mapping) and one for one in value)
    if rows and len(path) == 1 and nodes.is_block(nodes.compose(text)):
        return "".join(f"\n  - {writing.row(one, 4)}" for one in value)
    return writing.flow(value)


def _put(text: str, node: Any, written: str) -> str:
    """In the place of a node; an anchor before it stays and makes the check fail."""
    first, last = nodes.start(node), nodes.end(node, text)
    if nodes.is_block(node) or written.startswith("\n"):
        before = text[:first].rstrip()
        return f"{before}{'' if written.startswith(chr(10)) else ' '}{written}{text[last:]}"
    gap = "" if last > first or text[first - 1 : first] in " \n" else " "
    return f"{text[:first]}{gap}{written}{text[last:]}"


def _new_key(text: str, parent: Any, key: str, value: Any, order: tuple[str, ...]) -> str:
    spelt = _spelt(text, () if nodes.indent(text, nodes.start(parent)) else (key,), value)
    written = f"{writing.scalar(key)}:{'' if spelt.startswith(chr(10)) else ' '}{spelt}"
    if not parent.value:
        return _put(text, parent, f"{{{written}}}")
    before = _earlier(parent, key, order) or parent.value[-1][1]
    at = nodes.end(before, text)
    if nodes.is_block(parent):
        at = nodes.line_end(text, at)
        margin = " " * nodes.indent(text, nodes.start(parent))
        return f"{text[:at]}\n{margin}{written}{text[at:]}"
    width = at - nodes.line_start(text, at) + len(written)
    gap = " "
    if width > WIDEST:
        gap = "\n" + " " * (nodes.indent(text, nodes.start(parent)) + 1)
    return f"{text[:at]},{gap}{written}{text[at:]}"


def _earlier(parent: Any, key: str, order: tuple[str, ...]) -> Any:
    """The value after which a new key is written: the nearest that comes before it in the usual order, or none."""
    earlier = order[: order.index(key)] if key in order else ()
    present = {one.value: value for one, value in parent.value}
    near = [name for name in earlier if name in present]
    return present[near[-1]] if near else None


def _cut(text: str, parent: Any, last: str | int) -> str:
    """Without one of several rows or keys."""
    rows = parent.value
    if isinstance(last, str):
        place = next(number for number, (key, _) in enumerate(rows) if key.value == last)
        heads, values = [key for key, _ in rows], [value for _, value in rows]
    else:
        place, heads, values = last, rows, rows
    if nodes.is_block(parent):
        return _cut_lines(text, heads, values, place, keyed=isinstance(last, str))
    if place + 1 < len(rows):
        return text[: nodes.start(heads[place])] + text[nodes.start(heads[place + 1]) :]
    return text[: nodes.end(values[place - 1], text)] + text[nodes.end(values[place], text) :]


def _cut_lines(text: str, heads: list[Any], values: list[Any], place: int, *, keyed: bool) -> str:
    first = nodes.start(heads[place])
    mark = first if keyed else _dash(text, heads[place])
    begin = nodes.line_start(text, mark)
    if text[begin:mark].strip():  # `- key: …` or `- - row`, the first of a row
        return text[:first] + text[nodes.start(heads[place + 1]) :]
    stop = nodes.line_end(text, nodes.end(values[place], text))
    return text[:begin] + text[stop + 1 :]


def _dash(text: str, node: Any) -> int:
    """The dash of a row of a block list; a value may begin on the line below it."""
    return text.rfind("-", 0, nodes.start(node))


def _swap(text: str, path: Path, place: int) -> str:
    """Two neighbours change places; a remark behind a row goes with it."""
    listed = nodes.find(nodes.compose(text), path)
    one, other = listed.value[place], listed.value[place + 1]
    spans = [(nodes.start(node), nodes.end(node, text)) for node in (one, other)]
    if nodes.is_block(listed):
        spans = [(first, nodes.line_end(text, last)) for first, last in spans]
    (a, b), (c, d) = spans
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
