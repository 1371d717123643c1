"""A value as YAML on one line, spelt so that the reader takes it back as it was.

Everything is text, lists or mappings: numbers are written as the text they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`~](?:[^\s,\[\]{}#:'\"]|[ \t](?![ \t#])|:(?=[^\s,\[\]{}]))*")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
NULLS = ("null", "Null", "NULL")


def flow(value: Any) -> str:
    """Any value in brackets, or a word."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one) for one in value) + "]"
    return scalar(value)


def scalar(value: Any) -> str:
    """A word, quoted where YAML would take it for something else."""
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if NUMBER.fullmatch(text) or (
        PLAIN.fullmatch(text) and text == text.strip() and text not in NULLS and text.isprintable()
    ):
        return text
    return json.dumps(text, ensure_ascii=False)


def row(value: Mapping[str, Any], margin: int, *, widest: int = 118) -> str:
    """A mapping in braces for a list of rows; its lines break between keys, in the manner of the packs."""
    lines = [""]
    for key, one in value.items():
        word = f"{scalar(key)}: {flow(one)}"
        if lines[-1] and margin + len(lines[-1]) + len(word) > widest:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{word}"
    return "{" + (",\n" + " " * (margin + 1)).join(lines) + "}"
