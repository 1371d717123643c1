"""The table of the guard: each rule's code, how grave it is, why, and where that is written.

How a rule is recognised is in `words.py` and in `__init__.py`; what follows from a finding is decided by those who ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jizhi.engine.document.text import Text


@dataclass(frozen=True)
class Rule:
    """One line of the table: its code, how grave it is, why, and where that is written."""

    code: str
    level: Literal["error", "warning"]
    why: Text
    article: str


def _rule(code: str, level: Literal["error", "warning"], zh: str, en: str, article: str) -> tuple[str, Rule]:
    return code, Rule(code, level, Text(zh=zh, en=en), article)


RULES = dict(
    (
        _rule(
            "lawful-rights",
            "error",
            "积分不得影响补贴、社会保险、医疗、土地和集体收益、选举等法定权利",
            "points must not touch subsidies, social insurance, medical care, land, shares or votes",
            "积分制通知（2020-07）；农村集体经济组织法第26–28、42条",
        ),
        _rule(
            "petition",
            "error",
            "不得因信访、投诉举报、批评和言论扣分",
            "no points off for petitions, complaints, criticism or speech",
            "宪法第41条；信访工作条例",
        ),
        _rule(
            "family-liability",
            "error",
            "不得因家属的过错扣本人的积分",
            "a relative's fault must not cost a person's own points",
            "行政处罚法第5条；个人信息保护法第6条",
        ),
        _rule(
            "app-use",
            "error",
            "不得对登录、阅读时长、点赞、转发、在线计分",
            "no points for logins, reading time, likes, forwards or being online",
            "政务移动互联网应用程序规范化管理办法；整治形式主义为基层减负若干规定",
        ),
        _rule(
            "fine",
            "error",
            "积分不得抵缴罚款，也不得用钱买积分",
            "points must not pay a fine and money must not buy points",
            "行政处罚法第9、16条",
        ),
        _rule(
            "sensitive",
            "error",
            "条目会暴露健康、宗教、基因、性取向或未成年人身份，不得公示（published: false）",
            "the record reveals health, religion, genes, sexuality or a minor: set published: false",
            "个人信息保护法第28–31条",
        ),
        _rule(
            "person-blacklist",
            "error",
            "不得公布低分自然人名单（村、组织、岗位可以）",
            "no published list of low-scoring persons (villages, teams and offices may be listed)",
            "个人信息保护法第25条；民法典第1024条",
        ),
        _rule(
            "unbounded",
            "warning",
            "可由本人申报且没有任何上限",
            "can be claimed by the subject alone and has no limit",
            "积分制通知（2020-07）",
        ),
        _rule(
            "silent-fault",
            "error",
            "扣分生效前必须告知本人",
            "a fault must be notified to the subject before it counts",
            "个人信息保护法第24条",
        ),
        _rule(
            "custom",
            "warning",
            "婚丧习俗以倡导为主，不宜扣分",
            "weddings and funerals: encourage rather than deduct",
            "积分制通知（2020-07）",
        ),
        _rule(
            "idle-level",
            "warning",
            "前面的等级已把它包含，永远评不上",
            "the steps above take everybody, so nobody ever gets this level",
            "",
        ),
        _rule(
            "idle-outcome",
            "warning",
            "这种周期不结算，或条件互相矛盾，永远不会触发",
            "periods of this kind are not settled, or its conditions contradict each other: it never comes about",
            "",
        ),
        _rule("stale", "warning", "所依据的文件已过期", "its reference has expired", "积分制通知（2020-07）"),
        _rule(
            "no-reference", "warning", "没有写明依据", "it names no reference", "村民委员会组织法第24–27条"
        ),
    )
)

# What the law asks; the other rules only help to write what is meant.
LAW = frozenset(RULES) - {"no-reference", "idle-level", "idle-outcome"}
