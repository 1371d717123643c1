"""The law guard: each rule refuses what it is about, and lets its harmless neighbour pass."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from jizhi.engine import guard, loader
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


STEPS = [{"level": "五星", "over": "180"}, {"level": "四星", "from": "150"}, {"level": "无星"}]


def levels(*names: str, **more: Any) -> dict[str, Any]:
    steps = [{"level": name, "from": str(100 - place)} for place, name in enumerate(names)]
    return {"scheme": "x", "levels": {"period": "year", "steps": steps}} | more


def found(plain: dict[str, Any]) -> list[tuple[str, str]]:
    problems = guard.check(Scheme.model_validate(plain), dt.date(2026, 1, 1))
    return [(one.code, one.item) for one in problems]


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (levels("五星", "黑榜户"), [("person-blacklist", "x")]),
        (levels("五星", "取消低保"), [("lawful-rights", "x")]),
        (levels("五星", "黑榜村", subject="area"), []),
        (
            {
                "scheme": "x",
                "sections": [{"id": "s", "title": "信访与投诉"}],
                "items": [FINE | {"title": "发生一次", "section": "s"}],
            },
            [("petition", "s")],
        ),
        (
            {
                "scheme": "x",
                "sections": [{"id": "s", "title": {"zh": "平台活跃", "en": "Log-ins and likes"}}],
                "items": [FINE | {"kind": "merit", "title": "每次", "section": "s"}],
            },
            [("app-use", "s")],
        ),
        ({"scheme": "x", "sections": [{"id": "s", "title": "信访接待"}]}, []),
    ],
)
def test_levels_and_sections_are_read_too(plain: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(plain) == expected


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ("petition", {"points": {"grades": {"上访": "5", "其他": "1"}}}),
        ("petition", {"points": {"grades": {"a": {"points": "5", "title": "越级上访"}}}}),
        ("petition", {"aliases": ["缠访"]}),
        ("petition", {"description": {"zh": "见说明", "en": "Any complaint to the county"}}),
        ("petition", {"id": "petition-1"}),
        ("app-use", {"kind": "merit", "title": "学习", "points": {"each": "1", "per": "点赞"}}),
        ("silent-fault", {"kind": "veto", "points": None, "effect": {"zero": "year"}, "notify": "false"}),
        ("lawful-rights", {"kind": "veto", "points": None, "effect": {"bar": ["minimum living allowance"]}}),
        ("lawful-rights", {"kind": "veto", "points": None, "effect": {"bar": ["awards", "宅基地申请"]}}),
    ],
)
def test_every_word_of_an_item_is_read(code: str, item: dict[str, Any]) -> None:
    assert codes(**item) == [code]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("lawful-rights", {"then": {"bar": ["低 保"]}}),
        ("lawful-rights", {"then": {"bar": ["集體收益分配"]}}),
        ("lawful-rights", {"then": {"reward": "停发补贴的家庭除外"}}),
        ("fine", {"then": {"reward": {"zh": "奖励", "en": "Pays a fine"}}}),
        ("person-blacklist", {"then": {"list": "blacklist"}}),
        (
            "person-blacklist",
            {"title": "名单公示", "when": {"period": "month", "rank": {"bottom": "10%"}}},
        ),
        (
            "person-blacklist",
            {"when": {"period": "month", "vetoed": "true"}, "then": {"list": "red", "published": "true"}},
        ),
        ("person-blacklist", {"title": "Posted", "when": {"period": "month", "total": {"to": "0"}}}),
    ],
)
def test_every_word_of_an_outcome_is_read(code: str, outcome: dict[str, Any]) -> None:
    assert codes(outcome=outcome) == [code]


@pytest.mark.parametrize(
    "outcome", [{"title": "名单公示", "when": {"period": "month", "rank": {"top": "5"}}}]
)
def test_the_best_may_be_posted(outcome: dict[str, Any]) -> None:
    assert codes(outcome=outcome) == []


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("unbounded", {"kind": "merit", "claim": ["self"]}),
        ("custom", {"title": "大操大办婚宴"}),
        ("stale", {"reference": {"zh": "旧文", "expires": "2025-12-31"}}),
        ("no-reference", {"reference": None}),
        ("idle-limit", {"limits": [{"times": "1", "per": "year"}, {"points": "5", "per": "year"}]}),
    ],
)
def test_a_warning_passes_with_a_reason_and_only_with_its_own(code: str, plain: dict[str, Any]) -> None:
    assert codes(**plain) == [code]
    assert codes(**plain, reasons={code: "村民会议第三号决议"}) == []
    other = "stale" if code != "stale" else "custom"
    assert codes(**plain, reasons={other: "村民会议第三号决议"}) == [code]


def test_a_section_limit_on_faults_does_not_bound_merits() -> None:
    item = FINE | {"kind": "merit", "claim": ["self"], "section": "s"}
    limits = [{"points": "5", "per": "year", "kind": "fault"}]
    plain = {"scheme": "x", "sections": [{"id": "s", "title": "甲", "limits": limits}], "items": [item]}
    assert ("unbounded", "i") in found(plain)
    limits[0]["kind"] = "merit"
    assert found(plain) == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (STEPS, []),
        ([{"level": "甲"}, {"level": "乙", "from": "5"}], ["idle-level"]),
        ([{"level": "甲", "from": "5"}, {"level": "乙", "from": "10"}], ["idle-level"]),
        ([{"level": "甲", "over": "5"}, {"level": "乙", "from": "5"}], []),
        ([{"level": "甲", "from": "5"}, {"level": "乙", "over": "5"}], ["idle-level"]),
        ([{"level": "甲", "top": "5", "from": "5"}, {"level": "乙", "from": "10"}], []),
    ],
)
def test_a_level_that_nobody_can_get(steps: list[dict[str, Any]], expected: list[str]) -> None:
    plain = {"scheme": "x", "levels": {"period": "year", "steps": steps}}
    assert [code for code, _ in found(plain)] == expected
    ruling = {"id": "r", "kind": "ruling", "level": "乙", "reference": "一"}
    if expected:
        assert found(plain | {"items": [ruling]}) == []
        assert found(plain | {"reasons": {"idle-level": "留待下一版"}}) == []


@pytest.mark.parametrize(
    ("when", "never"),
    [
        ({"period": "half"}, True),
        ({"period": "standing"}, True),
        ({"period": "month"}, False),
        ({"period": "month", "total": {"below": "10", "from": "10"}}, True),
        ({"period": "month", "total": {"to": "10", "from": "10"}}, False),
        ({"period": "month", "total": {"over": "9", "below": "10"}}, False),
        ({"period": "month", "total": {"over": "11", "below": "10"}}, True),
    ],
)
def test_an_outcome_that_never_comes_about(when: dict[str, Any], never: bool) -> None:
    assert codes(outcome={"when": when}) == (["idle-outcome"] if never else [])


def test_villages_and_offices_may_be_listed() -> None:
    listed = {"title": "黑榜", "when": {"period": "month", "rank": {"bottom": "3"}}}
    assert codes(subject="organisation", outcome=listed) == []


def test_problems_are_said_in_both_languages() -> None:
    plain = {"scheme": "x", "items": [FINE | {"title": "越级上访"}]}
    problem = guard.check(Scheme.model_validate(plain), file="x.yaml", lines={"i": 7})[0]
    assert problem.say("zh").startswith("x.yaml:7: 错误: ")
    assert "no points off" in problem.say("en")
    assert (problem.item, problem.found, problem.article != "") == ("i", "上访", True)


def test_a_warning_about_the_whole_scheme_says_where_and_in_the_readers_language(tmp_path: Path) -> None:
    file = tmp_path / "scheme.yaml"
    file.write_text(
        "scheme: household\nitems:\n"
        "  - {id: work, kind: merit, points: 2, limits: [{points: 10, per: month}], reference: 一}\n"
        "limits:\n  - {points: 1000, per: month}\n",
        encoding="utf-8",
    )
    version = loader.load_versions(file).entries[0]
    (problem,) = guard.check(version.scheme, None, version.file, version.lines)
    assert problem.say("zh").startswith(f"{file}:4: 提醒: 这个上限永远用不到")
    assert problem.say("zh").endswith("应为: 更小的上限，或不设上限")
    assert problem.say("en").endswith("expected: a smaller cap, or no limit here")
