"""Answers that are files: workbooks, prints and plain tables, with a name that says what they hold."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, content: bytes) -> HttpResponse:
    """An Excel file to keep."""
    return _file(f"{name}.xlsx", content, WORKBOOK, keep=True)


def print_(name: str, content: bytes) -> HttpResponse:
    """A PDF to look at and print."""
    return _file(f"{name}.pdf", content, "application/pdf", keep=False)


def archive(name: str, content: bytes) -> HttpResponse:
    """A zip to keep."""
    return _file(f"{name}.zip", content, "application/zip", keep=True)


def _file(name: str, content: bytes, kind: str, *, keep: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(keep, name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
