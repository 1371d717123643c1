"""Words of the registers: what an audit verb is called, what an event kept, a version's title. It decides nothing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from jizhi.core.text import N_
from jizhi.core.trail import EventLine
from jizhi.people.rules import clean_card_code
from jizhi.web.templatetags.jizhi import in_english, points

register = template.Library()

VERBS = {
    "account.lock": N_("账号锁定"),
    "area.create": N_("设立区划"), "area.rename": N_("区划改名"), "area.close": N_("撤销区划"),
    "card.issue": N_("发积分卡"), "card.replace": N_("换发积分卡"), "card.block": N_("停用积分卡"),
    "card.set_pin": N_("重设 PIN 码"),
    "claim.file": N_("申报积分"), "claim.refile": N_("重新申报积分"), "claim.verify": N_("核实积分申报"),
    "claim.return": N_("退回积分申报"), "claim.decide": N_("认定积分申报"), "claim.tell": N_("登记扣分告知"),
    "claim.withdraw": N_("撤回积分申报"), "claim.attach": N_("补充申报照片"), "claims.import": N_("导入积分申报"),
    "fact.reverse": N_("冲销积分"), "goods.save": N_("登记或修改物品"),
    "household.create": N_("登记农户"), "household.update": N_("修改农户资料"), "household.close": N_("农户销户"),
    "household.reveal_phone": N_("查看农户完整电话"), "level.define": N_("设定区划层级"),
    "meeting.open": N_("召开评议会议"), "meeting.close": N_("评议会议结束"),
    "membership.start": N_("登记家庭成员"), "membership.end": N_("登记成员离开"),
    "notice.post": N_("张贴公示"), "notice.finalise": N_("公示定案"),
    "objection.file": N_("提出公示异议"), "objection.answer": N_("答复公示异议"),
    "objection.withdraw": N_("撤回公示异议"),
    "pack.load": N_("载入县级方案包"), "panel.create": N_("成立评议小组"), "person.reveal": N_("查看完整证件号码"),
    "post.assign": N_("任命职务"), "post.end": N_("结束职务"), "resolution.record": N_("登记村民决议"),
    "roster.import": N_("导入农户花名册"), "settlement.settle": N_("办理积分结算"),
    "store.announce": N_("公布超市加开"), "store.redeem": N_("办理兑换"), "store.undo": N_("撤销物品兑换"),
    "user.create": N_("设立账号"), "user.change_secret": N_("修改自己的密码"), "user.reset_secret": N_("重设他人密码"),
    "user.close": N_("停用账号"), "version.load": N_("载入细则版本"), "version.activate": N_("启用细则版本"),
}  # fmt: skip
DETAILS = {
    "reason": N_("原因"), "before": N_("之前"), "after": N_("之后"), "to_date": N_("最后一天"),
    "from_date": N_("开始日期"), "head_name": N_("户主"), "area": N_("网格"), "address": N_("住址"),
    "phone": N_("联系电话"), "declared_size": N_("申报人口"), "size": N_("家庭人口"), "name": N_("名称"),
    "household": N_("户编号"), "user": N_("账号"), "kind": N_("类别"), "number": N_("单号"), "points": N_("积分"),
    "price": N_("兑换所需积分"), "read": N_("读到"), "created": N_("新增"), "updated": N_("更新"),
    "unchanged": N_("未变"), "refused": N_("不能导入"), "new_grids": N_("新设的网格"), "level": N_("层级"),
    "name_en": N_("英文名称"), "superuser": N_("系统管理员"), "item": N_("条目"), "channel": N_("来源"),
    "fact": N_("积分编号"), "state": N_("状态"), "answer": N_("答复"), "digest": N_("校验码"), "period": N_("期间"),
    "entries": N_("笔数"), "note": N_("备注"), "how": N_("方式"), "quantity": N_("数量"),
}  # fmt: skip
TARGETS = {
    "claims.claim": N_("积分申报"), "claims.claimimport": N_("积分申报表格"), "ledger.fact": N_("积分"),
    "notices.notice": N_("公示"), "notices.objection": N_("异议"), "people.household": N_("农户"),
    "people.householdcard": N_("积分卡"), "people.membership": N_("家庭成员"), "people.person": N_("居民"),
    "posts.post": N_("职务"), "reviews.meeting": N_("评议会"), "reviews.panel": N_("评议小组"),
    "schemes.activation": N_("细则启用"), "schemes.pack": N_("县级方案"), "schemes.resolution": N_("村民决议"),
    "schemes.schemeversion": N_("细则版本"), "settlement.settlement": N_("结算"), "store.goods": N_("物品"),
    "store.openingday": N_("开放日"), "store.redemption": N_("兑换"),
}  # fmt: skip
LONG = 40


@register.filter
def verb_words(verb: str) -> str:
    """What a verb of the audit trail is called."""
    return gettext(VERBS[verb]) if verb in VERBS else verb


@register.filter
def detail_words(detail: dict[str, Any]) -> str:
    """What an event kept, as one line: name and value, or before → after."""
    return gettext("；").join(
        f"{gettext(DETAILS[key]) if key in DETAILS else key} {_value(key, value)}"
        for key, value in detail.items()
    )


def _value(key: str, value: Any) -> str:
    if key in ("points", "price") and isinstance(value, int):
        return points(value)
    if isinstance(value, dict):
        return detail_words(value)
    if isinstance(value, list):
        return " → ".join("—" if one in (None, "") else str(one) for one in value)
    text = "—" if value in (None, "") else str(value)
    return f"{text[:12]}…" if key == "digest" and len(text) > LONG else text


@register.filter
def target_words(event: EventLine) -> str:
    """What an event is about: the record's own words, or its kind and number."""
    if " object (" not in event.target:
        return event.target
    kind = TARGETS.get(event.target_type)
    return f"{gettext(kind)} {event.target_id}" if kind else event.target


@register.filter
def actor(by: str) -> str:
    """Who did it. A household's account is its card's code, which is a key: only its end is shown."""
    return f"{gettext('积分卡')} ····{by[-4:]}" if by and clean_card_code(by) == by else by


@register.filter
def place(path: str, places: dict[str, str]) -> str:
    """The name of the area at a path."""
    return places.get(path, path.rpartition(".")[2])


@register.filter
def said(cell: Any, field: str) -> str:
    """A report cell's explanation in the reader's language: `cell|said:"reason"`."""
    english = getattr(cell, f"{field}_en") if in_english() else ""
    return str(english or getattr(cell, field))


@register.filter
def titled(line: Any) -> str:
    """The title of a scheme's version in the reader's language."""
    return str(line.title_en if in_english() and line.title_en else line.title)


@register.filter
def leveled(node: Any) -> str:
    """The level of an area in the reader's language."""
    return str(node.level_title_en if in_english() and node.level_title_en else node.level_title)
