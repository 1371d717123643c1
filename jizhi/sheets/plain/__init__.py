"""Plain tables: one header, one record a row, columns said beforehand; read as a stream, written from the same columns.

Villages' own lists with their wild headers are `sheets.roster`. What a record means is for the caller.
"""

from jizhi.sheets.plain.columns import Column, Kind, from_text, to_text
from jizhi.sheets.plain.reader import Line, PlainTable, open_table
from jizhi.sheets.plain.workbooks import template, write_lines, write_refused
from jizhi.sheets.reading import UnreadableFile
from jizhi.sheets.roster.records import Refusal

__all__ = [
    "Column",
    "Kind",
    "Line",
    "PlainTable",
    "Refusal",
    "UnreadableFile",
    "from_text",
    "open_table",
    "template",
    "to_text",
    "write_lines",
    "write_refused",
]
