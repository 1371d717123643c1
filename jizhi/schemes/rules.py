"""Who may adopt a scheme and when a resolution is good enough, as plain checks.

The thresholds are those of the village committee law (村民委员会组织法 art. 22, 24-27): at least two thirds
of the villagers' representatives present (half of the adult villagers in an assembly of all), and more than
half of those present in favour.
"""

from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class MeetingKind(LabelledEnum):
    REPRESENTATIVES = "representatives", N_("村民代表会议")
    ASSEMBLY = "assembly", N_("村民会议")


# Smallest share of members present, as (numerator, denominator), and whether exactly that share is enough.
ATTENDANCE_MIN = {
    MeetingKind.REPRESENTATIVES: (2, 3, True),
    MeetingKind.ASSEMBLY: (1, 2, False),
}


@dataclass(frozen=True, slots=True)
class Clocks:
    """The legal clocks of a place, in days; provincial parameters, never constants of the software."""

    post_by_day: int = 15
    window_days: int = 7
    answer_days: int = 7
    escalate_days: int = 15


def attendance_is_enough(kind: MeetingKind, members: int, present: int) -> bool:
    """Whether enough members came for the meeting to decide at all."""
    numerator, denominator, equal_is_enough = ATTENDANCE_MIN[kind]
    have, need = present * denominator, members * numerator
    return have >= need if equal_is_enough else have > need


def majority_is_enough(present: int, votes_for: int) -> bool:
    """Whether more than half of those present voted in favour."""
    return votes_for * 2 > present
