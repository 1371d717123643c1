"""The words that a settlement puts beside an award, as the numbers under which the batch carries them.

Only a list: what makes a fact a repetition or unmatched is in `stages/`.
"""

from __future__ import annotations

from enum import IntEnum


class Note(IntEnum):
    """The last stage that touched a fact."""

    NONE = 0
    REPEAT = 1
    BEST_OF = 2
    UNMATCHED = 3
    REVERSED = 4
    VETO = 5

    @property
    def word(self) -> str:
        """What the awards table says."""
        return "" if self is Note.NONE else self.name.lower()
