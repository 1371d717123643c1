"""Who may adopt a scheme and when a resolution is good enough, as plain checks.

The thresholds are those of the village committee law (村民委员会组织法 art. 22, 24-27): at least two thirds
of the villagers' representatives present (half of the adult villagers in an assembly of all), and more than
half of those present in favour. An assembly may also be held by representatives of two thirds of the households.
"""

import datetime as dt
from dataclasses import dataclass

from jizhi.core.text import N_, LabelledEnum


class MeetingKind(LabelledEnum):
    REPRESENTATIVES = "representatives", N_("村民代表会议")
    ASSEMBLY = "assembly", N_("村民会议")
    HOUSEHOLDS = "households", N_("户代表参加的村民会议")


# Smallest share of members present, as (numerator, denominator), and whether exactly that share is enough.
ATTENDANCE_MIN = {
    MeetingKind.REPRESENTATIVES: (2, 3, True),
    MeetingKind.ASSEMBLY: (1, 2, False),
    MeetingKind.HOUSEHOLDS: (2, 3, True),
}


WINDOW_DAYS_MAX = 90


@dataclass(frozen=True, slots=True)
class Clocks:
    """The legal clocks of a place, in days; provincial parameters, never constants of the software."""

    post_by_day: int = 15
    window_days: int = 7
    answer_days: int = 7
    hand_up_days: int = 15  # so long an answer is waited for before it is handed up
    escalate_days: int = 15  # so long the township has then
    public_days: int = 180
    summary_days: int = 45
    appeal_days: int = 15
    working_days: bool = False

    def after(self, day: dt.date, days: int) -> dt.date:
        """The day so many days on; with `working_days`, Saturdays and Sundays are not counted."""
        if not self.working_days:
            return day + dt.timedelta(days=days)
        while days > 0:
            day += dt.timedelta(days=1)
            days -= day.weekday() < 5
        return day


# Which way a county may move a clock away from the pack's: to the good of whoever reads, objects or is named.
MAY_GROW = frozenset({"window_days", "appeal_days"})
CLOCKS = (
    "post_by_day", "window_days", "answer_days", "hand_up_days", "escalate_days", "appeal_days", "public_days",
    "summary_days",
)  # fmt: skip


def clocks_against(pack: Clocks, wanted: Clocks) -> dict[str, tuple[int, int]]:
    """Which clocks leave the bounds, with the least and the greatest days allowed; nothing where all is well.

    Window and time to appeal may only get longer, everything else only shorter; the page stays as long as the window.
    """
    found = {}
    for name in CLOCKS:
        least, most = clock_bounds(pack, name)
        if name == "public_days":
            least = wanted.window_days
        if not least <= getattr(wanted, name) <= most:
            found[name] = (least, most)
    return found


def clock_bounds(pack: Clocks, name: str) -> tuple[int, int]:
    """The least and the greatest days a county may set."""
    days = getattr(pack, name)
    return (days, WINDOW_DAYS_MAX) if name in MAY_GROW else (1, days)


def attendance_is_enough(kind: MeetingKind, members: int, present: int) -> bool:
    """Whether enough members came for the meeting to decide at all."""
    numerator, denominator, equal_is_enough = ATTENDANCE_MIN[kind]
    have, need = present * denominator, members * numerator
    return have >= need if equal_is_enough else have > need


def majority_is_enough(present: int, votes_for: int) -> bool:
    """Whether more than half of those present voted in favour."""
    return votes_for * 2 > present
