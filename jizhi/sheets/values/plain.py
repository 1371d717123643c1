"""Understands names, household numbers, sizes, yes and no, and plain texts.

Generous with spelling, strict with content: a size in words, a name with digits or two names are refused.
"""

from __future__ import annotations

import re

from jizhi.sheets.reading import Cell
from jizhi.sheets.values.outcome import (
    Outcome,
    Saying,
    clean_text,
    is_nothing,
    refuse,
    refuses_faults,
    squeeze,
)

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af〇\ue000-\uf8ff"
NAME = re.compile(rf"[{HAN}]+(·[{HAN}]+)*|[A-Za-z][A-Za-z.'· -]*")
MIDDOT = re.compile("[•‧∙・･⋅●﹒]")
SELF_REMARK = re.compile(r"\((户主|本人|户主本人)\)$")
MAX_NAME = 40
MAX_TEXT = 200
MAX_SIZE = 50
NO_WIDTH = 4  # Excel drops leading zeros, so 1 and 0001 must be the same household

YES_WORDS = """是 √ ✓ ✔ ☑ 有 y yes 1 true 党员 中共党员 共产党员 中国共产党党员 正式党员 中共正式党员
预备党员 中共预备党员"""
NO_WORDS = """否 × ✗ ✘ ☐ x 无 n no 0 false 不是 非 非党员 群众 团员 共青团员 少先队员 无党派 无党派人士
民主党派 普通居民 普通村民"""
PARTY_YES = frozenset(YES_WORDS.split())
PARTY_NO = frozenset(NO_WORDS.split())


@refuses_faults
def parse_name(cell: Cell) -> Outcome[str]:
    if isinstance(cell.value, (int, float)):
        return refuse("姓名不能是数字", "a name cannot be a number")
    if is_nothing(cell.shown):
        return Outcome()
    text = SELF_REMARK.sub("", _join_han(MIDDOT.sub("·", clean_text(cell.shown))))
    if len(text) > MAX_NAME:
        return refuse(f"姓名太长（{len(text)}字）", f"the name is too long ({len(text)} characters)")
    if NAME.fullmatch(text):
        return Outcome(text)
    if re.search(r"[?\ufffd□■*＊]", text):
        return refuse("姓名里有缺字或被遮盖", "characters of the name are missing or masked")
    if re.search(r"[、,;/]", text):
        return refuse("一格里有多个姓名", "several names in one cell")
    return refuse("姓名里有不该有的字符", "the name holds characters that do not belong in a name")


def _join_han(text: str) -> str:
    if re.search(f"[{HAN}]", text):
        text = re.sub(rf"(?<=[{HAN}])\.(?=[{HAN}])", "·", re.sub(r"\s+", "", text))
        return text.strip("·.")
    return re.sub(r"\s+", " ", text)


@refuses_faults
def parse_household_no(cell: Cell, *, width: int = NO_WIDTH) -> Outcome[str]:
    """The household's number; one made of digits has at least `width` of them."""
    value = cell.value
    if isinstance(value, float) and value != int(value):
        return refuse("户编号不是整数", "the household number is not a whole number")
    text = squeeze(cell.shown)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not text.isdigit():
        text = str(int(value))
    if is_nothing(text):
        return Outcome()
    bare = re.sub(r"^(第|NO\.?|№|编?号[::]?)?(\d+)(\.0)?(号|户)?$", r"\2", text, flags=re.IGNORECASE)
    if not re.fullmatch(r"[\w\-./#()]{1,32}", bare):
        return refuse("看不懂的户编号", "not a household number")
    if bare.isdigit() and len(bare) < width:
        padded = bare.zfill(width)
        return Outcome(
            padded, note=Saying(f"户编号补足为 {padded}", f"household number completed to {padded}")
        )
    return Outcome(bare)


@refuses_faults
def parse_size(cell: Cell) -> Outcome[int]:
    if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
        number = cell.value
    else:
        text = squeeze(cell.shown)
        if is_nothing(text):
            return Outcome()
        found = re.fullmatch(r"(?:共)?(\d{1,4}(?:\.0+)?)(人|口|口人|个人|个|名)?", text)
        if not found:
            return refuse("家庭人口数应填数字", "the household size must be a number")
        number = float(found.group(1))
    if number != int(number) or not 1 <= number <= MAX_SIZE:
        return refuse(f"家庭人口数 {cell.shown} 不合理", f"the household size {cell.shown} is implausible")
    return Outcome(int(number))


@refuses_faults
def parse_party(cell: Cell) -> Outcome[bool]:
    if isinstance(cell.value, bool):
        return Outcome(cell.value)
    text = squeeze(cell.shown).lower()
    if is_nothing(text):
        return Outcome(False)
    if text in PARTY_YES or text in PARTY_NO:
        return Outcome(text in PARTY_YES)
    return Outcome(False, note=Saying("看不懂，按非党员读入", "not understood; read as not a party member"))


@refuses_faults
def parse_text(cell: Cell) -> Outcome[str]:
    """Addresses, relations and remarks: one line, of a reasonable length."""
    text = re.sub(r"\s+", " ", clean_text(cell.shown))
    if len(text) > MAX_TEXT:
        return refuse(
            f"文字太长（{len(text)}字，最多{MAX_TEXT}字）", f"the text is too long ({len(text)} characters)"
        )
    return Outcome("" if is_nothing(text) else text)
