"""Kinds of changes, how a wallet is shared, and what stands in the way. Plain Python without a database."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jizhi.core.text import N_, LabelledEnum


class ChangeKind(LabelledEnum):
    """What happened to households or persons."""

    SPLIT = "split", N_("分户")
    MERGE = "merge", N_("并户")
    GRID_MOVE = "grid_move", N_("村内迁移")
    MOVE = "move", N_("迁往其他村")
    LEAVING = "leaving", N_("整户迁出")
    RETURNING = "returning", N_("整户迁回")
    BIRTH = "birth", N_("出生")
    MARRIAGE = "marriage", N_("婚入")
    JOINING = "joining", N_("其他迁入")
    DEATH = "death", N_("死亡")
    DEPARTURE = "departure", N_("外出")
    RETURN = "return", N_("外出返回")
    MEMBER_LEAVING = "member_leaving", N_("成员迁出")
    TRANSFER = "transfer", N_("转入另一户")
    NEW_HEAD = "new_head", N_("更换户主")
    UNDOING = "undoing", N_("撤销变动")


class ShareRule(LabelledEnum):
    """How the wallet is shared when a household is split."""

    MEMBERS = "members", N_("按人数分")
    GIVEN = "given", N_("按约定的分数分")
    STAYS = "stays", N_("全部留在原户")


class CarryRule(LabelledEnum):
    """What happens to the wallet when a household moves to another village or leaves."""

    CARRIED = "carried", N_("随户带到新村")
    STAYS = "stays", N_("留在原村，到期前兑完")


class ClaimFate(LabelledEnum):
    """What happens to a claim on which somebody still works."""

    STAYS = "stays", N_("留在原户")
    REFILED = "refiled", N_("改由新户申报")


class Side(LabelledEnum):
    """What a change does to a household."""

    CHANGED = "changed", N_("有变化")
    OPENED = "opened", N_("新立户")
    CLOSED = "closed", N_("户已注销")


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that others still have open about a subject; `blocks` says that the change must wait for it."""

    subject_id: int
    text: str
    blocks: bool


# Rooms above this one (notices, the store) know what they have open; whoever asks for a change brings them along.
Concerns = Callable[[Collection[int], Collection[int], date], Sequence[Concern]]

# What they do with points that came into wallets: subjects, who did it, when.
Received = Callable[[Collection[int], Any, datetime], None]


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Share an integer by weights exactly: largest remainder, of equal ones the first. All zero: all to the first.

    >>> share(100, [2, 1])
    [67, 33]
    """
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    parts = [total * weight // whole for weight in weights]
    left = [total * weight % whole for weight in weights]
    for place in sorted(range(len(weights)), key=lambda place: (-left[place], place))[: total - sum(parts)]:
        parts[place] += 1
    return parts


UNDOABLE = frozenset(kind for kind in ChangeKind if kind is not ChangeKind.UNDOING)
