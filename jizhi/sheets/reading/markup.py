"""Reads the HTML tables that web systems save as .xls.

Only plain tables: cell texts, colspan and rowspan. Old XML spreadsheets are named and turned away.
"""

from __future__ import annotations

from html.parser import HTMLParser

from jizhi.sheets.reading.cells import Row, Sheet, Span, finish, make_cell
from jizhi.sheets.reading.errors import UnreadableFile

MAX_SPAN = 5000
MARKS = ("<html", "<table", "<!doctype", "<?xml", "<meta")


def looks_like_markup(text: str) -> bool:
    start = text.lstrip()[:4000].lower()
    return start.startswith("<") and any(mark in start for mark in MARKS)


def read(text: str) -> list[Sheet]:
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    tables = [table for table in parser.tables if table.rows]
    sheets = [table.finish(f"Sheet{number}") for number, table in enumerate(tables, start=1)]
    if not sheets:
        raise UnreadableFile(
            "这是网页或 XML 格式，里面没有可读的表格。请在 Excel 或 WPS 里另存为 .xlsx 后再传。",
            "This is a web page or XML without a readable table. Save it as .xlsx in Excel or WPS.",
        )
    return sheets


class _Table:
    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.spans: list[Span] = []
        self.taken: set[tuple[int, int]] = set()

    def start_row(self) -> None:
        self.rows.append({})

    def add(self, text: str, width: int, height: int) -> None:
        if not self.rows:
            self.start_row()
        row, column = len(self.rows), 1
        while (row, column) in self.taken:
            column += 1
        self.rows[-1][column] = text
        self.taken.update((row + down, column + right) for down in range(height) for right in range(width))
        if width > 1 or height > 1:
            self.spans.append(Span(row, column, row + height - 1, column + width - 1))

    def finish(self, name: str) -> Sheet:
        rows = [
            Row(number, {column: make_cell(text) for column, text in cells.items() if text})
            for number, cells in enumerate(self.rows, start=1)
        ]
        return finish(name, rows, self.spans)


class _TableParser(HTMLParser):
    """Collects top-level tables; a table inside a cell is read as that cell's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self.depth = 0
        self.text: list[str] | None = None
        self.size = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(_Table())
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].start_row()
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self.text = []
            known = dict(attrs)
            self.size = (_span(known.get("colspan")), _span(known.get("rowspan")))
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.depth == 1 and tag in ("td", "th", "tr", "table"):
            self._end_cell()
        if tag == "table" and self.depth:
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is not None:
            self.tables[-1].add(" ".join("".join(self.text).split()), *self.size)
        self.text = None


def _span(text: str | None) -> int:
    return min(int(text), MAX_SPAN) if text and text.isdigit() and int(text) > 0 else 1
