"""How a panel decides: states of a meeting, choices of a vote, quorum and majority. Plain checks only.

A panel knows nothing of what it decides: a case is a number with a village and a title.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class MeetingState(LabelledEnum):
    OPEN = "open", N_("进行中")
    CLOSED = "closed", N_("已结束")


class Choice(LabelledEnum):
    FOR = "for", N_("同意")
    AGAINST = "against", N_("不同意")
    ABSTAIN = "abstain", N_("弃权")
    RECUSED = "recused", N_("回避")


class Outcome(LabelledEnum):
    APPROVE = "approve", N_("认定")
    REJECT = "reject", N_("不予认定")
    RETURN = "return", N_("退回补充")


class SeatRole(LabelledEnum):
    CHAIR = "chair", N_("组长")
    MEMBER = "member", N_("成员")


@dataclass(frozen=True, slots=True)
class Tally:
    """The count of one vote: how many present members chose what."""

    votes_for: int = 0
    against: int = 0
    abstain: int = 0
    recused: int = 0

    @property
    def voting(self) -> int:
        return self.votes_for + self.against + self.abstain

    @property
    def carried(self) -> bool:
        """More than half of those who took part in the vote are in favour; those recused do not count."""
        return self.votes_for * 2 > self.voting


def tally(choices: Iterable[Choice]) -> Tally:
    counted = list(choices)
    return Tally(
        votes_for=counted.count(Choice.FOR),
        against=counted.count(Choice.AGAINST),
        abstain=counted.count(Choice.ABSTAIN),
        recused=counted.count(Choice.RECUSED),
    )


def quorum_is_met(present: int, quorum: int) -> bool:
    return present >= quorum


def default_quorum(seats: int) -> int:
    """More than half of the seats, at least three people, as a panel's rule where it sets none."""
    return max(3, seats // 2 + 1)
