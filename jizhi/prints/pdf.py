"""Renders a form to PDF with Typst.

The data travel beside the template as JSON, never inside it, so whatever people typed is printed as text and
cannot become markup. The result is an archive PDF, tagged for screen readers, with its fonts embedded; the same
data give the same bytes.
"""

import dataclasses
import datetime
import functools
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from jizhi.prints import forms, glyphs, qr, reports, shapes

TEMPLATES = Path(__file__).parent / "templates"
FORMS = forms.FORMS | reports.FORMS
# An archive file (PDF/A-2a) that a screen reader can follow (PDF/UA-1).
STANDARDS: Any = ["a-2a", "ua-1"]
_ZONE = ZoneInfo("Asia/Shanghai")
# One compiler keeps the fonts in memory, but it must not be entered twice.
_LOCK = threading.Lock()


class UnknownTemplateError(ValueError):
    """No printed form of that name exists."""


@dataclasses.dataclass(frozen=True)
class Printout:
    """A PDF, and the characters that could not be drawn in it (printed as 〓)."""

    pdf: bytes
    missing: tuple[str, ...] = ()


def render(template: str, data: "forms.Form | Mapping[str, Any]") -> bytes:
    """The form as PDF. `data` is the template's dataclass of `forms`, or a mapping of the same shape."""
    return print_form(template, data).pdf


def print_form(template: str, data: "forms.Form | Mapping[str, Any]") -> Printout:
    """Like `render`, and says which characters the fonts do not have."""
    if template not in FORMS:
        raise UnknownTemplateError(f"unknown template {template!r}; there are {', '.join(sorted(FORMS))}")
    missing: list[str] = []
    complete = _complete(template, data)
    payload = _payload(complete, missing)
    payload["missing"] = sorted({f"U+{ord(character):04X}" for character in missing})
    with _LOCK:
        pdf = _compiler().compile(
            TEMPLATES / f"{template}.typ",
            format="pdf",
            sys_inputs={"data": json.dumps(payload, ensure_ascii=False)},
            pdf_standards=STANDARDS,
            timestamp=_dated(complete),
        )
    assert isinstance(pdf, bytes)
    return Printout(pdf, tuple(dict.fromkeys(missing)))


def _complete(template: str, data: "forms.Form | Mapping[str, Any]") -> dict[str, Any]:
    """Fields a mapping leaves out take the default of the form's dataclass."""
    if isinstance(data, Mapping):
        return shapes.complete(FORMS[template], data)
    return {name: getattr(data, name) for name in shapes.names(type(data))}


def _dated(data: Mapping[str, Any]) -> datetime.datetime:
    """The day the PDF bears: the latest of the form's own days, so that a reprint is the same file."""
    days = [value.timetuple()[:3] for value in data.values() if isinstance(value, datetime.date)]
    return datetime.datetime(*max(days, default=(2000, 1, 1)), tzinfo=datetime.UTC)


def _payload(value: Any, missing: list[str]) -> Any:
    """The value as JSON can carry it: dates in ISO, texts printable, a QR picture beside every `link`."""
    if isinstance(value, str):
        text, replaced = glyphs.printable(value)
        missing.extend(replaced)
        return text
    if isinstance(value, (list, tuple)):
        return [_payload(inner, missing) for inner in value]
    if dataclasses.is_dataclass(value):
        value = {name: getattr(value, name) for name in shapes.names(type(value))}
    if isinstance(value, Mapping):
        plain = {key: _payload(inner, missing) for key, inner in value.items()}
        if value.get("link"):
            plain["qr"] = qr.svg(str(value["link"]))
        return plain
    if isinstance(value, datetime.datetime):
        local = value.astimezone(_ZONE) if value.tzinfo else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (bool, int)) or value is None:
        return value
    return _payload(str(value), missing)


@functools.cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[glyphs.FONTS])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
