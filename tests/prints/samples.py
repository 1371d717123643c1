"""One filled form per template, in both languages, about plainly fictional people.

Shared by the tests of this folder; not fixtures, because a form is a value.
"""

import datetime
import zoneinfo

from jizhi.prints import forms

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
LINK = "https://example.org/r/X7K2"
HEADS = ("周**", "欧阳**", "郑*", "沈**", "冯*", "吴*", "陈**", "蒋**")


def notice(households: int = 3, **changes: object) -> forms.Notice:
    """A month's notice with so many households, each with two entries."""
    entries = (
        forms.NoticeEntry(datetime.date(2022, 3, 5), "参加志愿服务", "+3"),
        forms.NoticeEntry(datetime.date(2022, 3, 20), "乱倒垃圾", "-2", "异议处理中"),
    )
    rows = tuple(
        forms.NoticeRow(f"{index:04d}", HEADS[index % 8], "3", "-2", "0", "1", "101", entries=entries)
        for index in range(1, households + 1)
    )
    fields: dict[str, object] = {
        "issuer": "石桥村村民委员会",
        "title": "2022 年 3 月积分公示",
        "period": "2022 年 3 月",
        "window_from": datetime.date(2022, 4, 8),
        "window_to": datetime.date(2022, 4, 17),
        "posted_date": datetime.date(2022, 4, 8),
        "rows": rows,
        "answer_days": 3,
        "code": "N-2022-03",
        "link": LINK,
        "digest": "4f2a9c11" * 8,
        "seal": "第 75 号 4f2a9c11",
    }
    return forms.Notice(**{**fields, **changes})  # type: ignore[arg-type]


def minutes(lang: str) -> forms.Minutes:
    """Minutes with somebody absent, somebody recused and a refusal with its reason."""
    return forms.Minutes(
        lang=lang, code="M-2022-03-25", link=LINK, issuer="石桥村村民委员会", title="积分评议会议记录",
        panel="石桥村积分评议小组", held_at=datetime.datetime(2022, 3, 25, 14, 30, tzinfo=SHANGHAI),
        venue="村委会会议室",
        chair="沈**", clerk="蒋**", quorum="应到 3 人，实到 2 人",
        attendees=(
            forms.Attendee("沈**", "组长"),
            forms.Attendee("蒋**", "记录员"),
            forms.Attendee("欧阳**", "村民代表", False, "请假"),
        ),
        items=(
            forms.MinuteItem("0045 沈**", "参加志愿服务", "通过", 2, 0, points="+2", quantity="2 小时"),
            forms.MinuteItem("0107 冯*", "乱倒垃圾", "不予认定", 0, 1, recused="蒋**", reason="照片地点不清",
                             act_date=datetime.date(2022, 3, 16), points="0"),
        ),
        remarks="下次会议 4 月 25 日。",
    )  # fmt: skip


def receipt(lang: str, paper: str = "slip") -> forms.Receipt:
    """Two goods, 30 points."""
    lines = (forms.ReceiptLine("洗衣液", "1", "20", "20"), forms.ReceiptLine("香皂", "2", "5", "10"))
    return forms.Receipt(
        lang=lang, link=LINK, code="R-123", issuer="石桥村积分超市", number="R-2022-000123", lines=lines,
        redeemed_at=datetime.datetime(2022, 4, 1, 9, 12, tzinfo=SHANGHAI),
        household_no="0045", head="沈**", points="30",
        balance="84", storekeeper="褚**", paper=paper,
    )  # fmt: skip


def cards(lang: str, count: int = 9) -> forms.Cards:
    """So many cards with a PIN each."""
    made = tuple(
        forms.Card(
            f"{index:04d}",
            HEADS[index % 8],
            f"{LINK}{index}",
            grid="第一网格",
            code=f"C{index:03d}",
            pin="482913",
        )
        for index in range(1, count + 1)
    )
    return forms.Cards(lang=lang, village="石桥村", cards=made, contact="000-00000000")


def claim_sheet(lang: str) -> forms.ClaimSheet:
    """A claim form with three items."""
    items = tuple(
        forms.SheetItem(
            f"A{n:02d}", title, "一百元以内 1、一千元以内 2、五千元以内 3、一万元以内 5、一万元以上 10 分"
        )
        for n, title in enumerate(("志愿服务", "调解", "巡逻"), 1)
    )
    return forms.ClaimSheet(
        lang=lang, code="S-1", link=LINK, issuer="石桥村村民委员会", items=items, household_no="0045"
    )


def objection_sheet(lang: str) -> forms.ObjectionSheet:
    """Two forms for a notice, one of them for a household."""
    copies = (
        forms.SheetCopy("00012-000345-7", LINK, "0107", "冯大山"),
        forms.SheetCopy("00012-000346-5", LINK),
    )
    return forms.ObjectionSheet(
        lang=lang, code="YY-3", issuer="石桥村村民委员会", notice="2022年4月积分公示", copies=copies,
        notes=("公示到 2022-05-10。", "3 天内书面答复。"),
    )  # fmt: skip


def objection_reply(lang: str) -> forms.ObjectionReply:
    """An objection that was upheld."""
    return forms.ObjectionReply(
        lang=lang, code="O-7", link=LINK, issuer="石桥村村民委员会", number="O-2022-0007", addressee="冯*",
        household_no="0107", filed_date=datetime.date(2022, 4, 10), objection="那天我家没有人在村里。",
        decision="异议成立，撤销该项扣分", reasons="照片地点不在该户门前。\n事实不清的不予扣分。",
        answered_date=datetime.date(2022, 4, 12), answered_by="村务监督委员会", effect="已冲正。",
        appeal="可向镇政府申诉。",
    )  # fmt: skip


