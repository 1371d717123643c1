"""The editor's pages: what is filled in becomes one change of the text; what is wrong is said and nothing is lost."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ChoiceField, MultipleChoiceField
from django.urls import reverse

from jizhi.drafting import selectors
from jizhi.drafting.models import Draft
from jizhi.engine import loader
from tests.county import County

PAGES = (
    "draft", "day", "publication", "source", "saves", "differences", "items", "item_new", "guard", "cases", "case_new",
    "cases_text", "simulations", "items_import",
)  # fmt: skip


def at(name: str, draft: Any, *args: Any) -> str:
    return reverse(f"schemework:{name}", args=[draft.pk, *args])


def text_of(draft: Draft) -> str:
    return str(draft.saves.order_by("-number").first().source)  # type: ignore[union-attr]


def filled(page: Any, **changed: Any) -> dict[str, Any]:
    """What a browser would send of the page's form."""
    form = page.context["form"]
    data: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value is True:
            data[field.html_name] = "on"
        elif value not in (None, False):
            data[field.html_name] = value
        elif isinstance(field.field, ChoiceField) and not isinstance(field.field, MultipleChoiceField):
            data[field.html_name] = next(iter(field.field.choices))[0]  # as a browser does
    return {key: value for key, value in (data | changed).items() if value is not None}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(client: Any, draft: Any, language: str) -> None:
    client.cookies["django_language"] = language
    for name in PAGES:
        assert client.get(at(name, draft)).status_code == 200, name
    for part in ("frame", "sections", "limits", "levels", "outcomes"):
        assert client.get(at("part", draft, part)).status_code == 200, part
    assert client.get(at("part", draft, "other")).status_code == 404
    assert client.get(reverse("schemework:drafts")).status_code == 200
    assert client.get(reverse("schemework:draft_new")).status_code == 200
    assert client.get(at("items", draft), {"q": "志愿", "kind": "merit", "sort": "points"}).status_code == 200


def test_every_item_opens_in_its_form_and_saving_it_changes_nothing(client: Any, draft: Any) -> None:
    before = text_of(draft)
    for item in loader.load_scheme(before).items:
        address = f"{at('item', draft)}?item={item.id}"
        page = client.get(address)
        assert page.status_code == 200
        answer = client.post(address, filled(page))
        assert answer.status_code == 302, (item.id, answer.context["form"].errors, answer.context["problems"])
    assert text_of(draft) == before
    assert draft.saves.count() == 1


def test_one_field_changes_one_line(client: Any, draft: Any) -> None:
    before = text_of(draft)
    address = f"{at('item', draft)}?item=voluntary-labour"
    client.post(address, filled(client.get(address), fixed="6"))
    after = text_of(draft)
    changed = [
        pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]
    ]
    assert len(changed) == 1 and "points: 6" in changed[0][1]
    assert "badge--bad" in client.get(at("badge", draft)).content.decode()
    page = client.get(at("differences", draft)).content.decode()
    assert "<del>5分</del>" in page and "<ins>6分</ins>" in page
    assert "没有通过" in client.get(at("cases", draft)).content.decode()
    assert "没有通过" in client.get(at("publication", draft)).content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"fixed": "-5"}, "fixed"),
        ({"valid": "很久"}, "valid"),
        ({"title": ""}, "title"),
        ({"id": "有 空格"}, "id"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    client: Any, draft: Any, changed: dict[str, str], field: str
) -> None:
    address = f"{at('item', draft)}?item=voluntary-labour"
    answer = client.post(address, filled(client.get(address), **changed))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert draft.saves.count() == 1


