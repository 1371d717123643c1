"""The words villages write above their columns, and what each means.

Rules are tried in order; the first that fits wins. Words that name a column without use to us are known
too (IGNORED), because they help to tell a header from a row of data.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum

from jizhi.sheets.values import clean_text


class Role(StrEnum):
    NO = "no"
    SERIAL = "serial"
    HEAD = "head"
    HEAD_ID = "head_id"
    NAME = "name"
    ID = "id"
    RELATION = "relation"
    BIRTH = "birth"
    PHONE = "phone"
    SIZE = "size"
    GRID = "grid"
    GROUP = "group"
    ADDRESS = "address"
    PARTY = "party"
    PARTY_CLASS = "party_class"
    SEX = "sex"
    RESIDENCE = "residence"
    REGISTERED = "registered"
    DATE = "date"
    WHAT = "what"
    QUANTITY = "quantity"
    UNIT = "unit"
    WITNESS = "witness"
    REMARK = "remark"
    POINTS = "points"
    IGNORED = "ignored"


HOUSEHOLD_NO = (
    r"(农户|家庭|住户|户籍|户主|户口?)(编号|编码|代码|序号)|(农户|家庭|住户)(号|码)|户籍?(号|码)|户口编号|^户id$"
    r"|householdno\.?|householdnumber"
)
RULES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.RELATION, r"是否户主|户主标[识志]"),
        (Role.SEX, r"^(成员)?性别$|^sex$|^gender$"),
        (Role.RESIDENCE, r"居住(类型|类别|状态|情况|性质)|人户(分离|状态)|^residence"),
        (Role.REGISTERED, r"^户(籍|口)所?在?地$|^registeredplace$"),
        (Role.PARTY_CLASS, r"党员(类别|分类|类型)|^partyclass$"),
        (Role.IGNORED, r"性别|年龄|民族|文化程度|学历|婚姻|健康|职业|劳动力|低保|脱贫"),
        (
            Role.IGNORED,
            r"银行|账户|账号|卡号|开户|网格员|网格长|包户|监护|紧急|曾用名|配偶|父亲|母亲|签[字名章]|承包|宅基",
        ),
        (Role.ADDRESS, r"身份证(住址|地址)"),
        (Role.IGNORED, r"身份证.*(有效|签发|复印|类型)|证件类型"),
        (Role.POINTS, r"积分|分值|得分|加分|扣分|分数"),
        (
            Role.WHAT,
            r"事项|申报内容|申报项目|活动内容|活动名称|事由|做了什么|^(内容|项目|活动|行为|what|item|activity)$",
        ),
        (Role.RELATION, r"关系|^称谓$|^relation"),
        (Role.NO, HOUSEHOLD_NO),
        (Role.HEAD_ID, r"户主.*(身份证|身份号|证件|公民身份)"),
        (Role.ID, r"身份证|身份号码?|公民身份|证件号|^idnumber$|^id$"),
        (
            Role.SIZE,
            r"人口(数|总数)?(\(.*\))?(人)?$|人口数|家庭人数|人数$|成员数|几口人|^(household)?size$",
        ),
        (Role.BIRTH, r"出生|生日|^birth"),
        (Role.PHONE, r"手机|电话|联系方式|联系号码|^phone|^mobile"),
        (Role.PARTY, r"党员|政治面貌|^party"),
        (Role.GRID, r"网格|^grid$"),
        (Role.GROUP, r"村民小组|^(所[属在])?(村?小组|组别?|村组|组名)$"),
        (Role.ADDRESS, r"住址|地址|门牌|住所|居住地|^address$"),
        (Role.HEAD, r"户主.{0,6}(姓名|名字|名称?)|(姓名|名字).{0,3}户主|^户主|^家长(姓名)?$|^head"),
        (Role.WITNESS, r"证明人|见证人|证人|^witness$"),
        (
            Role.NAME,
            r"姓名|名字|^(家庭)?(其他|其它|主要)?成员[\d一二三四五六七八九十]*(名单)?$|^人员$|申报人|^name$",
        ),
        (Role.QUANTITY, r"数量|次数|时长|小时数|天数|^quantity$"),
        (Role.UNIT, r"^(计量|数量)?单位$|^unit$"),
        (Role.DATE, r"日期|时间|^date$"),
        (Role.REMARK, r"备注|说明|^remarks?$|^note$"),
        (Role.SERIAL, r"^(序号|序|行号|no\.?|#)$"),
        (Role.NO, r"^(编号|编码|户)$"),
        (Role.IGNORED, r"工作|类型|类别|面积|单位|状态|照片|签收"),
    )
)
EXACT = {
    Role.NO: ("户编号", "户号", "农户编号", "家庭编号"),
    Role.ID: ("身份证号", "身份证号码", "公民身份号码", "身份证"),
    Role.NAME: ("姓名", "成员姓名", "家庭成员姓名"),
    Role.HEAD: ("户主姓名", "户主"),
    Role.SIZE: ("家庭人口数", "家庭人口", "人口数", "人口"),
    Role.PHONE: ("手机号", "手机号码", "联系电话", "手机", "电话"),
    Role.DATE: ("日期", "发生日期", "申报日期"),
    Role.GRID: ("网格", "所属网格"),
}
MAX_TITLE = 30


def normalise(title: str) -> str:
    text = "".join(clean_text(title).lower().split())
    return re.sub(r"[*:：_\-·、/\"'\[\]【】?!。,]", "", text)


@functools.lru_cache(maxsize=5_000)
def classify(title: str) -> Role | None:
    """What a column of this title holds; None where the title says nothing known."""
    text = normalise(title)
    if not text or len(text) > MAX_TITLE:
        return None
    return next((role for role, pattern in RULES if pattern.search(text)), None)


def preference(role: Role, title: str) -> int:
    """Which of several columns of the same meaning is the one to read: the plainest title."""
    known = EXACT.get(role, ())
    text = normalise(title)
    return known.index(text) if text in known else len(known)
