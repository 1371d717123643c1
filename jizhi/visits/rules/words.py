"""How a household was met, what was talked about, and months. Words and numbers only; no county changes them."""

import calendar
import datetime as dt

from jizhi.core.text import N_, LabelledEnum

# Grids of 30 to 50 households are what county rules ask for; outside it a grid is shown as too small or too large.
GRID_HOUSEHOLDS = (30, 50)
# How many days back a visit may still be recorded: paper is keyed in within the month.
BACK_DAYS_MAX = 31


class How(LabelledEnum):
    """How the household was met. Nobody there is recorded, but the plan stays open until somebody was reached."""

    HOME = "home", N_("上门见到人")
    ABSENT = "absent", N_("上门没人")
    PHONE = "phone", N_("电话联系")


REACHED = frozenset({How.HOME, How.PHONE})


class Topic(LabelledEnum):
    """What a visit was about; ticks, so that nobody has to type at a door."""

    SAFETY = "safety", N_("安全提醒")
    HEALTH = "health", N_("身体和照料")
    INCOME = "income", N_("生产和收入")
    POLICY = "policy", N_("政策宣传")
    POINTS = "points", N_("积分和申报")
    DISPUTE = "dispute", N_("矛盾纠纷")
    ENVIRONMENT = "environment", N_("环境卫生")
    REGISTER = "register", N_("核对信息")
    NEEDS = "needs", N_("困难和诉求")


def month_of(day: dt.date) -> dt.date:
    """The first day of the month."""
    return day.replace(day=1)


def month_end(month: dt.date) -> dt.date:
    """The last day of the month."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def shifted(month: dt.date, months: int) -> dt.date:
    """The first day of the month so many months later (or earlier)."""
    index = month.year * 12 + month.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)
