"""What a row of an uploaded table comes to before anything is written: its fate, its problems, what it would change.

Reading the file is the caller's; the services that own a noun plan its rows and apply the plan.
"""

from dataclasses import dataclass, field
from typing import Any

from jizhi.core.text import N_, LabelledEnum


class RowFate(LabelledEnum):
    """What happens to a row once the table is applied."""

    NEW = "new", N_("新增")
    CHANGED = "changed", N_("更新")
    SAME = "same", N_("不变")
    REFUSED = "refused", N_("不能导入")


@dataclass(frozen=True)
class RowProblem:
    """Why a row cannot be applied: the column as the sheet names it, what stands there, the reason for a person."""

    column: str
    value: str
    reason: str


@dataclass
class PlannedRow:
    """One row of the dry run. `words` says what it is about; `changes` says field → (before, after)."""

    sheet: str
    row: int
    words: str
    fate: RowFate = RowFate.NEW
    problems: list[RowProblem] = field(default_factory=list)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def refuse(self, column: str, value: str, reason: str) -> None:
        """Note a problem; the row is not applied."""
        self.problems.append(RowProblem(column, value, reason))
        self.fate = RowFate.REFUSED
