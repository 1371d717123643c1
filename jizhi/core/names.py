"""Names of people: masked for notices, and turned into keys for search by pinyin.

It masks by form alone and knows nobody; which pages show whole names is decided elsewhere.
"""

import functools
import re

import pypinyin

# 复姓 that are still borne; a two-character surname stays visible as a whole, since its first half alone misleads.
_DOUBLE_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 夏侯 "
    "轩辕 端木 独孤 南宫 西门 东郭 百里 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 "
    "太叔 申屠 仲孙 钟离 鲜于 闾丘 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 "
    "公良 拓跋 夹谷 谷梁 段干 万俟 赫连 完颜 纳兰 第五 梁丘 左丘 东门 羊舌 微生 "
)
DOUBLE_SURNAMES = frozenset(_DOUBLE_SURNAMES.split())
_DOTS = re.compile(r"([·•‧・．.])")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


def _mask_word(word: str, kept: int) -> str:
    return word[:kept] + "*" * max(1, len(word) - kept) if word else ""


def mask_name(name: str) -> str:
    """王小芳 → 王**, 欧阳晓芸 → 欧阳**, 阿卜杜拉·买买提 → 阿***·***, Anna Berg → A*** ****. Empty stays empty."""
    name = " ".join(name.split())
    if not name:
        return ""
    if _DOTS.search(name) and _HAN.search(name):
        first, *rest = _DOTS.split(name)
        return _mask_word(first, 1) + "".join(
            part if _DOTS.fullmatch(part) else "*" * len(part) for part in rest
        )
    if " " in name or not _HAN.search(name):
        first, *others = name.split(" ")
        return " ".join([_mask_word(first, 1), *("*" * len(word) for word in others)])
    # A bare double surname (欧阳) is more likely a name of one syllable under a single surname (欧·阳).
    return _mask_word(name, 2 if name[:2] in DOUBLE_SURNAMES and len(name) > 2 else 1)


# Characters that are read otherwise as a surname than as a word.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "朴": "piao", "盖": "ge", "区": "ou",
    "翟": "zhai", "覃": "qin", "任": "ren", "华": "hua", "繁": "po", "折": "she", "尉": "wei", "冼": "xian",
}  # fmt: skip


def person_key(name: str) -> str:
    """pinyin_key of a person's name, the surname read as one: 单田芳 → `"shantianfang stf"`."""
    if name[:1] in SURNAME_READINGS and name[:2] not in DOUBLE_SURNAMES:
        first = SURNAME_READINGS[name[:1]]
        whole, _, initials = pinyin_key(name[1:]).partition(" ")
        return f"{first}{whole} {first[0]}{initials}"
    return pinyin_key(name)


@functools.lru_cache(maxsize=20_000)
def pinyin_key(text: str) -> str:
    """石桥村 → `"shiqiaocun sqc"`: whole syllables and initials, lower case, for `contains` searches."""
    syllables = [part.lower() for part in pypinyin.lazy_pinyin(text.replace(" ", ""), errors=_keep_latin)]
    whole = "".join(syllables)
    initials = "".join(part[0] for part in syllables if part)
    return f"{whole} {initials}".strip()


def _keep_latin(text: str) -> str:
    return "".join(re.findall(r"[A-Za-z0-9]+", text))
