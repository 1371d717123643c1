"""Assessments on files: columns, decimals, refused rows and holes, exit statuses, and the reasoning of one subject."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import duckdb
import pytest

from jizhi.engine import assessments_files

DOCUMENT = """assessment: x
title: {zh: 考核, en: Assessment}
round: half
unit: {places: 1}
rater_groups:
  - {id: team, title: {zh: 专班, en: Task force}, weight: 60%}
  - {id: mass, title: {zh: 群众, en: Mass}, weight: 40%}
parts:
  - id: work
    title: {zh: 工作, en: Work}
    full: 100
    indicators:
      - {id: growth, title: {zh: 增收, en: Growth}, mode: linear, full: 60, factor: 4, full_from: 15,
         raters: [team], reference: 宝鸡}
      - {id: opinion, title: {zh: 测评, en: Opinion}, mode: ballot, full: 40,
         ballots: {优秀: 100%, 一般: 60%}, raters: [mass]}
bonus:
  limit: 5
  indicators:
    - {id: honour, title: {zh: 表彰, en: Honour}, mode: count, each: 4, full: 8, raters: [team]}
grades: {steps: [{grade: good, title: {zh: 好, en: Good}, from: 90}, {grade: rest, title: {zh: 一般, en: Fair}}]}
outcomes: [{id: best, title: 表彰, when: {grade: good}, then: honour}]
appraise: mean
"""
SUBJECTS = "subject,group\nzhao,g\nqian,g\nsun,g\n"
RATINGS = (
    "\ufeffsubject,indicator,rater_group,rater,value,grade,count\n"
    "zhao,growth,team,a,14,,\n"
    "zhao,opinion,mass,meeting,,优秀,30\n"
    "zhao,opinion,mass,meeting,,一般,10\n"
    "zhao,honour,team,a,,,2\n"
    "zhao,growth,self,zhao,15,,\n"
    "qian,growth,team,a,acht,,\n"
    "qian,growth,team,a,2.5,,\n"
    "qian,opinion,mass,meeting,,一般,3.0\n"
    "sun,growth,team,a,1,,\n"
    "nobody,growth,team,a,1,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "x.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "subjects.csv").write_text(SUBJECTS, encoding="utf-8")
    (tmp_path / "ratings.csv").write_text(RATINGS, encoding="utf-8")
    return tmp_path


def settle(
    folder: Path, period: str | tuple[dt.date, dt.date] = "2022-H1", form: str = "csv", language: str = "zh"
) -> tuple[int, list[str]]:
    said: list[str] = []
    status = assessments_files.settle_files(
        folder / "x.yaml",
        folder / "subjects.csv",
        folder / "ratings.csv",
        period,
        folder / "out",
        form,
        language=language,
        echo=said.append,
    )
    return status, said


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_scores_results_outcomes_and_what_was_refused(folder: Path) -> None:
    status, said = settle(folder)
    assert status == 3
    assert (folder / "out" / "scores.csv").read_text(encoding="utf-8").splitlines() == [
        "subject,indicator,part,full,self,rating,score,note,period",
        "qian,growth,work,60.0,,10.0,10.0,专班：2.5 → 10,2022-H1",
        "qian,opinion,work,40.0,,24.0,24.0,群众：一般 3 → 24,2022-H1",
        "sun,growth,work,60.0,,4.0,4.0,专班：1 → 4,2022-H1",
        "sun,opinion,work,40.0,,,,缺：群众,2022-H1",
        "zhao,growth,work,60.0,60.0,56.0,56.0,专班：14 → 56,2022-H1",
        "zhao,opinion,work,40.0,,36.0,36.0,群众：优秀 30、一般 10 → 36,2022-H1",
        "zhao,honour,bonus,8.0,,8.0,8.0,专班：2 → 8,2022-H1",
    ]
    assert (folder / "out" / "results.csv").read_text(encoding="utf-8").splitlines() == [
        "subject,group,period_kind,period,parts,bonus,penalty,total,rank,grade,vetoed,decision,reason",
        "qian,g,half,2022-H1,work=34.0,0.0,0.0,34.0,2,rest,false,,",
        "sun,g,half,2022-H1,work=4.0,0.0,0.0,,,,false,,",
        "zhao,g,half,2022-H1,work=92.0,5.0,0.0,97.0,1,good,false,,",
    ]
    assert [tuple(row.values()) for row in rows(folder / "out" / "outcomes.csv")] == [
        ("zhao", "g", "2022-H1", "best", "表彰", "等级好")
    ]
    refused = [tuple(row.values()) for row in rows(folder / "out" / "rejected.csv")]
    assert refused == [
        ("ratings", "7", "value: not a number: acht"),
        ("ratings", "11", "subject: unknown: nobody"),
        ("subjects", "4", "sun: 2022-H1: opinion: mass: no rating"),
    ]
    assert said == [f"{table}:{line}: {reason}" for table, line, reason in refused]


def test_parquet_in_and_out_says_the_same(folder: Path) -> None:
    settle(folder)
    source = "read_csv('{}', header=true, all_varchar=true)"
    for name in ("subjects", "ratings"):
        duckdb.sql(
            f"COPY (SELECT * FROM {source.format(folder / f'{name}.csv')}) TO '{folder / f'{name}.parquet'}'"
        )
    status = assessments_files.settle_files(
        folder / "x.yaml", folder / "subjects.parquet", folder / "ratings.parquet", "2022-H1",
        folder / "columns", "parquet", echo=lambda _: None,
    )  # fmt: skip
    assert status == 3
    assert rows(folder / "columns" / "rejected.csv") == rows(folder / "out" / "rejected.csv")
    for name in ("scores", "results", "outcomes"):
        typed = duckdb.sql(f"SELECT COLUMNS(*)::VARCHAR FROM '{folder / 'columns' / f'{name}.parquet'}'")
        assert typed is not None
        found = [["" if cell is None else cell for cell in row] for row in typed.fetchall()]
        assert found == [list(row.values()) for row in rows(folder / "out" / f"{name}.csv")]


def test_all_well_is_status_0(folder: Path) -> None:
    (folder / "subjects.csv").write_text("subject,group\nzhao,g\n", encoding="utf-8")
    (folder / "ratings.csv").write_text("\n".join(RATINGS.splitlines()[:6]) + "\n", encoding="utf-8")
    assert settle(folder) == (0, [])
    assert rows(folder / "out" / "rejected.csv") == []


def test_two_days_name_the_round_or_the_year_they_lie_in(folder: Path) -> None:
    settle(folder, period=(dt.date(2022, 1, 1), dt.date(2022, 6, 30)))
    assert {row["period"] for row in rows(folder / "out" / "results.csv")} == {"2022-H1"}
    assert settle(folder, period=(dt.date(2022, 1, 1), dt.date(2022, 12, 31)))[0] == 3
    assert {row["period"] for row in rows(folder / "out" / "results.csv")} == {"2022", "2022-H1", "2022-H2"}
    status, said = settle(folder, period=(dt.date(2022, 7, 1), dt.date(2023, 1, 1)))
    why = "2022-07-01 – 2023-01-01：不在同一个考核周期或年度内（本考核的周期是 half）"
    assert (status, said) == (2, [why])
    assert settle(folder, period=(dt.date(2022, 2, 1), dt.date(2022, 1, 1)))[0] == 2


def test_what_cannot_be_settled_is_told_by_status(folder: Path) -> None:
    assert settle(folder, period="2022-05") == (2, ["2022-05：没有这样的周期，应写成 2022-H1 或 2022"])
    english = settle(folder, period="2022-05", language="en")
    assert english == (2, ["2022-05: not a period such as 2022-H1 or 2022"])
    (folder / "ratings.csv").write_text("subject,indicator,rater\nzhao,growth,a\n", encoding="utf-8")
    status, said = settle(folder)
    assert status == 2
    assert said[0].endswith("ratings.csv: missing column: rater_group")
    (folder / "x.yaml").write_text(DOCUMENT.replace("full: 100", "full: 90"), encoding="utf-8")
    status, said = settle(folder, language="en")
    assert status == 1
    assert "x.yaml:11: error: the indicators do not add up to the full mark of the part" in said[0]


def test_flags_and_missing_cells_are_refused(folder: Path) -> None:
    (folder / "ratings.csv").write_text(
        "subject,indicator,rater_group,rater,value,count,recused\n"
        "zhao,growth,team,,1,,\nzhao,growth,team,a,1,,perhaps\nzhao,honour,team,a,,1.5,\nzhao,growth,team,a,1,,,7\n",
        encoding="utf-8",
    )
    settle(folder)
    assert [row["reason"] for row in rows(folder / "out" / "rejected.csv") if row["table"] == "ratings"] == [
        "rater: missing",
        "recused: neither true nor false: perhaps",
        "count: not a whole number: 1.5",
        "more cells than columns",
    ]


def explain(
    folder: Path, subject: str = "zhao", period: str = "2022-H1", **more: object
) -> tuple[int, str, list[str]]:
    said: list[str] = []
    status, text = assessments_files.explain_files(
        folder / "x.yaml", folder / "subjects.csv", folder / "ratings.csv", period, subject,
        echo=said.append, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return status, text, said


def test_the_reasoning_of_one_subject_as_text(folder: Path) -> None:
    status, text, _ = explain(folder)
    assert status == 0
    assert text.splitlines() == [
        "考核 · zhao · 2022-H1",
        "总分 97，排名 1，等次 好",
        "工作  92 / 100",
        "  增收  56 / 60  自评 60",
        "      专班：14 → 56",
        "      依据: 宝鸡",
        "  测评  36 / 40",
        "      群众：优秀 30、一般 10 → 36",
        "加分  5 / 5",
        "  表彰  8 / 8",
        "      专班：2 → 8",
        "→ 表彰: 等级好",
    ]
    english = explain(folder, "sun", language="en")[1].splitlines()
    assert english[1] == "Total none"
    assert "Missing: 2022-H1 opinion mass: no rating" in english


def test_the_reasoning_as_data_adds_up(folder: Path) -> None:
    data = json.loads(explain(folder, as_json=True)[1])
    assert data["total"] == "97"
    assert [part["points"] for part in data["parts"]] == ["92", "5"]
    line = data["parts"][0]["lines"][0]
    assert (line["full"], line["self"], line["rating"], line["score"]) == ("60", "60", "56", "56")
    assert line["steps"][-1]["groups"] == [
        {
            "rater_group": "team",
            "title": "专班",
            "share": "100%",
            "points": "56",
            "said": "14",
            "raters": ["a"],
        }
    ]


def test_a_year_is_explained_round_by_round(folder: Path) -> None:
    head, *lines = RATINGS.splitlines()[:6]
    both = [f"{line},{period}" for period in ("2022-H1", "2022-H2") for line in lines]
    (folder / "ratings.csv").write_text("\n".join([f"{head},period", *both]) + "\n", encoding="utf-8")
    data = json.loads(explain(folder, period="2022", as_json=True)[1])
    assert (data["total"], data["by"]) == ("97", "mean")
    assert [one["period"] for one in data["rounds"]] == ["2022-H1", "2022-H2"]
    assert "2022-H2  97" in explain(folder, period="2022")[1].splitlines()


def test_who_has_no_sheet_cannot_be_explained(folder: Path) -> None:
    assert explain(folder, "nobody") == (2, "", ["nobody：2022-H1 没有考核表"])
    assert explain(folder, "nobody", language="en") == (2, "", ["nobody: no sheet in 2022-H1"])
