"""`jizhi settle`, `explain`, `test` and `check` on assessments, and which options go with which document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from jizhi.cli.main import app
from jizhi.engine import loader
from tests.engine.assessment.test_files import DOCUMENT, RATINGS, SUBJECTS, rows

GUIDE = Path(loader.__file__).parents[3] / "docs" / "howto" / "write-an-assessment.md"
GAOYANG = Path(loader.__file__).parents[2] / "packs" / "gaoyang"
SCHEME = """scheme: s
items: [{id: help, kind: merit, title: 帮忙, points: 2, claim: [self], reference: 自定}]
"""
CASE = """- name: growth of 14
  assessment: x
  period: 2022-H1
  input:
    ratings: |
      subject | indicator | rater_group | rater | value
      zhao    | growth    | team        | a     | 14
  output: {zhao: {scores: {growth: 56}, total: }}
"""
SCHEME_CASE = """- name: a helping hand
  scheme: s
  period: 2022-05
  input:
    facts: |
      subject | item | date
      zhao    | help | 2022-05-01
  output: {zhao: {total: 2}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run: an assessment, a scheme and their rows."""
    for name, text in (
        ("x.yaml", DOCUMENT),
        ("s.yaml", SCHEME),
        ("subjects.csv", SUBJECTS),
        ("ratings.csv", RATINGS),
        ("facts.csv", "fact,subject,item,date\n1,zhao,help,2022-05-01\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def jizhi(line: str) -> Result:
    return CliRunner().invoke(app, line.split())


def settle(line: str) -> Result:
    return jizhi(f"settle {line} --subjects subjects.csv --out out")


def explain(line: str) -> Result:
    return jizhi(f"explain {line} --subjects subjects.csv")


@pytest.mark.parametrize("when", ["--period 2022-H1", "--from 2022-01-01 --to 2022-06-30"])
def test_a_round_is_settled_into_tables(folder: Path, when: str) -> None:
    result = settle(f"x.yaml --ratings ratings.csv {when}")
    assert result.exit_code == 3, result.output
    assert result.stdout == "scores 7, results 3, outcomes 1, rejected 3 → out\n"
    assert result.stderr.splitlines()[0] == "ratings:7: value: not a number: acht"
    totals = {row["subject"]: row["total"] for row in rows(folder / "out" / "results.csv")}
    assert totals == {"qian": "34.0", "sun": "", "zhao": "97.0"}
    assert len(rows(folder / "out" / "rejected.csv")) == 3


def test_all_well_is_status_0_and_parquet_is_written(folder: Path) -> None:
    lines = [line for line in RATINGS.splitlines() if line.partition(",")[0] not in ("qian", "sun", "nobody")]
    (folder / "ratings.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "subjects.csv").write_text("subject,group\nzhao,g\n", encoding="utf-8")
    result = settle("x.yaml --ratings ratings.csv --period 2022-H1 --format parquet --lang en")
    assert result.exit_code == 0, result.output
    assert sorted(one.name for one in (folder / "out").iterdir()) == [
        "outcomes.parquet",
        "rejected.csv",
        "results.parquet",
        "scores.parquet",
    ]


def test_a_folder_of_versions_of_an_assessment_is_known_as_one(folder: Path) -> None:
    (folder / "x").mkdir()
    (folder / "x.yaml").rename(folder / "x" / "2022-01-01.yaml")
    assert settle("x --ratings ratings.csv --period 2022-H1").exit_code == 3
    result = settle("x --ratings ratings.csv --period 2021-H2")
    assert (result.exit_code, result.stderr) == (2, "x：2021-12-31 没有施行的版本\n")


def test_one_subject_is_explained_as_text_and_data(folder: Path) -> None:
    line = "x.yaml --ratings ratings.csv --subject zhao --period 2022-H1"
    assert explain(line).stdout.splitlines()[1] == "总分 97，排名 1，等次 好"
    assert explain(f"{line} --lang en").stdout.splitlines()[1] == "Total 97, rank 1, grade Good"
    data = json.loads(explain(f"{line} --json").stdout)
    assert (data["subject"], data["total"]) == ("zhao", "97")


def test_the_commands_of_the_guide_settle_and_explain_its_document(folder: Path) -> None:
    page = GUIDE.read_text(encoding="utf-8")
    document = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0]
    ratings = """subject,indicator,rater_group,rater,value,grade,count
东河村,growth,task-force,专班,12,,
东河村,publicity,task-force,专班,,二类,
东河村,ballot,mass,代表会,,优秀,30
东河村,ballot,mass,代表会,,称职,10
"""
    for name, text in (
        ("village-committee.yaml", document),
        ("s.csv", "subject,group\n东河村,g\n"),
        ("r.csv", ratings),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    commands = re.findall(r"^jizhi ((?:settle|explain) .*)$", page, re.MULTILINE)
    settled, explained = [jizhi(line) for line in commands]
    assert (settled.exit_code, settled.stdout) == (
        0,
        "scores 3, results 1, outcomes 0, rejected 0 → result\n",
    )
    # 12 × 4 = 48, second class 9, (30 × 100 % + 10 × 80 %) / 40 of 30 = 28.5
    assert explained.stdout.splitlines()[1] == "总分 85.5，排名 1，等次 合格"


def test_a_scheme_is_settled_and_explained_as_before(folder: Path) -> None:
    result = settle("s.yaml --facts facts.csv --from 2022-01-01 --to 2022-12-31")
    assert (result.exit_code, result.stdout) == (
        0,
        "awards 1, totals 51, outcomes 0, shares 0, rejected 0 → out\n",
    )
    assert explain("s.yaml --facts facts.csv --subject zhao --period 2022-05").exit_code == 0
    folder.joinpath("s.yaml").write_text(SCHEME.replace("kind: merit", "kind: merits"), encoding="utf-8")
    result = settle("s.yaml --facts facts.csv --from 2022-01-01 --to 2022-12-31")
    assert result.exit_code == 1
    assert "s.yaml:2: 错误" in result.stderr


ROUND = "--ratings ratings.csv --period 2022-H1"
DAYS = "--from 2022-01-01 --to 2022-12-31"


@pytest.mark.parametrize(
    ("run", "line", "status", "zh", "en"),
    [
        (settle, "x.yaml --period 2022-H1", 2, "考核办法要写 --ratings", "an assessment needs --ratings"),
        (
            settle, "x.yaml --ratings ratings.csv --from 2022-01-01", 2,
            "考核要写 --period，或 --from 与 --to", "an assessment needs --period, or --from and --to",
        ),
        (
            settle, f"x.yaml {ROUND} --to 2022-01-01", 2,
            "--period 与 --from、--to 只能写一种", "give --period, or --from and --to, not both",
        ),
        (
            settle, f"x.yaml {ROUND} --facts facts.csv --pool 0", 2,
            "考核办法用不上 --facts、--pool", "--facts, --pool: not used for an assessment",
        ),
        (
            settle, f"x.yaml {ROUND} --backend spark --evaluator reference --master local", 2,
            "考核办法用不上 --master、--backend、--evaluator",
            "--master, --backend, --evaluator: not used for an assessment",
        ),
        (
            settle, "x.yaml --ratings ratings.csv --period 2022-Q1", 2,
            "2022-Q1：没有这样的周期，应写成 2022-H1 或 2022", "2022-Q1: not a period such as 2022-H1 or 2022",
        ),
        (settle, f"s.yaml {DAYS}", 2, "积分细则要写 --facts", "a scheme needs --facts"),
        (settle, "s.yaml --facts facts.csv", 2, "积分细则要写 --from、--to", "a scheme needs --from, --to"),
        (
            settle, f"s.yaml --facts facts.csv {DAYS} --ratings ratings.csv", 2,
            "积分细则用不上 --ratings", "--ratings: not used for a scheme",
        ),
        (
            settle, "s.yaml --facts facts.csv --from 2022-02-01 --to 2022-01-01", 2,
            "--from 晚于 --to", "--from is after --to",
        ),
        (
            settle, "stars.yaml", 1,
            "stars.yaml：这是星级办法，应为积分细则或考核办法；星级办法用 jizhi stars, jizhi pay",
            ("stars.yaml: this is a stars document, expected a scheme or an assessment; "
            "for a stars document use jizhi stars, jizhi pay"),
        ),
        (
            explain, "x.yaml --subject zhao --period 2022-H1", 2,
            "考核办法要写 --ratings", "an assessment needs --ratings",
        ),
        (
            explain, f"x.yaml {ROUND} --subject zhao --standing", 2,
            "考核办法用不上 --standing", "--standing: not used for an assessment",
        ),
        (
            explain, f"x.yaml {ROUND} --subject nobody", 2,
            "nobody：2022-H1 没有考核表", "nobody: no sheet in 2022-H1",
        ),
        (explain, "s.yaml --subject zhao --period 2022", 2, "积分细则要写 --facts", "a scheme needs --facts"),
        (
            explain, "s.yaml --facts facts.csv --ratings ratings.csv --subject zhao --period 2022", 2,
            "积分细则用不上 --ratings", "--ratings: not used for a scheme",
        ),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_told_in_both_languages(
    folder: Path, run: Callable[[str], Result], line: str, status: int, zh: str, en: str
) -> None:
    (folder / "stars.yaml").write_text("stars: secretary\n", encoding="utf-8")
    for language, message in (("zh", zh), ("en", en)):
        result = run(f"{line} --lang {language}")
        assert (result.exit_code, result.stdout, result.stderr) == (status, "", f"{message}\n")
    assert not (folder / "out").exists()


def test_simulate_wants_schemes(folder: Path) -> None:
    line = f"simulate s.yaml x.yaml --subjects subjects.csv --facts facts.csv {DAYS} --out out --lang en"
    result = jizhi(line)
    assert (result.exit_code, result.stderr) == (
        1,
        "x.yaml: this is an assessment, expected a scheme; for an assessment use jizhi settle\n",
    )


def test_files_that_are_not_there_are_status_2(folder: Path) -> None:
    for line in (
        "x.yaml --ratings no.csv --period 2022-H1",
        "no.yaml --ratings ratings.csv --period 2022-H1",
    ):
        result = settle(line)
        assert result.exit_code == 2, line
        assert "No such file" in result.stderr


def _frame() -> str:
    """Gaoyang's places and clocks, without what names items of its scheme."""
    frame = yaml.safe_load((GAOYANG / "pack.yaml").read_text(encoding="utf-8"))
    return yaml.safe_dump({key: value for key, value in frame.items() if key not in {"panels", "claims"}})


@pytest.fixture
def pack(folder: Path) -> Path:
    """A pack with a scheme and an assessment, and a case for each."""
    place = folder / "pack"
    for name, text in (
        ("pack.yaml", _frame()),
        ("schemes/s/2022-01-01.yaml", SCHEME),
        ("tests/s.yaml", SCHEME_CASE),
        ("assessments/x/2022-01-01.yaml", DOCUMENT),
        ("tests/assessments/x.yaml", CASE),
    ):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_a_packs_cases_for_assessments_are_run(pack: Path) -> None:
    result = jizhi("test pack")
    assert (result.exit_code, result.stdout) == (
        0,
        "✓ a helping hand\n✓ growth of 14\n2 个用例，0 个不通过\n",
    )
    case = pack / "tests" / "assessments" / "x.yaml"
    case.write_text(CASE.replace("growth: 56", "growth: 60"), encoding="utf-8")
    result = jizhi("test pack --lang en")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "✓ a helping hand",
        "✗ growth of 14",
        "  pack/tests/assessments/x.yaml:1 [assessment] zhao.scores.growth: expected 60, found 56.0",
        "2 cases, 1 failed",
    ]


def test_malformed_cases_for_assessments_are_problems_of_the_pack(pack: Path) -> None:
    assert jizhi("check pack").exit_code == 0
    case = pack / "tests" / "assessments" / "x.yaml"
    case.write_text(CASE.replace("assessment: x", "assessment: xx"), encoding="utf-8")
    said = "pack/tests/assessments/x.yaml:1: error: no such assessment [case]; found: xx; did you mean: x"
    for command in ("check", "test"):
        result = jizhi(f"{command} pack --lang en")
        assert result.exit_code == 1
        assert [line for line in result.output.splitlines() if ": error: " in line] == [said]


def test_an_assessment_that_cannot_be_read_is_told_once(pack: Path) -> None:
    version = pack / "assessments" / "x" / "2022-01-01.yaml"
    version.write_text(DOCUMENT.replace("full: 100", "full: 90"), encoding="utf-8")
    result = jizhi("check pack --lang en")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1].startswith("1 errors, ")
