"""The file interface as a script sees it: columns, decimals, refused rows, exit statuses."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from jizhi.cli.main import app

SCHEME = """scheme: x
unit: {places: 1}
periods: {publish: month, appraise: year}
base: 100
items:
  - {id: hours, kind: merit, points: {each: 2, per: hour}, limits: [{points: 20, per: month}], reference: 一}
  - {id: litter, kind: fault, points: {ladder: [5, 10]}, reference: 二}
share: {period: year, within: group, from: 0}
"""
SUBJECTS = "subject,group,class,size,from_date,to_date\nzhao,g1,A,3,,\nqian,g1,,2,2022-03-01,\n"
FACTS = (
    "\ufefffact,subject,item,date,quantity,grade,given,act,reversed\n"
    "1,zhao,hours,2022-05-03,8,,,,\n"
    "2,zhao,hours,2022-05-20,4,,,,否\n"
    "3,qian,litter,2022-05-21,,2,,,false\n"
    "4,qian,litter,2022-05-22,,1,,,是\n"
)
ALL = ["awards.csv", "outcomes.csv", "rejected.csv", "shares.csv", "totals.csv"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "subjects.csv").write_text(SUBJECTS, encoding="utf-8")
    (tmp_path / "facts.csv").write_text(FACTS, encoding="utf-8")
    return tmp_path


def settle(folder: Path, *more: str, facts: str = "facts.csv", out: str = "out") -> Result:
    return CliRunner().invoke(
        app,
        [
            "settle",
            str(folder / "scheme.yaml"),
            "--subjects",
            str(folder / "subjects.csv"),
            "--facts",
            str(folder / facts),
            "--from",
            "2022-01-01",
            "--to",
            "2022-12-31",
            "--out",
            str(folder / out),
            *more,
        ],
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("evaluator", ["batch", "incremental", "reference"])
def test_settle_writes_all_tables(folder: Path, evaluator: str) -> None:
    result = settle(folder, "--evaluator", evaluator, "--pool", "1000")
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (folder / "out").iterdir()) == ALL
    assert (folder / "out" / "awards.csv").read_text(encoding="utf-8").splitlines() == [
        "fact,subject,item,date,price,awarded,held_back,limit,note",
        "1,zhao,hours,2022-05-03,16.0,16.0,0.0,,",
        "2,zhao,hours,2022-05-20,8.0,4.0,4.0,month,",
        "3,qian,litter,2022-05-21,-10.0,-10.0,0.0,,",
        "4,qian,litter,2022-05-22,0.0,0.0,0.0,,reversed",
    ]
    totals = (folder / "out" / "totals.csv").read_text(encoding="utf-8").splitlines()
    assert totals[0] == "subject,group,period_kind,period,base,awarded,total,rank,level,vetoed"
    assert "qian,g1,month,2022-05,0.0,-10.0,-10.0,2,,false" in totals
    assert "zhao,g1,year,2022,100.0,20.0,120.0,1,,false" in totals
    assert not any("qian,g1,month,2022-02" in line for line in totals)
    assert (folder / "out" / "shares.csv").read_text(encoding="utf-8").splitlines() == [
        "subject,group,period,points,fen",
        "qian,g1,2022,90.0,429",
        "zhao,g1,2022,120.0,571",
    ]


def test_rows_that_cannot_be_used_are_told_with_their_line(folder: Path) -> None:
    (folder / "facts.csv").write_text(
        "fact,subject,item,date,quantity,grade,given,act,reversed\n"
        "1,zhao,hours,2022-05-03,8,,,,\n"
        "1,zhao,hours,2022-05-04,8,,,,\n"
        "2,zhao,hours,2022-5-4,8,,,,\n"
        "3,zhao,hours,2022-02-30,8,,,,\n"
        "4,zhao,hours,,8,,,,\n"
        "5,zhao,hours,2022-05-03,acht,,,,\n"
        "6,zhao,hours,2022-05-03,1e3,,,,\n"
        "7,zhao,hours,2022-05-03,-1,,,,\n"
        "8,zhao,hours,2022-05-03,,,,,\n"
        "9,zhao,hour,2022-05-03,1,,,,\n"
        "10,sun,hours,2022-05-03,1,,,,\n"
        "x,zhao,hours,2022-05-03,1,,,,\n"
        ",zhao,hours,2022-05-03,1,,,,\n"
        "-1,zhao,hours,2022-05-03,1,,,,\n"
        "99999999999999999999,zhao,hours,2022-05-03,1,,,,\n"
        "11,zhao,hours,2022-05-03,1,,,,maybe\n"
        "12,zhao,litter,2022-05-03,,3,,,\n"
        "13,zhao,hours,2022-05-03,1,,,,,extra\n"
        ",,,,,,,,\n"
        "\n"
        "14,zhao,hours\n"
        "15,zhao,hours,2022-05-03,１,,,,\n"
        '16,zhao,hours,2022-05-05,"1",,,"a\nb",0\n'
        "17,zhao,hours,20220505,1,,,,\n",
        encoding="utf-8",
    )
    result = settle(folder)
    assert result.exit_code == 3
    refused = rows(folder / "out" / "rejected.csv")
    assert [row["line"] for row in refused] == [str(n) for n in [*range(3, 21), 22, 23, 26]]
    assert all(row["table"] == "facts" and row["reason"] for row in refused)
    assert [row["fact"] for row in rows(folder / "out" / "awards.csv")] == ["1", "16"]


def test_subjects_that_cannot_be_used_are_told_too(folder: Path) -> None:
    (folder / "subjects.csv").write_text(
        "subject,group,size,from_date,to_date\nzhao,g1,3,,\nzhao,g2,3,,\nqian,g1,-2,,\n,g1,1,,\n"
        "sun,g1,1,2022-05-05,2022-01-01\nli,g1,two,,\nwu,g1,1,,\n",
        encoding="utf-8",
    )
    assert settle(folder).exit_code == 3
    refused = rows(folder / "out" / "rejected.csv")
    assert [(row["table"], row["line"]) for row in refused] == [
        ("facts", "4"),
        ("facts", "5"),
        *(("subjects", str(n)) for n in range(3, 8)),
    ]


def test_parquet_goes_in_and_out(folder: Path) -> None:
    with duckdb.connect() as connection:
        for table in ("subjects", "facts"):
            source, target = folder / f"{table}.csv", folder / f"{table}.parquet"
            dates = "date::TIMESTAMP AS date" if table == "facts" else "size::DOUBLE AS size"
            connection.execute(
                f"COPY (SELECT * REPLACE ({dates}) FROM read_csv('{source}')) TO '{target}' (FORMAT parquet)"
            )
        assert settle(folder).exit_code == 0
        result = CliRunner().invoke(
            app,
            [
                "settle",
                str(folder / "scheme.yaml"),
                "--subjects",
                str(folder / "subjects.parquet"),
                "--facts",
                str(folder / "facts.parquet"),
                "--from",
                "2022-01-01",
                "--to",
                "2022-12-31",
                "--out",
                str(folder / "p"),
                "--format",
                "parquet",
            ],
        )
        assert result.exit_code == 0, result.output
        for table in ("awards", "totals"):
            found = connection.execute(f"SELECT * FROM '{folder / 'p' / table}.parquet'").fetchall()
            expected = [tuple(row.values()) for row in rows(folder / "out" / f"{table}.csv")]
            assert [
                tuple(str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in row)
                for row in found
            ] == expected


def test_a_file_that_cannot_be_read_at_all_ends_with_2(folder: Path) -> None:
    assert settle(folder, facts="missing.csv").exit_code == 2
    (folder / "bad.csv").write_text("fact,subject,item\n1,a,b\n", encoding="utf-8")
    assert settle(folder, facts="bad.csv").exit_code == 2
    (folder / "gbk.csv").write_bytes("fact,subject,item,date\n1,张,志愿,2022-01-01\n".encode("gbk"))
    assert settle(folder, facts="gbk.csv").exit_code == 2
    assert settle(folder, "--to", "2021-12-31").exit_code == 2


def test_a_scheme_that_is_wrong_ends_with_1(folder: Path) -> None:
    (folder / "scheme.yaml").write_text(SCHEME.replace("kind: merit", "kind: merrit"), encoding="utf-8")
    result = settle(folder)
    assert result.exit_code == 1
    assert "scheme.yaml:6: " in result.output
    assert CliRunner().invoke(app, ["check", str(folder / "scheme.yaml")]).exit_code == 1


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"fact,subject,item,date,Date\n", "column written twice: date"),
        (b"fact,\xb4\xe5\n", "save it as CSV UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(folder: Path, header: bytes, message: str) -> None:
    (folder / "facts.csv").write_bytes(header)
    result = settle(folder)
    assert (result.exit_code, message in result.output) == (2, True)


def test_results_that_cannot_be_written_are_no_wrong_document(folder: Path) -> None:
    (folder / "taken").write_text("", encoding="utf-8")
    result = settle(folder, out="taken")
    assert (result.exit_code, "taken" in result.output) == (2, True)


def test_check_passes_a_lawful_scheme_and_refuses_an_unlawful_one(folder: Path) -> None:
    assert CliRunner().invoke(app, ["check", str(folder / "scheme.yaml")]).exit_code == 0
    (folder / "scheme.yaml").write_text(
        SCHEME.replace("id: litter,", "id: litter, title: 越级上访,"), encoding="utf-8"
    )
    result = CliRunner().invoke(app, ["check", str(folder / "scheme.yaml"), "--lang", "en"])
    assert result.exit_code == 1
    assert "scheme.yaml:7: error" in result.output


def test_explain_gives_reasons_as_text_and_data(folder: Path) -> None:
    def explain(*more: str) -> Result:
        return CliRunner().invoke(
            app,
            [
                "explain",
                str(folder / "scheme.yaml"),
                "--subjects",
                str(folder / "subjects.csv"),
                "--facts",
                str(folder / "facts.csv"),
                "--subject",
                "zhao",
                "--period",
                "2022-05",
                *more,
            ],
        )

    assert "每月上限：不计4.0分" in explain().output
    assert "monthly limit keeps back 4.0" in explain("--lang", "en").output
    assert '"held_back": "4.0"' in explain("--json").output
    assert explain("--period", "2022-13").exit_code == 2


def test_a_packs_cases_run_on_both_evaluators(folder: Path) -> None:
    pack = folder / "pack"
    (pack / "schemes" / "x").mkdir(parents=True)
    (pack / "tests").mkdir()
    (pack / "pack.yaml").write_text("pack: p\ntitle: 甲\nplace: 乙\n", encoding="utf-8")
    (pack / "schemes" / "x" / "2022-01-01.yaml").write_text(SCHEME, encoding="utf-8")
    case = (
        "- name: cut\n  scheme: x\n  period: 2022-05\n  input:\n    facts: |\n"
        "      subject | item  | date       | quantity\n"
        "      zhao    | hours | 2022-05-03 | 8\n      zhao    | hours | 2022-05-20 | 4\n"
        "  output: {zhao: {total: 20, held_back: 4}}\n"
    )
    (pack / "tests" / "x.yaml").write_text(case, encoding="utf-8")
    assert CliRunner().invoke(app, ["check", str(pack)]).exit_code == 0
    result = CliRunner().invoke(app, ["test", str(pack)])
    assert (result.exit_code, "✓ cut" in result.output) == (0, True)
    (pack / "tests" / "x.yaml").write_text(case.replace("total: 20", "total: 24"), encoding="utf-8")
    result = CliRunner().invoke(app, ["test", str(pack), "--lang", "en"])
    assert result.exit_code == 1
    assert result.output.count("expected 24, found 20.0") == 2


def test_simulate_tells_who_gains_and_what_it_costs(folder: Path) -> None:
    draft = (
        SCHEME.replace("each: 2", "each: 3")
        .replace("points: 20,", "points: 40,")
        .replace("[5, 10]", "[5, 20]")
    )
    (folder / "2030-01-01.yaml").write_text(draft, encoding="utf-8")
    result = CliRunner().invoke(
        app,
        [
            "simulate",
            str(folder / "scheme.yaml"),
            str(folder / "2030-01-01.yaml"),
            "--subjects",
            str(folder / "subjects.csv"),
            "--facts",
            str(folder / "facts.csv"),
            "--from",
            "2022-01-01",
            "--to",
            "2022-12-31",
            "--out",
            str(folder / "sim"),
            "--pool",
            "1000",
        ],
    )
    assert result.exit_code == 0, result.output
    changes = {(row["subject"], row["period"]): row["change"] for row in rows(folder / "sim" / "changes.csv")}
    assert (changes["zhao", "2022"], changes["qian", "2022"], changes["zhao", "2022-06"]) == (
        "16.0",
        "-10.0",
        "0.0",
    )
    said = result.output.splitlines()
    assert "分红（元）：10.00 → 10.00" in said
    assert "2022：升 1，降 1，不变 0" in said
    assert said[-1].startswith("变动最大：")
    summary = {row["measure"]: row["new"] for row in rows(folder / "sim" / "summary.csv")}
    assert (summary["shared fen"], summary["year 2022: winners / losers / unchanged"]) == (
        "1000",
        "1 / 1 / 0",
    )