def fault_slip(lang: str) -> forms.FaultSlip:
    """A deduction that is about to be entered."""
    return forms.FaultSlip(
        lang=lang, code="F-31", link=LINK, issuer="石桥村村民委员会", number="F-2022-0031", household_no="0107",
        head="冯*", item="乱倒垃圾", act_date=datetime.date(2022, 3, 16), what="在水渠旁倾倒垃圾两袋。", points="-2",
        reference="积分细则 2022 年 3 月 1 日版", told_by="网格员 赵**", told_date=datetime.date(2022, 3, 17),
        object_until=datetime.date(2022, 3, 27), where="村西水渠旁", how_to_correct="三日内清理的不扣分。",
    )  # fmt: skip


def table(lang: str, rows: int = 60) -> forms.Table:
    """A list of households with a row of sums."""
    columns = (forms.Column("户号", "center"), forms.Column("户主", width=1), forms.Column("人口", "right"))
    return forms.Table(
        lang=lang, issuer="石桥村村民委员会", title="户主名单", columns=columns, foot=("合计", "", "120"), note="完",
        rows=tuple((f"{index:04d}", HEADS[index % 8], "2") for index in range(rows)),
    )  # fmt: skip


def household_book(lang: str) -> forms.HouseholdBook:
    """A household's book, half filled."""
    return forms.HouseholdBook(
        lang=lang, code="HC-7", issuer="石桥村村民委员会", household_no="0107", head="冯示例", size=3, grid="第一网格",
        address="石桥路7号", phone="139****0007", classes="独居和空巢老人", printed_date=datetime.date(2022, 4, 1),
        filled="1/2", updated="2022-03-30", hidden=2,
        members=(forms.BookMember("冯示例", "户主", "9901**********1234", "139****0007"),),
        sections=(forms.BookPart("住房", (forms.BookValue("住房", "自有"), forms.BookValue("取暖方式"))),),
        visits=(forms.BookVisit(datetime.date(2022, 3, 16), "上门见到人", "安全提醒", "赵网格"),),
    )  # fmt: skip


def matter_sheet(lang: str) -> forms.MatterSheet:
    """A matter that was dispatched, dealt with, checked and answered."""
    steps = (
        forms.MatterStep("2022-03-14 08:10", "上报", "赵网格", "桥头路灯不亮", "待受理", "2022-03-15"),
        forms.MatterStep("2022-03-14 09:00", "分派 → 供电所", "沈主任", state="待办理", due="2022-03-21"),
        forms.MatterStep("2022-03-16 15:20", "反馈办结", "赵网格", "路灯已修好", "已办结"),
    )
    return forms.MatterSheet(
        lang=lang, code="SJ-7", issuer="石桥村村民委员会", number="2022-0007", kind="公共设施", state="已办结",
        storey="村级", where="石桥村 · 第一网格 · 桥头", what="桥头路灯不亮两天了", reporter="保密", channel="群众上报",
        reported_date=datetime.date(2022, 3, 14), due_date=datetime.date(2022, 3, 21), steps=steps,
        feedback="路灯已修好，谢谢您反映。", satisfied="满意", printed_date=datetime.date(2022, 4, 1),
    )  # fmt: skip


def seal_receipt(lang: str) -> forms.SealReceipt:
    """The receipt of one entry; its code is as long as those of real receipts are."""
    return forms.SealReceipt(
        lang=lang, code="CZ-1702", link="HTTPS://EXAMPLE.ORG/R/" + "ABCDEFGH234567XY" * 75, issuer="石桥村村民委员会",
        number="1702", household_no="0045", head="沈**", item="参加志愿服务", act_date=datetime.date(2022, 3, 5),
        cause="认定记分", points="+3", posted_date=datetime.date(2022, 3, 16), seal="75",
        seal_date=datetime.date(2022, 3, 17), root="4f2a9c11" * 8, seal_hash="7be01d35" * 8,
        where="https://example.org/verify/",
    )  # fmt: skip


def recognition_sheets(lang: str) -> forms.RecognitionSheets:
    """Two households, one of them scored by itself and the team."""
    scored = ("参加义务劳动", "每次 5 分", "次", "2 次 +10", "1 次 +5", "")
    empty = ("参加志愿服务", "每小时 1 分", "小时", "", "", "")
    return forms.RecognitionSheets(
        lang=lang, code="RD-3", issuer="石桥村村民委员会", title="2022 年三方认定", period="2022 年 1 月至 6 月",
        parties=("自评", "工作组", "认定小组"), hand_in="自评截止：2022 年 7 月 1 日。",
        sheets=(
            forms.RecognitionSheet("0000012-5", "0045", "沈**", (scored, empty), ("+10", "+5", "")),
            forms.RecognitionSheet("0000013-3", "0107", "冯*", (empty,), ("", "", "")),
        ),
    )  # fmt: skip


def every_form(lang: str) -> dict[str, forms.Form]:
    """A filled form for every template."""
    return {
        "notice": notice(lang=lang, entries_shown=True),
        "minutes": minutes(lang),
        "receipt": receipt(lang),
        "cards": cards(lang),
        "pin_letters": cards(lang, count=4),
        "claim_sheet": claim_sheet(lang),
        "recognition_sheets": recognition_sheets(lang),
        "objection_sheet": objection_sheet(lang),
        "objection_reply": objection_reply(lang),
        "fault_slip": fault_slip(lang),
        "table": table(lang),
        "household_book": household_book(lang),
        "matter_sheet": matter_sheet(lang),
        "seal_receipt": seal_receipt(lang),
    }
