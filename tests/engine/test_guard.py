"""The law guard: each rule refuses what it is about, and lets its harmless neighbour pass."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from jizhi.engine import guard
from jizhi.engine.document.scheme import Scheme

FINE: dict[str, Any] = {"id": "i", "kind": "fault", "title": "乱倒垃圾", "points": "5", "reference": "第一条"}


def codes(*, subject: str = "household", outcome: dict[str, Any] | None = None, **item: Any) -> list[str]:
    plain: dict[str, Any] = {"scheme": "x", "subject": subject, "items": [FINE | item]}
    if outcome:
        usual = {
            "id": "o",
            "title": "提醒",
            "when": {"period": "month"},
            "then": "talk",
            "reference": "第二条",
        }
        plain["outcomes"] = [usual | outcome]
    return [problem.code for problem in guard.check(Scheme.model_validate(plain), dt.date(2026, 1, 1))]


def test_a_plain_fault_passes() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ("petition", {"title": "越级上访"}),
        ("petition", {"title": "缠访闹访"}),
        ("petition", {"title": {"zh": "某事", "en": "Calling the complaint hotline"}}),
        ("app-use", {"kind": "merit", "title": "每日登录学习平台"}),
        ("app-use", {"kind": "merit", "title": "转发村级公众号文章"}),
        ("fine", {"title": "积分抵缴罚款"}),
        ("sensitive", {"kind": "merit", "title": "参加宗教活动"}),
        ("sensitive", {"kind": "merit", "title": "照顾患病邻居"}),
        ("silent-fault", {"notify": "false"}),
        ("custom", {"title": "大操大办婚宴"}),
        ("stale", {"reference": {"zh": "旧文", "expires": "2025-12-31"}}),
        ("unbounded", {"kind": "merit", "title": "助人", "claim": ["self"]}),
        ("no-reference", {"reference": None}),
        ("lawful-rights", {"kind": "veto", "points": None, "effect": {"bar": ["低保"], "for": "1 year"}}),
    ],
)
def test_what_the_law_forbids_is_found(code: str, item: dict[str, Any]) -> None:
    assert codes(**item) == [code]


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "merit", "title": "举报非法采砂受到表扬"},
        {"kind": "merit", "title": "婚事新办、丧事简办"},
        {"title": "入户走访不到位"},
        {"kind": "merit", "title": "照顾患病邻居", "published": "false"},
        {"title": "不赡养父母"},
        {"kind": "merit", "title": "助人", "claim": ["self"], "limits": [{"points": "5", "per": "month"}]},
        {"title": "大操大办婚宴", "reasons": {"custom": "村民会议通过，仅限铺张浪费"}},
    ],
)
def test_harmless_neighbours_pass(item: dict[str, Any]) -> None:
    assert codes(**item) == []


def test_a_reason_does_not_lift_an_error() -> None:
    with pytest.raises(ValueError, match="unbounded"):
        codes(title="越级上访", reasons={"petition": "上级要求"})


def test_a_relatives_fault_is_not_taken_from_a_persons_own_score() -> None:
    assert codes(subject="person", title="家属参与赌博") == ["family-liability"]
    assert codes(subject="person", title="不赡养父母") == []


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("lawful-rights", {"title": "取消惠农补贴"}),
        ("lawful-rights", {"title": "子女入学受限"}),
        ("lawful-rights", {"then": {"bar": ["medical insurance"]}}),
        ("person-blacklist", {"title": "黑榜公示", "when": {"period": "month", "rank": {"bottom": "3"}}}),
        (
            "person-blacklist",
            {"when": {"period": "month", "total": {"below": "60"}}, "then": {"list": "black"}},
        ),
    ],
)
def test_outcomes_that_the_law_forbids_are_found(code: str, outcome: dict[str, Any]) -> None:
    assert codes(outcome=outcome) == [code]


def test_villages_and_offices_may_be_listed() -> None:
    listed = {"title": "黑榜", "when": {"period": "month", "rank": {"bottom": "3"}}}
    assert codes(subject="organisation", outcome=listed) == []


def test_problems_are_said_in_both_languages() -> None:
    plain = {"scheme": "x", "items": [FINE | {"title": "越级上访"}]}
    problem = guard.check(Scheme.model_validate(plain), file="x.yaml", lines={"i": 7})[0]
    assert problem.say("zh").startswith("x.yaml:7: 错误: ")
    assert "no points off" in problem.say("en")
    assert (problem.item, problem.found, problem.article != "") == ("i", "上访", True)
