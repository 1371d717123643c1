"""Words made comparable: however they are written, spaced or punctuated, the guard sees one spelling.

Full width becomes half width, traditional characters those simplified ones that the lexicon uses, and what is put
between the characters of a word is taken out. Not a converter of scripts: only what `words.py` needs.
"""

from __future__ import annotations

import re
import unicodedata

_PAIRS = (
    "訪访訴诉舉举報报熱热線线狀状評评論论發发負负錄录陸陆點点贊赞讚赞轉转載载閱阅讀读時时長长瀏浏覽览關关眾众衆众號号網网績绩補补貼贴養养險险醫医療疗濟济優优撫抚徵征體体權权選选屬属親亲兒儿違违賭赌鬧闹罰罚"
    "買买錢钱現现換换殘残傳传懷怀產产檢检節节禮礼紋纹戀恋單单後后進进戶户喪丧紅红隨随農农業业資资學学參参軍军證证費费遷迁辦办務务員员黨党議议會会聽听說说話话講讲寫写貧贫幹干稅税繳缴頂顶衝冲減减兌兑購购賣卖"
    "連连貸贷預预約约夠够視视頻频頁页賬账帳账冊册牆墙誹诽謗谤貶贬過过嚴严處处銷销終终凍冻絕绝斷断給给勞劳動动鄰邻縣县鎮镇鄉乡園园區区調调導导領领雙双變变響响經经溝沟車车個个們们來来國国際际歲岁開开門门問问"
    "間间對对應应當当無无與与為为從从腫肿癱瘫癇痫憂忧鬱郁聾聋啞哑虛虚實实獎奖勵励賞赏級级組组織织標标準准質质較较餘余積积劃划書书記记歡欢遲迟謠谣訊讯壇坛團团協协價价額额獲获稱称監监護护場场廟庙飯饭館馆墳坟"
    "燒烧"
)
_TRADITIONAL = {ord(old): new for old, new in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
_ANY_TRADITIONAL = re.compile(f"[{''.join(chr(one) for one in _TRADITIONAL)}]")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_HAN = "\u3400-\u9fff"
_LOOSE_MARKS = "[ \t\u00b7\u2022\u30fb*_~|/\\\\'\"“”‘’.…#+=<>^`·-]"
_SENTENCE_MARKS = "[，。；、：！？,;:!?()（）《》【】「」\\[\\]{}]"


def _between(before: str, marks: str, after: str) -> re.Pattern[str]:
    """Marks between two kinds of characters; begins with the marks, so that the search can leap to them."""
    return re.compile(f"{marks}(?<={before}{marks}){marks}*(?={after})")


_LOOSE = _between(f"[{_HAN}]", _LOOSE_MARKS, f"[{_HAN}]")
_MARKS = _between(f"[{_HAN}]", _SENTENCE_MARKS, f"[{_HAN}]")
_HYPHEN = _between("[a-z]", "[-_]", "[a-z]")


def spoken(*texts: str) -> str:
    """The texts in one spelling, one on a line; sentence marks are kept."""
    joined = "\n".join(texts)
    if joined.count("\n") >= max(len(texts), 1):  # line ends inside a text
        joined = "\n".join(" ".join(text.split()) for text in texts)
    words = unicodedata.normalize("NFKC", joined).lower()
    words = _UNSEEN.sub("", words)
    if _ANY_TRADITIONAL.search(words):
        words = words.translate(_TRADITIONAL)
    return _HYPHEN.sub(" ", _LOOSE.sub("", words))


def tight(words: str) -> str:
    """The same without sentence marks between Chinese characters."""
    return _MARKS.sub("", words)
