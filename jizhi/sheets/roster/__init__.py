"""Reads a village's roster of households from whatever workbook it is kept in.

`read_roster` is the door; the records it returns are in `records`. It writes nothing and knows no database.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from jizhi.sheets.roster.records import Note, Refusal, Roster, RosterHousehold, RosterMember, Skipped

__all__ = ["Note", "Refusal", "Roster", "RosterHousehold", "RosterMember", "Skipped", "read_roster"]


def read_roster(
    source: Path | bytes, filename: str, known_grids: Collection[str] | None = None, *, on: date | None = None
) -> Roster:
    """Read a roster; `known_grids` are the village's grids where it already has some, `on` is today."""
    raise NotImplementedError
