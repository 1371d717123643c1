"""Reading assessments: what is wrong is told with line, what was found, what was expected and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from jizhi.engine import assessments
from jizhi.engine.document.problem import Problem

GOOD = """assessment: x
title: {zh: 考核, en: Assessment}
round: half
classes: [A, B]
rater_groups: [{id: team, weight: 60%}, {id: mass, weight: 40%}, {id: leaders}]
parts:
  - id: work
    full: 100
    indicators:
      - {id: growth, mode: linear, full: 60, factor: 4, full_from: 15}
      - {id: order, mode: class, grades: {一类: 40, 二类: 20}, raters: {team: 90%, mass: 10%}}
bonus: {limit: 5, indicators: [{id: honour, mode: count, each: 2, full: 6}]}
penalty: [{id: accident, mode: veto, effect: {zero: total, grade: 差}}]
steps: [{id: own, by: self}, {id: review, by: [team, mass]}, {id: final, by: leaders, decides: true}]
grades: {quota: "2:8", steps: [{grade: 好}, {grade: 差}]}
outcomes: [{id: best, when: {grade: 好}, then: honour}]
appraise: [40%, 60%]
reference: 依据
"""


def problems(text: str) -> list[Problem]:
    with pytest.raises(assessments.DocumentError) as caught:
        assessments.load_assessment(text)
    return caught.value.problems


def test_a_good_document_is_read() -> None:
    document = assessments.load_assessment(GOOD)
    assert list(document.lines) == ["growth", "order", "honour", "accident"]
    assert document.counting is not None
    assert document.counting.id == "review"
    assert document.parts[0].indicators[1].full_mark == 4000
    assert assessments.load_with_lines(GOOD)[1] == {
        "growth": 10, "order": 11, "honour": 12, "accident": 13, "best": 16, "bonus": 12, "penalty": 13,
    }  # fmt: skip


WRONG = [
    ("full: 100", "full: 90", "marks", 8, "100", "90"),
    ("    full: 100\n", "    full: 110\n    adds_up: true\n", "marks", 8, "100", "110"),
    ("    full: 100\n", "    full: 90\n    adds_up: false\n", "marks", 8, "100", "90"),
    ("一类: 40", "一类: 40.05", "places", 11, "40.05", ""),
    ("mode: class,", "mode: class, full: 40, classes: [C],", "unknown-name", 11, "C", "A, B"),
    ("weight: 60%", "weight: 50%", "weights", 5, "50% + 40% = 90%", "100%"),
    ("weight: 60%", "weight: 60", "invalid-value", 5, "60", "a percentage such as 30%"),
    ("team: 90%, mass: 10%", "team: 100%, mass: 0%", "weights", 11, "mass", "a percentage such as 30%"),
    ("mass: 10%", "mass: 20%", "weights", 11, "90% + 20% = 110%", "100%"),
    ("mass: 10%", "leaders: 10%", "steps", 11, "leaders", "review: team, mass"),
    ("{team: 90%, mass: 10%}", "[team, leaders]", "weights", 11, "leaders", "{team: 60%, mass: 40%}"),
    ("{team: 90%, mass: 10%}", "[teem]", "unknown-name", 11, "teem", "team, mass, leaders"),
    ("id: order", "id: growth", "duplicate-id", 11, "growth", ""),
    ("id: leaders}", "id: self}", "reserved-id", 5, "self", "another id"),
    ("id: work", "id: total", "reserved-id", 7, "total", "another id"),
    ("full_from: 15", "full_from: 16", "idle-limit", 10, "16", "≤ 15"),
    ("full_from: 15", "each: 1", "invalid-value", 10, "each", "a key of mode linear: factor, full_from, per"),
    ("factor: 4, full_from: 15", "full_from: 15", "invalid-value", 10, "-", "`factor` in mode linear"),
    ("mode: linear, full: 60", "mode: linear", "invalid-value", 10, "-", "`full` above 0 in mode linear"),
    ("mode: linear", "mode: liner", "unknown-name", 10, "liner", ""),
    ("factor: 4", "faktor: 4", "unknown-key", 10, "faktor", ""),
    ("mode: count, each: 2", "mode: deduct, each: 2", "invalid-value", 12, "deduct", "count, class, all-or-none"),
    ("{zero: total, grade: 差}", "{zero: works}", "unknown-name", 13, "works", "total, year, work"),
    ("{zero: total, grade: 差}", "{grade: 很差}", "unknown-name", 13, "很差", "好, 差"),
    ("{zero: total, grade: 差}", "{}", "invalid-value", 13, "neither", "zero or grade, such as {zero: total}"),
    ("by: [team, mass]", "by: [team]", "steps", 10, "mass", "review: team"),
    ("by: self}", "by: self, counts: true}", "invalid-value", 14, "self", ""),
    ("{id: final, by: leaders, decides: true}", "{id: final, by: leaders}", "steps", 10, "team", "final: leaders"),
    (
        "{id: own, by: self}", "{id: early, by: leaders, decides: true}", "steps", 14, "final", "",
    ),
    ('quota: "2:8"', 'quota: "2:5:3"', "invalid-value", 15, '2:5:3', "as many steps as the quota has parts"),
    ("{grade: 好}, then", "{grade: 很好}, then", "unknown-name", 16, "很好", "好, 差"),
    ("when: {grade", "when: {period: month, grade", "unknown-name", 16, "month", "half, year"),
    ("[40%, 60%]", "[40%, 50%, 10%]", "weights", 17, "3", "2"),
    ("[40%, 60%]", "[40%, 50%]", "weights", 17, "40% + 50% = 90%", "100%"),
    ("round: half", "round: year", "appraise", 17, "year", "round: quarter"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "found", "expected"), WRONG)
def test_what_is_wrong_is_told_with_its_line(
    old: str, new: str, code: str, line: int, found: str, expected: str
) -> None:
    assert old in GOOD
    told = problems(GOOD.replace(old, new, 1))
    match = [
        one for one in told if (one.code, one.line) == (code, line) and (not found or found in one.found)
    ]
    assert match, [one.say("en") for one in told]
    if expected:
        said = match[0].expected if isinstance(match[0].expected, str) else match[0].expected.en
        assert said == expected
    assert match[0].say("zh").startswith(f"<text>:{line}: 错误: ")


def test_the_nearest_name_is_offered() -> None:
    assert problems(GOOD.replace("{team: 90%, mass: 10%}", "[teem]"))[0].nearest == "team"
    assert problems(GOOD.replace("mode: linear", "mode: liner"))[0].nearest == "linear"
    assert problems(GOOD.replace("factor: 4", "faktor: 4"))[0].nearest == "factor"
    assert problems(GOOD.replace("id: order", "id: growth"))[0].item == "growth"


def test_a_rank_goes_down_from_place_to_place() -> None:
    rank = GOOD.replace(
        "mode: class, grades: {一类: 40, 二类: 20}", "mode: rank, places: {1: 40, 2: 20}, rest: 30"
    )
    assert [(one.code, one.found, one.expected) for one in problems(rank)] == [("marks", "30", "20")]
    gap = GOOD.replace("mode: class, grades: {一类: 40, 二类: 20}", "mode: rank, places: {1: 40, 3: 20}")
    assert [(one.code, one.found) for one in problems(gap)] == [("marks", "1, 3")]


def test_several_groups_without_weights_are_told() -> None:
    text = GOOD.replace(", weight: 60%", "").replace(", weight: 40%", "")
    assert [(one.code, one.found) for one in problems(text)] == [("weights", "team, mass")]


def test_lists_without_anything_are_told() -> None:
    text = "assessment: x\nrater_groups: []\nparts: []\n"
    assert [(one.code, one.line) for one in problems(text)] == [("empty", 2), ("empty", 3)]


def test_versions_are_named_by_their_day_and_agree(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "2022-03-01.yaml").write_text(GOOD, encoding="utf-8")
    versions = assessments.load_versions(folder)
    assert [str(one.from_date) for one in versions.entries] == ["2022-03-01"]
    assert assessments.is_assessment(folder)
    assert assessments.load_folder(tmp_path).keys() == {"x"}
    (folder / "draft.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(assessments.DocumentError, match="版本文件要用生效日命名"):
        assessments.load_versions(folder)
    (folder / "draft.yaml").rename(folder / "2023-01-01.yaml")
    text = GOOD.replace("round: half", "round: quarter").replace("[40%, 60%]", "mean")
    (folder / "2023-01-01.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(assessments.DocumentError, match="各版本的 round 必须相同"):
        assessments.load_versions(folder)


def test_two_versions_do_not_apply_from_the_same_day(tmp_path: Path) -> None:
    for name in ("2022-03-01.yaml", "2022-03-01.yml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(assessments.DocumentError, match="两个版本同一天生效"):
        assessments.load_versions(tmp_path)


def test_what_is_no_assessment_is_told_apart(tmp_path: Path) -> None:
    scheme, broken = tmp_path / "scheme.yaml", tmp_path / "broken.yaml"
    scheme.write_text("scheme: x\n", encoding="utf-8")
    broken.write_text("a: [", encoding="utf-8")
    assert not assessments.is_assessment(scheme)
    assert not assessments.is_assessment(broken)
    assert not assessments.is_assessment(tmp_path / "nowhere.yaml")