def test_forms_of_points(client: Any, draft: Any) -> None:
    new = {
        "number": 1, "title": "护林", "kind": "merit", "form": "grades", "grades": "国家级 30\n一般巡护 2.5",
        "claim": ["worker"],
        "limit_0_per": "month", "limit_0_amount": "10", "limit_0_measure": "points", "published": "on", "notify": "on",
    }  # fmt: skip
    assert client.post(at("item_new", draft), new).status_code == 302
    item = loader.load_scheme(text_of(draft)).items_by_id["item-49"]
    assert {key: grade.points for key, grade in item.points.grades.items()} == {  # type: ignore[union-attr]
        "national": 30, "step-2": 2.5,
    }  # fmt: skip
    assert [limit.cap for limit in item.limits] == [1000]
    address = f"{at('item', draft)}?item=item-49"
    spelt = {"form": "bands", "bands": "1000 0.01\n以上 0.001", "per": "元"}
    assert client.post(address, filled(client.get(address), **spelt)).status_code == 302
    assert "{bands: [{to: 1000, each: 0.01}, {each: 0.001}], per: yuan}" in text_of(draft)
    veto = {"kind": "veto", "zero": "quarter", "bar": "评优", "bar_for": "1年"}
    assert client.post(address, filled(client.get(address), **veto)).status_code == 302
    assert "effect: {zero: quarter, bar: [评优], for: 1 year}" in text_of(draft)


def test_parts_in_forms_and_as_text(client: Any, draft: Any) -> None:
    def send(part: str, **changed: Any) -> int:
        address = at("part", draft, part)
        return int(client.post(address, filled(client.get(address), **changed)).status_code)

    before = text_of(draft)
    for part in ("frame", "sections", "limits"):
        assert send(part) == 302
    assert text_of(draft) == before
    assert send("frame", base="90", fen_per_point="0.5") == 302
    assert send("limits", limit_0_amount="25") == 302
    assert send("sections", title_5="数字乡村", limit5_0_amount="20", limit5_0_per="year") == 302
    levels = {"name_0": "五星", "by_0": "from", "value_0": "150", "name_1": "四星", "by_1": "rest"}
    levels |= {f"name_{n}": "" for n in range(2, 6)}
    assert send("levels", **levels) == 302
    scheme = loader.load_scheme(text_of(draft))
    assert scheme.base and scheme.base.points == 9000
    assert scheme.redeem and scheme.redeem.fen_per_point == 50
    assert scheme.limits[0].cap == 2500
    assert scheme.sections[-1].title.zh == "数字乡村" and scheme.sections[-1].limits[0].cap == 2000
    assert scheme.levels and [step.level.zh for step in scheme.levels.steps] == ["五星", "四星"]
    address, number = at("part", draft, "outcomes"), draft.saves.count()
    text = "outcomes:\n  - {id: star, title: 表彰, when: {period: year, level: 五星}, then: honour}\n"
    assert client.post(address, {"what": "text", "number": number, "text": text}).status_code == 302
    page = client.get(address).content.decode()
    assert "等级为五星" in page and "表彰" in page
    broken = client.post(address, {"what": "text", "number": number + 1, "text": "items: []"})
    assert broken.status_code == 422 and "items: []" in broken.content.decode()


def test_two_at_once(client: Any, county: County, client_as: Any, draft: Any) -> None:
    address = f"{at('item', draft)}?item=patrol"
    mine, theirs = filled(client.get(address), title="巡逻"), filled(client.get(address), title="夜巡")
    other = client_as(county.operator)
    assert other.post(address, theirs).status_code == 302
    clash = client.post(address, mine)
    assert (
        clash.status_code == 422
        and "刚刚也改了" in clash.content.decode()
        and "巡逻" in clash.content.decode()
    )
    again = client.post(address, filled(clash))
    assert again.status_code == 302 and "zh: 巡逻" in text_of(draft)


def test_a_whole_text_that_is_no_yaml_is_kept_on_the_page(client: Any, draft: Any) -> None:
    answer = client.post(at("source", draft), {"number": 1, "source": "scheme: household\nitems: ["})
    assert answer.status_code == 422 and "items: [" in answer.content.decode()
    wrong = text_of(draft).replace("kind: merit", "kind: meritt", 1)
    assert client.post(at("source", draft), {"number": 1, "source": wrong}).status_code == 302
    for name in (*PAGES[:-1], "items_import"):
        assert client.get(at(name, draft), follow=True).status_code == 200, name
    assert "meritt" in client.get(at("guard", draft)).content.decode()
    assert client.get(f"{at('item', draft)}?item=volunteering").status_code == 200
    assert client.post(at("undoing", draft, 1), {"number": 2}).status_code == 302
    assert "kind: meritt" not in text_of(draft)


