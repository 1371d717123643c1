"""Understands single cells: names, dates, ID numbers, phones, sizes, household numbers, yes and no.

Every parser takes a cell and returns an Outcome: a value, or the problem, and a note where something was
understood rather than read. Nothing here knows about rows or other cells.
"""

from __future__ import annotations

from jizhi.sheets.values.dates import parse_date, partial_date
from jizhi.sheets.values.identity import birth_date_of, check_digit, parse_id_number, parse_phone
from jizhi.sheets.values.outcome import Outcome, Saying, clean_text, is_nothing
from jizhi.sheets.values.people import parse_party_class, parse_residence, parse_sex
from jizhi.sheets.values.plain import parse_household_no, parse_name, parse_party, parse_size, parse_text

__all__ = [
    "Outcome",
    "Saying",
    "birth_date_of",
    "check_digit",
    "clean_text",
    "is_nothing",
    "parse_date",
    "parse_household_no",
    "parse_id_number",
    "parse_name",
    "parse_party",
    "parse_party_class",
    "parse_phone",
    "parse_residence",
    "parse_sex",
    "parse_size",
    "parse_text",
    "partial_date",
]
