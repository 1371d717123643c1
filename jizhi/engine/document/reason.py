"""Reasons why a warning of the law guard is accepted. An error of the guard knows no reasons: it has no place here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from jizhi.engine.document.base import Wrong

WarningCode = Literal[
    "unbounded", "custom", "stale", "no-reference", "idle-limit", "idle-level", "idle-outcome"
]


def _said(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("a reason in words")
    return value


Reasons = dict[WarningCode, Annotated[str, BeforeValidator(_said)]]