def test_guard_with_reason_and_cases_from_a_form(client: Any, draft: Any) -> None:
    address = f"{at('item', draft)}?item=patrol"
    client.post(address, filled(client.get(address), reference="", reference_en=""))
    page = client.get(at("guard", draft)).content.decode()
    assert "没有写明依据" in page and "写明理由" in page
    step = {"number": 2, "owner": "patrol", "code": "no-reference", "reason": "村民会议已讨论"}
    assert client.post(at("reason", draft), step).status_code == 302
    assert "没有发现问题" in client.get(at("guard", draft)).content.decode()
    case = {
        "number": 3, "name": '巡逻"两小时"', "period": "2026-07", "who_0": "甲户", "item_0": "patrol",
        "date_0": "2026-07-05",
        "amount_0": "2", "total_0": "2",
    }  # fmt: skip
    assert client.post(at("case_new", draft), case).status_code == 302
    lines = client.get(at("cases", draft)).context["run"].lines
    assert lines[-1].passed and len(lines) == 58
    bad = client.post(at("case_new", draft), case | {"number": 4, "amount_0": "", "period": "七月"})
    assert bad.status_code == 422 and {"amount_0", "period"} <= set(bad.context["form"].errors)
    assert client.post(at("case_removal", draft, 57), {"number": 4}).status_code == 302
    assert len(client.get(at("cases", draft)).context["run"].lines) == 57


def test_copy_move_remove(client: Any, draft: Any) -> None:
    step = {"number": 1, "item": "patrol"}
    assert client.post(at("copying", draft), step).url.endswith("item=patrol-2")
    assert (
        client.post(at("moving", draft), step | {"number": 2, "item": "patrol-2", "steps": -1}).status_code
        == 302
    )
    ids = [item.id for item in loader.load_scheme(text_of(draft)).items]
    assert ids.index("patrol-2") == ids.index("patrol") - 1
    address = f"{at('removal', draft)}?item=patrol-2"
    assert "治安巡逻" in client.get(address).content.decode()
    assert client.post(address, {"number": 3, "item": "patrol-2"}).status_code == 302
    assert "patrol-2" not in text_of(draft)


def test_a_rating_table_in_and_out(client: Any, county: County, draft: Any, client_as: Any) -> None:
    staff = client_as(county.operator)
    book = openpyxl.load_workbook(io.BytesIO(staff.get(at("items_export", draft)).content))
    assert book.active.max_row > 45
    sheet = openpyxl.Workbook()
    rows = [
        ["石桥村积分评分表"], ["类 别", "积分事项", "计分标准", "封顶", "申报途径", "备注"],
        ["公益美德", "参加义务劳动", "6分", "每月最多2次", "本户、网格员、记录员", None],
        [None, "护林防火", "每小时2分", "每月最多20分", "网格员", "新的一条"],
        ["社会治安", "散布谣言", "扣5分", None, "网格员", None],
        ["社会治安", "说不清的事", "看情况", None, "网格员", None],
    ]  # fmt: skip
    for row in rows:
        sheet.active.append(row)
    stream = io.BytesIO()
    sheet.save(stream)
    upload = SimpleUploadedFile("评分表.xlsx", stream.getvalue())
    page = client.post(at("items_import", draft), {"number": 1, "file": upload})
    assert page.context["counts"] == {"new": 2, "changed": 1, "same": 0, "refused": 1}
    assert "看不懂这样的分值" in page.content.decode() and draft.saves.count() == 1
    sent = {"number": 1, "rows": page.context["rows"]}
    assert client.post(at("items_import", draft), sent | {"rows": "x"}).status_code == 302
    assert draft.saves.count() == 1
    assert client.post(at("items_import", draft), sent).status_code == 302
    scheme = loader.load_scheme(text_of(draft))
    titles = {item.title.zh: item for item in scheme.items}
    assert titles["护林防火"].section == "public-good" and titles["散布谣言"].kind == "fault"
    assert "points: 6" in text_of(draft)
    assert client.get(reverse("schemework:template")).content.startswith(b"PK")
    assert staff.get(reverse("schemework:drafts_export")).content.startswith(b"PK")


