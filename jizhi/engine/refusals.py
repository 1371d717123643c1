"""Reasons of refused rows in Chinese: `rejected.csv` keeps the English words, by which scripts go; terminals say these.

Only words: what is refused is decided in `files.py` and `stages/match.py`.
"""

from __future__ import annotations

import re

COLUMNS = {
    "subject": "主体",
    "fact": "编号",
    "item": "条目",
    "date": "日期",
    "quantity": "数量",
    "grade": "档次",
    "given": "评定分",
    "size": "人口",
    "from_date": "起始日",
    "to_date": "截止日",
    "reversed": "是否撤销",
    "old": "现行办法",
    "new": "草案",
}
REASONS = (
    (r"unknown subject: (.*)", "没有这个主体：{}"),
    (r"unknown item: (.*)", "没有这个条目：{}"),
    (r"more cells than columns", "单元格多于列"),
    (r"control character", "含有控制字符"),
    (r"missing, the item is priced per member", "缺少，这个条目按人口计分"),
    (r"missing", "缺少"),
    (r"used twice, first in line (\d+): (.*)", "写了两次，先在第{}行：{}"),
    (r"used twice: (.*)", "写了两次：{}"),
    (r"not a whole number: (.*)", "不是整数：{}"),
    (r"not a number: (.*)", "不是数：{}"),
    (r"not a number", "不是数"),
    (r"not a day such as 2022-05-03: (.*)", "不是 2022-05-03 这样的日期：{}"),
    (r"neither true nor false: (.*)", "既不是真也不是假：{}"),
    (r"not from (\d+) to (\d+): (.*)", "不在 {} 到 {} 之间：{}"),
    (r"not between (\S+) and (\S+)", "不在 {} 到 {} 之间"),
    (r"after to_date: (.*)", "晚于截止日：{}"),
    (r"out of range: (.*)", "超出范围：{}"),
    (r"unknown: (.*)", "没有这一档：{}"),
    (r"negative", "是负数"),
    (r"more than (\d+) decimals", "小数多于{}位"),
    (r"more than (\d+)", "大于{}"),
    (r"worth more than (\S+) points: (.*)", "折算超过{}分：{}"),
)


def in_chinese(reason: str) -> str:
    """The reason in Chinese; what is not known stays as it is."""
    column, colon, rest = reason.partition(": ")
    if colon and column in COLUMNS:
        return f"{COLUMNS[column]}：{in_chinese(rest)}"
    for pattern, words in REASONS:
        found = re.fullmatch(pattern, reason, re.DOTALL)
        if found:
            return words.format(*found.groups())
    return reason
