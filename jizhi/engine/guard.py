"""The law guard: what a scheme may not do, refused while it is written, with the reason and the article.

It reads words, so it can only find what is named: a scheme that passes is not thereby lawful, people still decide. A
warning is let pass when the item or outcome gives `reasons: {code: why}`; an error never is. It has no clock: the day
for expired references is passed in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jizhi.engine.document import resolution
from jizhi.engine.document.item import Channel, Item, Kind
from jizhi.engine.document.outcome import Outcome
from jizhi.engine.document.problem import Problem
from jizhi.engine.document.scheme import Scheme
from jizhi.engine.document.section import Section
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
        _rule("stale", "warning", "所依据的文件已过期", "its reference has expired", "积分制通知（2020-07）"),
        _rule(
            "no-reference", "warning", "没有写明依据", "it names no reference", "村民委员会组织法第24–27条"
        ),
    )
)

RIGHTS = re.compile(
    r"补贴|补助|低保|五保|特困|社保|社会保险|养老|医保|医疗|救助|救济|优抚|征地|宅基地|承包地|承包权|土地|股权|股份|"
    r"分红权|集体收益|收益分配|选举|投票权|表决权|入学|上学|参军|户口|证明|"
    r"subsid|insurance|pension|medical|health ?care|land|share|vote|ballot|"
    r"welfare|allowance|school|household registration",
    re.I,
)
WITHHOLD = re.compile(
    r"取消|停|暂缓|不予|扣|限制|剥夺|不得|禁止|降低|受限|withh|cancel|stop|suspend|bar|den[iy]|los[es]|no ",
    re.I,
)
PETITION = re.compile(
    r"上访|信访|访民|(缠|闹|越级?|非法?|进京|赴省|集体|群体|重复)访|投诉|举报|12345|热线|告状|批评|言论|"
    r"发帖|跟帖|网上发布|发布负面|负面言|抱怨|申诉|检举|控告|"
    r"petition|complain|hotline|critici[sz]|speech|whistle|posting online",
    re.I,
)
FAMILY = re.compile(
    r"(家属|子女|亲属|家人|家庭成员|配偶|儿子|女儿|丈夫|妻子|父母|近亲)[^，。；]{0,4}"
    r"(违|犯|被|有|参与|不|未|受|赌|吸|酒|闹|拒)|"
    r"(famil(y|ies)|relative|spouse|child(ren)?|son|daughter|husband|wife|parent)('s|s')? [^,.;]{0,30}"
    r"(fault|violat|offen[cs]|crime|gambl|break|fail|commit|punish)",
    re.I,
)
NOT_FAMILY = re.compile(
    r"不赡养|不孝|虐待|遗弃|家暴|support(ing)? (their |one's )?parents|abus|neglect", re.I
)
APP = re.compile(
    r"登录|登陆|日活|活跃度|阅读时长|学习时长|浏览|点赞|转发|转载|分享朋友圈|关注公众号|下载安装|在线时长|在线率|"
    r"网上打卡|APP打卡|\bapps?\b|刷视频|观看视频|评论区|"
    r"log-?ins?\b|\blog in\b|sign in to|reading (time|minutes)|\blikes?\b|forward(s|ing)?\b|repost|sharing posts|"
    r"online (time|presence)|screen time|check-?in on",
    re.I,
)
FINE = re.compile(
    r"罚款|罚金|抵罚|缴罚|购买积分|买积分|充值|现金兑积分|花钱|交钱|\bfines?\b|buy(ing)? points|"
    r"points for (cash|money)|top-?up",
    re.I,
)
SENSITIVE = re.compile(
    r"患病|患有|重病|大病|疾病|病史|残疾|艾滋|精神病|精神障碍|传染病|怀孕|孕检|流产|节育|宗教|信教|教徒|礼拜|基因|血型|"
    r"指纹|性取向|同性恋|未成年人(犯|违|吸|打|偷|不良|姓名)|学生成绩|"
    r"disease|illness|\bill\b|diagnos|disab|\bhiv\b|mental|pregnan|abortion|religio|church|gene(tic)?s?\b|"
    r"blood type|fingerprint|sexual|\bminor's|\bminors?\b (offen|crime|fault)",
    re.I,
)
BLACK = re.compile(
    r"黑榜|黑名单|曝光|后进户|落后户|落后名单|末位|通报批评|black ?list|name and shame|worst|wall of shame",
    re.I,
)
CUSTOM = re.compile(
    r"婚|丧|嫁|彩礼|喜事|白事|红白|葬|宴席|随礼|人情|wedding|funeral|marriage|bride|burial|banquet", re.I
)


def check(
    scheme: Scheme, on: dt.date | None = None, file: str = "", lines: Mapping[str, int] | None = None
) -> list[Problem]:
    """Everything the guard has against a scheme, errors first; `file` and `lines` say where items and outcomes are."""
    found = [*_items(scheme, on), *_outcomes(scheme, on)]
    problems = [
        Problem(
            rule.code,
            rule.level,
            rule.why,
            file,
            (lines or {}).get(where, 0),
            where,
            word,
            article=rule.article,
        )
        for rule, where, word in found
    ]
    problems += [
        Problem(
            one.code,
            "warning",
            Text(zh=one.zh, en=one.en),
            file,
            (lines or {}).get(_owner(scheme, one.path), 0),
            _owner(scheme, one.path),
            one.found,
            one.expected,
        )
        for one in resolution.idle_limits(scheme)
    ]
    return sorted(problems, key=lambda problem: (problem.level, problem.item, problem.code))


def _owner(scheme: Scheme, path: resolution.Path) -> str:
    """The id of the item or section that a path lies in."""
    part, place = path[0], path[1]
    if part in ("items", "sections") and isinstance(place, int):
        owners: Sequence[Item | Section] = scheme.items if part == "items" else scheme.sections
        return owners[place].id
    return scheme.id


def _words(*texts: Text | None) -> str:
    return " ".join(f"{text.zh} {text.en}" for text in texts if text is not None)


def _found(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[0] if found else ""


def _items(scheme: Scheme, on: dt.date | None) -> Iterator[tuple[Rule, str, str]]:
    for item in scheme.items:
        for code, word in (*_item_words(scheme, item), *_item_form(scheme, item, on)):
            if RULES[code].level == "error" or code not in item.reasons:
                yield RULES[code], item.id, word


def _item_words(scheme: Scheme, item: Item) -> Iterator[tuple[str, str]]:
    words = f"{item.id} {_words(item.title, item.description)}"
    against = item.kind in (Kind.FAULT, Kind.VETO, Kind.RULING)
    if against and (word := _found(PETITION, words)):
        yield "petition", word
    if (
        against
        and scheme.subject == "person"
        and not NOT_FAMILY.search(words)
        and (word := _found(FAMILY, words))
    ):
        yield "family-liability", word
    if word := _found(APP, words):
        yield "app-use", word
    if word := _found(FINE, words):
        yield "fine", word
    if item.published and (word := _found(SENSITIVE, words)):
        yield "sensitive", word
    if against and (word := _found(CUSTOM, words)):
        yield "custom", word
    if item.effect and (word := _withheld(item.effect.bar, words)):
        yield "lawful-rights", word


def _withheld(bars: Iterable[str], words: str) -> str:
    """The lawful right that a bar names, or that the words say is withheld."""
    return _found(RIGHTS, " ".join(bars)) or (_found(RIGHTS, words) if WITHHOLD.search(words) else "")


def _item_form(scheme: Scheme, item: Item, on: dt.date | None) -> Iterator[tuple[str, str]]:
    if item.kind == Kind.FAULT and not item.notify:
        yield "silent-fault", "notify: false"
    section = scheme.section(item.section)
    held = item.limits or (section and section.limits) or scheme.limits
    if item.kind == Kind.MERIT and Channel.SELF in item.claim and not held:
        yield "unbounded", "claim: self"
    yield from _reference(item, on)


def _reference(one: Item | Outcome, on: dt.date | None) -> Iterator[tuple[str, str]]:
    if one.reference is None:
        yield "no-reference", one.id
    elif on is not None and one.reference.expired(on):
        yield "stale", str(one.reference.expires)


def _outcomes(scheme: Scheme, on: dt.date | None) -> Iterator[tuple[Rule, str, str]]:
    for outcome in scheme.outcomes:
        for code, word in (*_outcome_words(scheme, outcome), *_reference(outcome, on)):
            if RULES[code].level == "error" or code not in outcome.reasons:
                yield RULES[code], outcome.id, word


def _outcome_words(scheme: Scheme, outcome: Outcome) -> Iterator[tuple[str, str]]:
    then, words = outcome.then, f"{outcome.id} {_words(outcome.title, outcome.then.reward)}"
    if word := _withheld(then.bar, words):
        yield "lawful-rights", word
    if word := _found(FINE, words):
        yield "fine", word
    persons = scheme.subject in ("person", "household")
    listed = f"{words} {then.list_ or ''}"
    if persons and _low(outcome) and (then.published or then.list_ or BLACK.search(listed)):
        yield "person-blacklist", _found(BLACK, listed) or f"list: {then.list_ or 'published'}"
    elif persons and (word := _found(BLACK, listed)):
        yield "person-blacklist", word


def _low(outcome: Outcome) -> bool:
    rank, total = outcome.when.rank, outcome.when.total
    return bool((rank and rank.bottom) or (total and (total.below is not None or total.to is not None)))
