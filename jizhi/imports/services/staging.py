"""Reading an uploaded file into rows of the database: streamed, sealed, in batches. No register is touched.

A reading that is cut off starts anew: its rows are dropped first.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from jizhi.core import crypto, masking
from jizhi.core.inserting import insert_rows
from jizhi.imports.models import Import, ImportPart, ImportProblem, ImportRow
from jizhi.imports.rules import Kind
from jizhi.imports.services.uploads import SEAL
from jizhi.sheets import plain
from jizhi.sheets.plain import Line, Refusal

BATCH = 2_000
GROUP_MAX = 100
HIDDEN = "***"
Keep = Callable[[int], None]
Together = Callable[[Mapping[str, Any]], str]


def read_file(upload: Import, kind: Kind, *, keep: Keep) -> tuple[int, list[str]]:
    """Stage every row; returns how many, and which columns and 〔sheets〕 were not used.

    Raises plain.UnreadableFile. `keep(rows)` is called inside each batch's transaction.
    """
    with transaction.atomic():
        ImportRow.objects.filter(upload=upload).delete()
        ImportProblem.objects.filter(upload=upload).delete()
    with tempfile.TemporaryDirectory(prefix="jizhi-import-") as folder:
        path = Path(folder) / "table"
        _unpack(upload, path)
        table = plain.open_table(path, upload.file_name, kind.columns)
        together: Together = kind.together(upload.area) if kind.together else lambda values: ""
        number = 0
        for lines in _batches(table):
            with transaction.atomic():
                _stage(upload, kind, together, lines, number)
                number += len(lines)
                keep(number)
    if kind.identity is not None:
        with transaction.atomic():
            _refuse_repeats(upload, kind)
    return number, [*table.unused, *(f"〔{name}〕" for name in table.skipped)]


def _unpack(upload: Import, path: Path) -> None:
    path.touch(mode=0o600)
    with path.open("wb") as file:
        for number in range(ImportPart.objects.filter(upload=upload).count()):
            part = ImportPart.objects.get(upload=upload, number=number)
            file.write(crypto.decrypt_bytes(bytes(part.content), context=SEAL))


def _batches(table: Iterable[Line]) -> Iterator[list[Line]]:
    batch: list[Line] = []
    for line in table:
        batch.append(line)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _stage(upload: Import, kind: Kind, together: Together, lines: list[Line], before: int) -> None:
    rows, problems = [], []
    for number, line in enumerate(lines, start=before + 1):
        group, identity = "", ""
        if not line.problems:
            group = together(line.values)[:GROUP_MAX]
            identity = kind.identity(line.values)[:64] if kind.identity else ""
        rows.append(
            (
                upload.pk, upload.area_id, number, line.sheet[:100], line.row, group, identity,
                packed(kind, line), bool(line.problems),
            )
        )  # fmt: skip
        problems += [_problem(upload, kind, number, one) for one in line.problems]
    insert_rows(
        ImportRow,
        ["upload_id", "area_id", "number", "sheet", "line", "group", "identity", "content", "refused"],
        rows,
    )
    insert_rows(ImportProblem, PROBLEM, problems)


PROBLEM = ["upload_id", "area_id", "number", "sheet", "line", "column", "value", "reason", "reason_en"]


def packed(kind: Kind, line: Line) -> str:
    """The row's values as text; for a refused row what was written, so that it can be handed back."""
    if line.problems:
        texts = line.shown
    else:
        texts = {column.key: plain.to_text(column, line.values[column.key]) for column in kind.columns}
    return json.dumps({key: text for key, text in texts.items() if text}, ensure_ascii=False)


def _problem(upload: Import, kind: Kind, number: int, one: Refusal) -> tuple[object, ...]:
    title = one.column.partition(" ")[2] or one.column
    column = next((column for column in kind.columns if column.title == title), None)
    value = masked(column, one.value)
    return (
        upload.pk, upload.area_id, number, one.sheet[:100], one.row, one.column[:120], value[:200],
        one.reason, one.reason_en,
    )  # fmt: skip


def masked(column: plain.Column | None, value: str) -> str:
    """A value as it may be shown: numbers of persons only in part, what is sensitive not at all."""
    if column is not None and column.sensitive:
        return HIDDEN if value else ""
    if column is not None and column.kind is plain.Kind.ID_NUMBER:
        return masking.mask_id(value)
    if column is not None and column.kind is plain.Kind.PHONE:
        return masking.mask_phone(value)
    return value


def _refuse_repeats(upload: Import, kind: Kind) -> None:
    """Rows that share what may stand once only: each is refused and names the other place."""
    column = kind.column(kind.identity_column)
    title = column.title if column else ""
    with connection.cursor() as cursor:
        cursor.execute(_REPEATS, {"upload": upload.pk, "column": title})


# The first of the others stands for all of them; a row never names itself.
_REPEATS = """
WITH twice AS (
    SELECT id, area_id, number, sheet, line, identity,
           first_value(number) OVER w AS first, first_value(sheet) OVER w AS first_sheet,
           first_value(line) OVER w AS first_line, nth_value(sheet, 2) OVER w AS second_sheet,
           nth_value(line, 2) OVER w AS second_line, count(*) OVER w AS times
    FROM imports_importrow
    WHERE upload_id = %(upload)s AND identity <> ''
    WINDOW w AS (PARTITION BY identity ORDER BY number
                 ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), marked AS (
    UPDATE imports_importrow r SET refused = true FROM twice WHERE r.id = twice.id AND twice.times > 1
)
INSERT INTO imports_importproblem
    (upload_id, area_id, number, sheet, line, "column", value, reason, reason_en)
SELECT %(upload)s, area_id, number, sheet, line, %(column)s, '',
       CASE WHEN number = first THEN format('与“%%s”第 %%s 行重复', second_sheet, second_line)
            ELSE format('与“%%s”第 %%s 行重复', first_sheet, first_line) END,
       CASE WHEN number = first THEN format('repeats row %%s of "%%s"', second_line, second_sheet)
            ELSE format('repeats row %%s of "%%s"', first_line, first_sheet) END
FROM twice WHERE times > 1
"""
