"""Rules in plain words: what a villager reads on the public page, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from jizhi.engine import describe
from jizhi.engine.document.item import Item
from jizhi.engine.document.scheme import Scheme


def item(**parts: Any) -> Item:
    return Item.model_validate({"id": "i", "kind": "merit", "title": "某事", **parts})


@pytest.mark.parametrize(
    ("parts", "zh", "en"),
    [
        (
            {"points": {"each": 2, "per": "hour"}, "limits": [{"points": 20, "per": "month"}]},
            "每小时2分，每月最多20分",
            "2 points per hour, at most 20 a month",
        ),
        (
            {"points": 1, "limits": [{"times": 1, "per": "day"}, {"times": 3, "per": "year"}]},
            "1分，每天最多1次，每年最多3次",
            "1 point, at most once a day, at most 3 times a year",
        ),
        (
            {"kind": "fault", "points": {"ladder": [5, 10]}, "repeat": {"factor": 2, "within": "1 year"}},
            "扣分：按轻重5、10分，1年内再次发生按2倍",
            "minus 5, 10 points by severity, times 2 when repeated within 1 year",
        ),
        (
            {
                "points": {
                    "grades": {"national": 30, "x": {"points": 1, "title": {"zh": "村", "en": "Village"}}}
                }
            },
            "国家级 30、村 1分",
            "national 30, Village 1 points",
        ),
        (
            {"points": {"bands": [{"to": 1000, "each": "0.01"}, {"each": "0.0025"}], "per": "yuan"}},
            "0–1000元部分每元0.01分；1000元以上部分每元0.0025分",
            "0–1000: 0.01 points per yuan; from 1000: 0.0025 points per yuan",
        ),
        (
            {"points": {"between": [1, 10]}, "best_of": "act"},
            "1至10分，由评议小组确定，同一行为只计最高一项",
            "1–10 points, decided by the panel, only the largest for one act",
        ),
        (
            {"kind": "veto", "effect": {"zero": "quarter", "bar": ["awards"], "for": "1 year"}},
            "当季度积分清零，1年内取消评优资格",
            "all points of the quarter become zero; barred from awards for 1 year",
        ),
        (
            {
                "points": {"each": 1, "per": "member"},
                "limits": [{"points": 2, "per": "half", "per_member": True}],
            },
            "每人1分，每半年每人最多2分",
            "1 point per member of the household, at most 2 per member a half-year",
        ),
    ],
)
def test_points_and_limits_read_like_sentences(parts: dict[str, Any], zh: str, en: str) -> None:
    assert describe.points(item(**parts), "zh-hans") == zh
    assert describe.points(item(**parts), "en") == en


def test_every_form_says_what_a_claim_has_to_bring() -> None:
    assert item(points=5).needs == "none"
    assert item(points={"each": 1, "per": "member"}).needs == "none"
    assert item(points={"each": 1, "per": "hour"}).needs == "quantity"
    assert item(points={"ladder": [1, 2]}).needs == "grade"
    assert item(points={"between": [1, 2]}).needs == "given"
    choices = describe.grades(item(points={"ladder": [1, 2]}), "en")
    assert choices == [("1", "Step 1 · 1 point"), ("2", "Step 2 · 2 points")]
    assert (
        describe.word(item(points={"each": 1, "per": {"zh": "亩次", "en": "round"}}).unit_word, "en")
        == "round"
    )


def test_the_name_of_a_limit_reads_well() -> None:
    section = {"id": "s", "title": {"zh": "公益", "en": "Public good"}}
    scheme = Scheme.model_validate({"scheme": "x", "sections": [section]})
    names = "times month; section s fault year; scheme week"
    assert describe.limit_name(scheme, names, "zh") == "每月次数上限；公益每年上限；全部条目每周上限"
    assert describe.limit_name(scheme, names, "en") == (
        "monthly limit of times; yearly limit of Public good; weekly limit of the whole scheme"
    )
