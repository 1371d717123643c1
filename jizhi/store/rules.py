"""Opening days, stock moves and receipts of a points store. Plain Python only."""

import datetime as dt

from jizhi.core.text import N_, LabelledEnum


class MoveKind(LabelledEnum):
    RECEIVE = "receive", N_("入库")
    REDEEM = "redeem", N_("兑换出库")
    UNDO = "undo", N_("兑换撤销")
    COUNT = "count", N_("盘点调整")


def next_opening(today: dt.date, day: int, every: str) -> dt.date:
    """The next regular opening day from `today` on: day `day` of each month or of each quarter's first month."""
    month = dt.date(today.year, today.month, 1)
    while True:
        opening = month.replace(day=min(day, 28))
        first_of_quarter = month.month % 3 == 1
        if opening >= today and (every == "month" or first_of_quarter):
            return opening
        month = (month + dt.timedelta(days=32)).replace(day=1)


def receipt_number(village_code: str, day: dt.date, number: int) -> str:
    """A number people can read out: the village's last four digits, the day, a running number."""
    return f"{village_code[-4:]}-{day:%Y%m%d}-{number:04d}"
