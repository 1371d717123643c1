"""Understands what a register says of a person beside names and numbers: sex, residence, class of party members.

The words out are codes; what they are called on pages is decided elsewhere.
"""

from __future__ import annotations

import re

from jizhi.sheets.reading import Cell
from jizhi.sheets.values.outcome import Outcome, is_nothing, refuse, refuses_faults, squeeze

SEXES = {"男": "male", "女": "female", "男性": "male", "女性": "female"} | {
    "m": "male", "male": "male", "f": "female", "female": "female"
}  # fmt: skip
RESIDENCES = {
    "resident": "常住 常住户 常住人口 在家 户在人在 人户一致 本村常住 resident",
    "away": "外出 外出务工 流出 外出流动 户在人不在 在外 away",
    "incomer": "流入 流入人口 人在户不在 外来 外来人口 寄住 incomer",
    "tenant": "租住 租户 租房 租赁 承租 tenant",
    "paper": "空挂 空挂户 空户 挂户 户口空挂 paper",
}
_RESIDENCE = {word: code for code, words in RESIDENCES.items() for word in words.split()}


@refuses_faults
def parse_sex(cell: Cell) -> Outcome[str]:
    text = squeeze(cell.shown).lower()
    if is_nothing(text):
        return Outcome()
    if text not in SEXES:
        return refuse("性别应填男或女", "the sex must be male or female")
    return Outcome(SEXES[text])


@refuses_faults
def parse_residence(cell: Cell) -> Outcome[str]:
    text = squeeze(cell.shown).lower()
    if is_nothing(text):
        return Outcome()
    if text not in _RESIDENCE:
        return refuse(
            "居住类型应填常住、外出、流入、租住或空挂户",
            "the residence must be resident, away, incomer, tenant or paper",
        )
    return Outcome(_RESIDENCE[text])


@refuses_faults
def parse_party_class(cell: Cell) -> Outcome[str]:
    text = squeeze(cell.shown).upper()
    if is_nothing(text):
        return Outcome()
    found = re.match(r"^([A-F])(类|$|[^A-Z])", text)
    if not found:
        return refuse("党员类别应填A至F", "the party class must be A to F")
    return Outcome(found.group(1))
