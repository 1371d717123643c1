"""Words of the registers: what an audit verb is called, what an event kept, a version's title. It decides nothing."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from jizhi.core.text import N_
from jizhi.core.trail import EventLine
from jizhi.intake.kinds import KINDS
from jizhi.matters.rules import MatterState, Storey, Verb
from jizhi.people.rules import clean_card_code
from jizhi.web.templatetags.jizhi import in_english, points

register = template.Library()

VERBS = {
    "account.lock": N_("账号锁定"),
    "area.create": N_("设立区划"), "area.rename": N_("区划改名"), "area.close": N_("撤销区划"),
    "area.reopen": N_("恢复区划"), "area.move": N_("调整区划上级"),
    "area.split": N_("拆分区划"), "area.merge": N_("合并区划"),
    "area.boundary": N_("设定边界"), "area.unbound": N_("去掉边界"), "area.import": N_("导入区划或边界"),
    "card.issue": N_("发积分卡"), "card.replace": N_("换发积分卡"), "card.block": N_("停用积分卡"),
    "card.set_pin": N_("重设 PIN 码"),
    "claim.file": N_("申报积分"), "claim.refile": N_("重新申报积分"), "claim.verify": N_("核实积分申报"),
    "claim.return": N_("退回积分申报"), "claim.decide": N_("认定积分申报"), "claim.tell": N_("登记扣分告知"),
    "claim.withdraw": N_("撤回积分申报"), "claim.attach": N_("补充申报照片"), "claims.import": N_("导入积分申报"),
    "claim.rule": N_("裁定积分申报"), "case.rule": N_("乡镇裁定"),
    "recognition.open": N_("开始三方认定"), "recognition.self": N_("三方认定自评"),
    "recognition.team": N_("三方认定工作组评分"), "recognition.decide": N_("三方认定表决"),
    "recognition.rule": N_("乡镇裁定三方认定表"),
    "claim.follow": N_("申报转到新网格"), "matter.follow": N_("事件转到新网格"),
    "fact.reverse": N_("冲销积分"), "goods.save": N_("登记或修改物品"),
    "household.create": N_("登记农户"), "household.update": N_("修改农户资料"), "household.close": N_("农户销户"),
    "household.reveal_phone": N_("查看农户完整电话"), "level.define": N_("设定区划层级"),
    "import.upload": N_("上传表格"), "import.confirm": N_("确认导入表格"), "import.stop": N_("暂停导入表格"),
    "import.resume": N_("继续导入表格"), "import.discard": N_("放弃导入表格"), "import.apply": N_("导入表格"),
    "import.hand_out": N_("领取新账号的初始密码"), "import.renew_handout": N_("重新生成初始密码"),
    "meeting.open": N_("召开评议会议"), "meeting.close": N_("评议会议结束"),
    "membership.start": N_("登记家庭成员"), "membership.end": N_("登记成员离开"),
    "notice.post": N_("张贴公示"), "notice.finalise": N_("公示定案"),
    "objection.file": N_("提出公示异议"), "objection.answer": N_("答复公示异议"),
    "objection.withdraw": N_("撤回公示异议"),
    "pack.load": N_("载入县级方案包"), "panel.create": N_("成立评议小组"), "person.reveal": N_("查看完整证件号码"),
    "post.assign": N_("任命职务"), "post.end": N_("结束职务"), "resolution.record": N_("登记村民决议"),
    "roster.import": N_("导入农户花名册"), "settlement.settle": N_("办理积分结算"),
    "seal.make": N_("台账存证"),
    "store.announce": N_("公布超市加开"), "store.redeem": N_("办理兑换"), "store.undo": N_("撤销物品兑换"),
    "post.deputise": N_("指定职务代理"), "post.hand_over": N_("移交职务"), "seat.pass": N_("移交评议席位"),
    "organisation.create": N_("登记组织"), "organisation.update": N_("修改组织"),
    "organisation.close": N_("撤销组织"), "belonging.start": N_("登记组织成员"),
    "belonging.end": N_("登记组织成员离开"), "unit_report.start": N_("单位报到"),
    "unit_report.end": N_("结束单位报到"), "reporter.start": N_("党员报到"), "reporter.place": N_("服务网格和岗位"),
    "reporter.end": N_("结束党员报到"), "service.record": N_("登记服务"), "service.confirmed": N_("确认服务"),
    "service.refused": N_("不予确认"), "service.revoked": N_("撤销服务"),
    "staff_person.link": N_("关联账号与居民"), "staff_person.unlink": N_("解除账号与居民的关联"),
    "user.create": N_("设立账号"), "user.change_secret": N_("修改自己的密码"), "user.reset_secret": N_("重设他人密码"),
    "user.close": N_("停用账号"), "version.load": N_("载入细则版本"), "draft.start": N_("起草细则"),
    "draft.publish": N_("草稿成为版本"), "draft.discard": N_("放弃草稿"), "draft.reopen": N_("重新编写草稿"),
    "draft.simulate": N_("试算草稿"), "version.activate": N_("启用细则版本"),
    "visit.record": N_("记录走访"), "visit.change": N_("修改走访记录"), "visit.add": N_("补充走访记录"),
    "visit.attach": N_("补充走访照片"), "visit.plan": N_("生成走访安排"), "visit.classify": N_("设定走访类别"),
    "assembly.record": N_("记录会议决议"), "assembly.file": N_("报送备案"), "assembly.return": N_("退回决议"),
    "assembly.acknowledge": N_("办理决议备案"), "assembly.attach": N_("附上会议记录"),
    "fund.activate": N_("启用资金"), "fund.enter": N_("登记收支"), "dividend.activate": N_("启用分红"),
    "dividend.pay": N_("登记分红签领"), "pledge.ask": N_("发出承诺书"), "pledge.signed": N_("签承诺书"),
    "pledge.withdrawn": N_("撤回承诺书"), "pledge.refused": N_("登记不愿签承诺书"),
    "pledge.absent": N_("登记未遇到签字人"), "fairness.open": N_("查看公平性分析"),
    "book.fill": N_("填写一户一册"), "book.disclose": N_("导出含敏感内容的一户一册"),
    "panel.end": N_("评议小组任期结束"), "seat.begin": N_("增补评议席位"), "seat.end": N_("结束评议席位"),
    "meeting.sign_in": N_("评议会签到"), "meeting.remark": N_("监督员意见写进纪要"),
    "meeting.sheet": N_("附上签字的纪要"), "circulation.start": N_("发起书面传签"),
    "circulation.answer": N_("答复书面传签"), "circulation.end": N_("结束书面传签"),
    "kin.declare": N_("登记亲属关系"), "kin.end": N_("结束亲属关系"), "claim.reopen": N_("申报重新评议"),
    "participant.enrol": N_("登记积分主体"), "participant.end": N_("积分主体退出"),
    "participant.void": N_("重复的积分主体作废"),
    "decision.return": N_("乡镇退回评议决定"), "report.send": N_("报送周报"),
}  # fmt: skip
DETAILS = {
    "reason": N_("原因"), "before": N_("之前"), "after": N_("之后"), "to_date": N_("最后一天"),
    "from_date": N_("开始日期"), "head_name": N_("户主"), "area": N_("网格"), "address": N_("住址"),
    "phone": N_("联系电话"), "declared_size": N_("申报人口"), "size": N_("家庭人口"), "name": N_("名称"),
    "household": N_("户编号"), "households": N_("户数"),
    "user": N_("账号"), "kind": N_("类别"), "number": N_("单号"), "points": N_("积分"),
    "price": N_("兑换所需积分"), "read": N_("读到"), "created": N_("新增"), "updated": N_("更新"),
    "unchanged": N_("未变"), "refused": N_("不能导入"), "new_grids": N_("新设的网格"), "level": N_("层级"),
    "name_en": N_("英文名称"), "superuser": N_("系统管理员"), "item": N_("条目"), "channel": N_("来源"),
    "fact": N_("积分编号"), "state": N_("状态"), "answer": N_("答复"), "digest": N_("校验码"), "period": N_("期间"),
    "kin": N_("亲属关系"), "source": N_("来源"), "decision": N_("决定编号"), "again": N_("重新评议的申报"),
    "relative": N_("亲属编号"), "case": N_("评议事项"), "seat": N_("席位"), "meeting": N_("要求开会"),
    "claim": N_("申报编号"),
    "into": N_("分成"), "from": N_("来自"), "square_metres": N_("平方米"),
    "changed": N_("更新"), "renamed": N_("改名"), "new": N_("新增"),
    "organisation": N_("组织"), "role": N_("担任"), "parent": N_("上级组织"), "leader": N_("负责人"),
    "minutes": N_("分钟"), "day": N_("服务日期"), "deputy_for": N_("代"), "code": N_("组织编号"),
    "entries": N_("笔数"), "note": N_("备注"), "file": N_("文件"), "how": N_("方式"), "quantity": N_("数量"),
    "grids": N_("网格数"), "planned": N_("新排走访"), "removed": N_("取消走访"), "month": N_("月份"),
    "open_classes": N_("一般类别"), "fields": N_("栏目"), "photos": N_("照片"),
    "records": N_("条数"), "root": N_("根"), "hash": N_("存证码"),
    "version": N_("第几版"), "step": N_("第几步"), "to": N_("变为"), "storey": N_("层级"),
}  # fmt: skip
TARGETS = {
    "claims.claim": N_("积分申报"), "claims.claimimport": N_("积分申报表格"),
    "imports.import": N_("导入的表格"), "ledger.fact": N_("积分"),
    "notices.notice": N_("公示"), "notices.objection": N_("异议"), "people.household": N_("农户"),
    "people.householdcard": N_("积分卡"), "people.membership": N_("家庭成员"), "people.person": N_("居民"),
    "posts.post": N_("职务"), "reviews.meeting": N_("评议会"), "reviews.panel": N_("评议小组"),
    "schemes.activation": N_("细则启用"), "schemes.pack": N_("县级方案"), "schemes.resolution": N_("村民决议"),
    "schemes.schemeversion": N_("细则版本"), "seals.seal": N_("存证"),
    "settlement.settlement": N_("结算"), "store.goods": N_("物品"),
    "store.openingday": N_("开放日"), "store.redemption": N_("兑换"), "visits.visit": N_("走访记录"),
    "assemblies.assembly": N_("会议决议"), "assemblies.fund": N_("积分资金"), "assemblies.dividend": N_("积分分红"),
    "assemblies.pledgetext": N_("承诺书"), "visits.book": N_("一户一册"), "matters.matter": N_("事件"),
    "drafting.draft": N_("细则草稿"),
}  # fmt: skip
MATTER_STEPS = {step.value: step.label for step in Verb} | {"reveal_phone": N_("查看报告人电话")}
MATTER_WORDS = {word.value: word.label for kind in (MatterState, Storey) for word in kind}
LONG = 40


@register.filter
def verb_words(verb: str) -> str:
    """What a verb of the audit trail is called."""
    if verb in VERBS:
        return gettext(VERBS[verb])
    noun, _dot, step = verb.partition(".")
    if noun == "matter" and step in MATTER_STEPS:
        return f"{gettext('事件')} · {gettext(MATTER_STEPS[step])}"
    return verb


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
    if key in ("from", "to", "storey") and value in MATTER_WORDS:
        return gettext(MATTER_WORDS[value])
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


@register.filter
def hectares(square_metres: float) -> str:
    """Ground as people speak of it: hectares, and square metres where it is less than a tenth of one."""
    if square_metres < 1000:
        return gettext("%(size)s平方米") % {"size": f"{square_metres:,.0f}"}
    return gettext("%(size)s公顷") % {"size": f"{square_metres / 10_000:,.2f}"}


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours: 90 → "1.5"."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


@register.filter
def note_words(note: str) -> str:
    """What stands beside a column of a table, in the reader's language: a sentence, or choices one by one."""
    said = gettext(note)
    return said if said != note else gettext("、").join(gettext(part) for part in note.split("、"))


@register.filter
def kind_title(key: str) -> str:
    """What a kind of table is called; its key where no such kind is known any more."""
    return gettext(KINDS[key].title) if key in KINDS else key
