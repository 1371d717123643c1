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
    RECORDER = "recorder", N_("记录员")
    SUPERVISOR = "supervisor", N_("监督员")


# A recorder writes and a supervisor watches; neither votes, neither counts towards the quorum.
VOTING_ROLES = frozenset({SeatRole.CHAIR, SeatRole.MEMBER})
VOTERS_MIN = 3


class Procedure(LabelledEnum):
    """How a decision comes about: the panel sits together, each member answers in writing, or the township rules."""

    MEETING = "meeting", N_("开会评议")
    CIRCULATION = "circulation", N_("书面传签")
    RULING = "ruling", N_("乡镇裁定")


class Voting(LabelledEnum):
    """How a meeting votes. In a secret vote only the count is kept, and who took part."""

    OPEN = "open", N_("公开表决")
    SECRET = "secret", N_("无记名表决")


class Ground(LabelledEnum):
    """Why a member steps aside. All but the last are found in the registers and leave the member no choice."""

    HOUSEHOLD = "household", N_("本户事项")
    RELATIVE = "relative", N_("近亲属事项")
    LEADER = "leader", N_("本人、本户或近亲属负责的组织")
    OWN_CLAIM = "own_claim", N_("本人或本户申报、核实")
    VOLUNTARY = "voluntary", N_("自行回避")


class PanelState(LabelledEnum):
    """How a panel stands on a day: the filter of the register."""

    IN_OFFICE = "in_office", N_("在任")
    COMING = "coming", N_("将任")
    PAST = "past", N_("已届满")


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


def entitled_min(quorum: int) -> int:
    """How many of those present must be entitled to vote on one case: more than half of the quorum, at least two."""
    return max(2, quorum // 2 + 1)


def is_beyond_panel(voters: int, recused: int, quorum: int) -> bool:
    """Whether recusal leaves fewer of all voting members than may decide a case, whoever comes to the meeting."""
    return recused > 0 and voters - recused < entitled_min(quorum)


def quorum_fits(quorum: int, voters: int) -> bool:
    """A panel's quorum is more than half of the voting seats, at least three people, and can be reached."""
    return max(VOTERS_MIN, voters // 2 + 1) <= quorum <= voters


def default_quorum(seats: int) -> int:
    """More than half of the seats, at least three people, as a panel's rule where it sets none."""
    return max(3, seats // 2 + 1)
