"""Gaoyang's assessment of village committees: lawful, its cases hold, and a case that does not hold is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from jizhi.engine import assessment_cases, assessments, cases, guard_assessment, loader

PACK = Path(assessments.__file__).parents[1] / "packs" / "gaoyang"
CASES = assessment_cases.of_pack(PACK)


def test_the_sheet_adds_up_to_a_thousand_and_the_guard_is_content() -> None:
    [versions] = assessments.load_folder(PACK / "assessments").values()
    document = versions.latest
    assert sum(part.full for part in document.parts) == 100_000
    assert [len(part.indicators) for part in document.parts] == [16, 6]
    [version] = versions.entries
    assert guard_assessment.check(document, dt.date(2026, 1, 1), version.file, version.lines) == []


def test_the_rest_of_the_pack_does_not_mind() -> None:
    pack = loader.load_pack(PACK)
    assert cases.of_pack(pack)
    assert set(pack.schemes) == {"household"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_cases_hold(case: assessment_cases.Case) -> None:
    failures = assessment_cases.run(case)
    assert not failures, [(one.subject, one.name, one.expected, one.found) for one in failures]


GOOD = """- name: growth
  assessment: village-committee
  period: 2022-H1
  input:
    subjects: |
      subject | group
      东河村 | 甲镇
      西河村 | 乙镇
    ratings: |
      subject | indicator     | rater_group | rater | value
      东河村  | income-growth | task-force  | 专班  | 10
      北河村  | income-growth | task-force  | 专班  | 10
  output:
    rejected: {2: unknown}
    东河村: {scores: {income-growth: 40}, total: }
    西河村: {missing: []}
"""


def read(tmp_path: Path, text: str) -> assessment_cases.Case:
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    [case] = assessment_cases.of_file(file, assessments.load_folder(PACK / "assessments"))
    return case


def test_what_comes_out_otherwise_is_told(tmp_path: Path) -> None:
    case = read(
        tmp_path, GOOD.replace("income-growth: 40", "income-growth: 41").replace("2: unknown", "1: late")
    )
    found = [(one.subject, one.name, one.expected, one.found[:40]) for one in assessment_cases.run(case)]
    assert found[:3] == [
        ("row 1", "rejected", "late", "-"),
        ("row 2", "rejected", "-", "subject: unknown: 北河村, did you mean 西河村"[:40]),
        ("东河村", "scores.income-growth", "41", "40.0"),
    ]
    assert [row[:2] for row in found[3:]] == [("西河村", "missing")]
    assert (case.line, assessment_cases.run(case)[0].evaluator) == (1, "assessment")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("assessment: village-committee", "assessment: village-comittee", "没有这个考核"),
        ("period: 2022-H1", "period: 2022-Q1", "期间不对"),
        ("ratings: |", "rating: |", "应有 ratings"),
        ("rater | value", "rater | valeu", "不认识的列"),
        ("| 10\n      北河村", "| zehn\n      北河村", "value: not a number: zehn"),
        ("total: }", "totel: }", "不认识的结果"),
        ("scores: {income-growth: 40}", "scores: 40", "scores 应为"),
        ("  period: 2022-H1\n", "", "用例要有"),
        ("name: growth", "nmae: growth", "不认识的键"),
    ],
)
def test_a_case_that_cannot_be_understood_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(assessments.DocumentError, match=message) as caught:
        read(tmp_path, GOOD.replace(old, new))
    assert caught.value.problems[0].line == 1


def test_a_file_of_cases_is_a_list(tmp_path: Path) -> None:
    with pytest.raises(assessments.DocumentError, match="应为一列用例"):
        read(tmp_path, "name: x\n")