def test_an_exported_table_comes_back_unchanged(
    client: Any, county: County, draft: Any, client_as: Any
) -> None:
    content = client_as(county.operator).get(at("items_export", draft)).content
    page = client.post(
        at("items_import", draft), {"number": 1, "file": SimpleUploadedFile("条目.xlsx", content)}
    )
    planned = page.context["planned"]
    assert {(one.id, one.changes) for one in planned if one.fate == "changed"} == set()
    assert len([one for one in planned if one.fate == "same"]) > 38


def test_begin_publish_download(client: Any, draft: Any) -> None:
    new = client.get(reverse("schemework:draft_new"))
    data = filled(new, base="-", title="巷长积分")
    address = client.post(reverse("schemework:draft_new"), data).url
    assert "巷长积分" in client.get(address).content.decode()
    assert client.post(at("day", draft), {"number": 1, "applies_from_date": "2026-08-01"}).status_code == 302
    yaml = client.get(at("source_file", draft))
    assert yaml.content.decode() == text_of(draft) and "2026-08-01.yaml" in yaml["Content-Disposition"]
    assert client.get(at("items_print", draft)).content.startswith(b"%PDF")
    address = at("publication", draft)
    assert client.post(address, {"number": 1}).status_code == 422
    answer = client.post(address, {"number": 2})
    draft.refresh_from_db()
    assert answer.url == reverse("register:version", args=[draft.version_id])
    assert client.post(address, {"number": 2}).status_code == 422
    assert "已成为正式版本" in client.get(at("draft", draft)).content.decode()


def test_discard_and_reopen(client: Any, draft: Any) -> None:
    assert client.post(at("discarding", draft)).status_code == 302
    assert "重新编写" in client.get(at("draft", draft)).content.decode()
    assert client.post(at("reopening", draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "open"


def test_simulate_look_at_it_and_why(
    client: Any, county: County, draft: Any, facts: None, client_as: Any
) -> None:
    for item, changed in (("voluntary-labour", {"fixed": "8"}), ("patrol", {"each": "0.5"})):
        address = f"{at('item', draft)}?item={item}"
        assert client.post(address, filled(client.get(address), **changed)).status_code == 302
    address = at("simulations", draft)
    asked = client.post(address, filled(client.get(address)))
    page = client.get(asked.url)
    body = page.content.decode()
    assert page.context["result"].all.winners == page.context["result"].all.losers == 1
    assert "参加义务劳动 5 → 8" in body and "过时" not in body
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        assert client.get(asked.url).status_code == 200
        assert client.get(f"{asked.url}sheet.pdf").content.startswith(b"%PDF")
    assert client.get(f"{asked.url}?what=loss&q=x").status_code == 200
    why = client.get(f"{asked.url}subjects/{county.subject(1).pk}/").content.decode()
    assert "参加治安巡逻" in why
    assert client.get(f"{asked.url}subjects/{county.other.all_subjects[0].pk}/").status_code == 404
    staff = client_as(county.operator)
    assert staff.get(f"{asked.url}export.xlsx").content.startswith(b"PK")
    page = client.get(f"{at('item', draft)}?item=patrol")
    client.post(f"{at('item', draft)}?item=patrol", filled(page, each="1"))
    assert "过时" in client.get(asked.url).content.decode()
    again = client.post(f"{asked.url}again/")
    assert client.get(again.url).context["result"].all.losers == 0


def test_strangers_find_nothing(county: County, client_as: Any, draft: Any) -> None:
    stranger = client_as(county.other.staff["committee"])
    assert stranger.get(at("draft", draft)).status_code == 404
    assert stranger.post(at("moving", draft), {"number": 1, "item": "patrol", "steps": 1}).status_code == 404
    assert client_as(county.home.staff["recorder"]).get(at("draft", draft)).status_code == 403
    assert not selectors.draft_list(county.other.staff["committee"], on=draft.applies_from_date).exists()
