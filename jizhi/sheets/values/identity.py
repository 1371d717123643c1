"""Understands resident ID numbers and phone numbers, and tells why a damaged one is damaged.

Region codes are not checked: codes are withdrawn over the decades, and fictional numbers use unassigned ones.
"""

from __future__ import annotations

import re
from datetime import date

from jizhi.sheets.reading import Cell
from jizhi.sheets.values.outcome import Outcome, Saying, is_nothing, refuse, refuses_faults, squeeze

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{1,2}", re.IGNORECASE)
OTHER_X = str.maketrans({"Х": "X", "х": "X", "×": "X", "✕": "X", "x": "X"})
EXACT_DIGITS = 15  # Excel keeps fifteen significant digits of a number

LOST_DIGITS = Saying(
    "身份证号被 Excel 当作数字，后几位已丢失，请把单元格设为文本后重新填写",
    "Excel stored the ID number as a number and lost its last digits; format the cell as text and retype it",
)
CHECK_DIGIT = Saying("身份证号校验位不符，请核对", "the check digit of the ID number is wrong")
NO_SUCH_DATE = Saying("身份证号里的出生日期不存在", "the birth date inside the ID number does not exist")


def check_digit(first17: str) -> str:
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def birth_date_of(id_number: str) -> date | None:
    """The birth date an 18-digit number carries; None where no such day exists."""
    try:
        day = date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None
    return day if 1850 <= day.year <= 2100 else None


@refuses_faults
def parse_id_number(cell: Cell) -> Outcome[str]:
    value = cell.value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_number(value)
    text = squeeze(cell.shown).upper().translate(OTHER_X)
    text = re.sub(r"^(居民)?身份证(号码?)?", "", text)
    text = re.sub(r"^\W+|[^\w*]+$", "", text)
    if is_nothing(text):
        return Outcome()
    if SCIENTIFIC.fullmatch(text):
        return Outcome(problem=LOST_DIGITS)
    if "*" in text:
        return refuse("身份证号被星号遮盖", "the ID number is masked by asterisks")
    return _from_text(text.replace("-", ""))


def _from_number(value: int | float) -> Outcome[str]:
    if value < 0:
        return refuse("不是身份证号", "not an ID number")
    digits = str(int(value))
    if len(digits) > EXACT_DIGITS and (isinstance(value, float) or digits.endswith("000")):
        return Outcome(problem=LOST_DIGITS)
    outcome = _from_text(digits)
    if outcome.value and len(digits) == 18:
        note = Saying(
            "身份证号存成了数字，校验位相符", "the ID number was stored as a number; its check digit is right"
        )
        return Outcome(outcome.value, note=note)
    return outcome


def _from_text(text: str) -> Outcome[str]:
    if re.fullmatch(r"\d{15}", text):
        return _from_old_style(text)
    if not re.fullmatch(r"[\dX]*", text) or "X" in text[:-1]:
        return refuse("身份证号里有不该有的字符", "the ID number holds characters that do not belong there")
    if len(text) != 18:
        return refuse(
            f"身份证号应为18位，现有{len(text)}位",
            f"an ID number has 18 characters, this one has {len(text)}",
        )
    if check_digit(text[:17]) != text[17]:
        return Outcome(problem=LOST_DIGITS if text.endswith("000") else CHECK_DIGIT)
    if text[14:17] == "000":  # nobody has the serial number 000
        return Outcome(problem=LOST_DIGITS)
    if birth_date_of(text) is None:
        return Outcome(problem=NO_SUCH_DATE)
    return Outcome(text)


def _from_old_style(text: str) -> Outcome[str]:
    first17 = f"{text[:6]}19{text[6:]}"
    number = first17 + check_digit(first17)
    if birth_date_of(number) is None:
        return refuse(
            "身份证号只有15位，又不是老式号码（出生日期不存在）",
            "the ID number has 15 digits and is not one of the old style: no such birth date",
        )
    note = Saying(
        f"老式15位身份证号，理解为 {number}", f"an old ID number of 15 digits, understood as {number}"
    )
    return Outcome(number, note=note)


PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}|[48]00\d{7}")


@refuses_faults
def parse_phone(cell: Cell) -> Outcome[str]:
    value = cell.value
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = str(value) if isinstance(value, int) else squeeze(cell.shown)
    if is_nothing(text):
        return Outcome()
    if SCIENTIFIC.fullmatch(text):
        return refuse(
            "电话号码被 Excel 写成科学计数，已丢失末位", "Excel turned the phone into a rounded number"
        )
    whole = _bare_phone(text)
    if PHONE.fullmatch(whole):
        return Outcome(whole)
    numbers = [_bare_phone(part) for part in re.split(r"[/\\、,;|或]|\s{2,}", text)]
    good = [number for number in numbers if PHONE.fullmatch(number)]
    if not good or len(good) < len([number for number in numbers if number]):
        return refuse("电话号码不对，应为11位手机号或带区号的座机", "not a phone number")
    return Outcome(
        good[0], note=Saying(f"填了多个电话，取 {good[0]}", f"several phones given; {good[0]} is taken")
    )


def _bare_phone(text: str) -> str:
    without_remark = re.sub(r"\([^\d)]*\)", "", text)
    bare = re.sub(r"[\s\-().—_]", "", without_remark)
    return re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", bare)
