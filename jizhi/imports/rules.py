"""What an import of a table is made of: its states, the fate of a row, and the kinds of table as callers describe them.

Plain Python. The kinds themselves (which tables there are, what their rows mean) are written by the apps above.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

from jizhi.core.text import N_, LabelledEnum
from jizhi.posts.rules import Action
from jizhi.sheets.plain import Column


class ImportState(LabelledEnum):
    """Where an uploaded table stands."""

    UPLOADED = "uploaded", N_("已上传")
    READING = "reading", N_("正在检查")
    READY = "ready", N_("待确认")
    APPLYING = "applying", N_("正在导入")
    APPLIED = "applied", N_("已导入")
    STOPPED = "stopped", N_("已暂停")
    FAILED = "failed", N_("未完成")
    DISCARDED = "discarded", N_("已放弃")


_S = ImportState
TRANSITIONS: dict[ImportState, frozenset[ImportState]] = {
    _S.UPLOADED: frozenset({_S.READING, _S.DISCARDED}),
    _S.READING: frozenset({_S.READY, _S.STOPPED, _S.FAILED}),
    _S.READY: frozenset({_S.APPLYING, _S.DISCARDED}),
    _S.APPLYING: frozenset({_S.APPLIED, _S.STOPPED, _S.FAILED}),
    _S.STOPPED: frozenset({_S.READING, _S.APPLYING, _S.DISCARDED}),
    _S.FAILED: frozenset({_S.READING, _S.APPLYING, _S.DISCARDED}),
    _S.APPLIED: frozenset(),
    _S.DISCARDED: frozenset(),
}
RUNNING = frozenset({_S.UPLOADED, _S.READING, _S.APPLYING})


class Step(LabelledEnum):
    """What a running import is at; a resumed one goes on with the same."""

    READ = "read", N_("读取文件")
    CHECK = "check", N_("逐行核对")
    APPLY = "apply", N_("写入")
    DONE = "done", N_("完成")


class Fate(LabelledEnum):
    """What an import does (or, in a dry run, would do) with a row."""

    CREATED = "created", N_("新增")
    UPDATED = "updated", N_("更新")
    UNCHANGED = "unchanged", N_("未变")
    REFUSED = "refused", N_("不能导入")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused; `column` is a column's key, or a title. Both languages, since it is kept."""

    reason: str
    reason_en: str = ""
    column: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A usable row: its place in the file, and its values by column key (None where the cell is blank)."""

    number: int
    sheet: str
    line: int
    values: Mapping[str, Any]
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row. `handout` is what the uploader is told once, such as a first password."""

    fate: Fate
    problems: tuple[Problem, ...] = ()
    handout: tuple[str, ...] = ()


def refused(reason: str, reason_en: str = "", *, column: str = "", value: str = "") -> Outcome:
    """The row is left out, for this reason."""
    return Outcome(Fate.REFUSED, (Problem(reason, reason_en, column, value),))


class Work(Protocol):
    """Plans or applies rows: as many outcomes as rows, in their order."""

    def __call__(self, rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]: ...


class Renew(Protocol):
    """Makes what was handed out anew, line by line; a line that needs nothing any more is left out."""

    def __call__(self, lines: Sequence[list[str]], *, by: Any, at: dt.datetime) -> list[list[str]]: ...


@dataclass(frozen=True)
class Kind:
    """A kind of table that can be imported.

    `apply` writes one chunk and says what became of each row; it runs in one transaction with the import's cursor.
    `plan` tells the same without writing; without it the dry run is an `apply` that is rolled back. `together(area)`
    gives a function that gives rows which belong together the same text (at most 100 characters): these come in one
    chunk, in the file's order.
    `identity` names what may stand in the file once only. `action` (or `also`) is the permission needed in the chosen
    area. `columns_in(area, user, day)` gives further columns, which the area knows and the user may fill. `handout`
    are the titles of what outcomes hand out, `renew` makes it anew when nobody took it in time. `author` says that
    rows are written in somebody's name, so that the operator has to name one.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    action: Action
    apply: Work
    plan: Work | None = None
    together: Callable[[Any], Callable[[Mapping[str, Any]], str]] | None = None
    identity: Callable[[Mapping[str, Any]], str] | None = None
    identity_column: str = ""
    chunk: int = 500
    icon: str = "file-spreadsheet"
    note: str = ""
    also: Action | None = None
    columns_in: Callable[[Any, Any, dt.date], tuple[Column, ...]] | None = None
    handout: tuple[str, ...] = ()
    renew: Renew | None = None
    author: bool = False

    @property
    def actions(self) -> tuple[Action, ...]:
        """Any of these permissions will do."""
        return (self.action,) if self.also is None else (self.action, self.also)

    def for_area(self, area: Any, user: Any, on: dt.date) -> Self:
        """The kind with the columns that it has in that area for that user."""
        if self.columns_in is None:
            return self
        return replace(self, columns=(*self.columns, *self.columns_in(area, user, on)), columns_in=None)

    def column(self, key: str) -> Column | None:
        """The column of that key."""
        return next((column for column in self.columns if column.key == key), None)
