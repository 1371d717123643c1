"""Answers that are files: workbooks, prints and plain tables, with a name that says what they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localdate
from django.utils.translation import gettext

from jizhi.sheets import writing

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, content: bytes) -> HttpResponse:
    """An Excel file to keep."""
    return _file(f"{name}.xlsx", content, WORKBOOK, keep=True)


def table(
    title: str,
    columns: Sequence[writing.Column],
    rows: Sequence[Sequence[writing.Value]],
    at: dt.datetime,
    notes: Sequence[str] = (),
    *,
    counted: bool = False,
) -> HttpResponse:
    """A list as an Excel file of one sheet, named by its title and the day; `counted` says how many rows there are."""
    if counted:
        notes = [*notes, gettext("共 %(count)s 条") % {"count": len(rows)}]
    return workbook(f"{title}-{localdate(at):%Y%m%d}", writing.write_table(title, columns, rows, notes))


def long_workbook(name: str, content: IO[bytes]) -> FileResponse:
    """An Excel file that was written to a temporary file, sent piece by piece."""
    answer = FileResponse(content, as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


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
