"""`jizhi stars` and `jizhi pay`: from a stars document and plain tables to pay sheets, and what is refused."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from jizhi.cli.main import app
from jizhi.engine import loader

PAGE = Path(loader.__file__).parents[3] / "docs" / "howto" / "write-stars-and-pay.md"
SUBJECTS = "subject,group,from_date\nzhang,north,2016-12-01\n"
FACTS = """fact,subject,item,date,grade
1,zhang,schooling,2020-09-01,
2,zhang,assessment,2022-12-10,competent
3,zhang,assessment,2023-12-10,excellent
4,zhang,income,2023-05-01,
5,zhang,contribution,2023-06-01,
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run: the how-to's document, and a secretary."""
    document = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]
    for name, text in (("s.yaml", document), ("subjects.csv", SUBJECTS), ("facts.csv", FACTS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "scheme.yaml").write_text("scheme: x\nitems: []\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def jizhi(line: str) -> Result:
    return CliRunner().invoke(app, line.split())


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_commands_of_the_guide_rate_and_pay(folder: Path) -> None:
    commands = re.findall(r"^jizhi ((?:stars|pay) .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) == 2
    (folder / "s.yaml").rename(folder / "village-secretary.yaml")
    said = [jizhi(line) for line in commands]
    assert [one.exit_code for one in said] == [0, 0], [one.output for one in said]
    assert [one.stdout for one in said] == [
        "stars 1, star_lines 6, rejected 0 → rated\n",
        "pay 1, pay_lines 4, rejected 0 → paid\n",
    ]
    assert rows(folder / "rated" / "stars.csv")[0]["stars"] == "8"
    # 30,348 + 20,232 × 95 % + 3 × 1,000 + 3 × 100 = 52,868.40
    assert rows(folder / "paid" / "pay.csv")[0]["total_fen"] == "5286840"


def test_stars_are_rated_on_any_day(folder: Path) -> None:
    result = jizhi("stars s.yaml --subjects subjects.csv --facts facts.csv --on 2023-05-31 --out rated")
    assert result.exit_code == 0, result.output
    (row,) = rows(folder / "rated" / "stars.csv")
    assert (row["date"], row["stars"]) == ("2023-05-31", "4")  # years in post 2, schooling 1, income 1
    assert not (folder / "rated" / "persons.csv").exists()


def test_refused_rows_are_told_and_kept(folder: Path) -> None:
    (folder / "facts.csv").write_text(FACTS + "6,zhang,honor,2023-06-01,\n", encoding="utf-8")
    result = jizhi("stars s.yaml --subjects subjects.csv --facts facts.csv --year 2023 --out rated")
    assert (result.exit_code, result.stderr) == (3, "facts:7: unknown item: honor\n")
    (folder / "persons.csv").write_text("person,level\n" + "".join(f"p{n},x\n" for n in range(22)))
    result = jizhi("pay s.yaml --persons persons.csv --year 2023 --out paid")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 21
    assert result.stderr.splitlines()[-1] == "… 22"
    assert len(rows(folder / "paid" / "rejected.csv")) == 22


STARS = "--subjects subjects.csv --facts facts.csv --out out"


@pytest.mark.parametrize(
    ("line", "status", "zh", "en"),
    [
        (f"stars s.yaml {STARS}", 2, "--year 和 --on 写一个，也只写一个", "give either --year or --on"),
        (
            f"stars s.yaml {STARS} --year 2023 --on 2023-01-01", 2,
            "--year 和 --on 写一个，也只写一个", "give either --year or --on",
        ),
        (
            f"stars scheme.yaml {STARS} --year 2023", 1,
            "scheme.yaml：这是积分细则，应为星级办法；积分细则用 jizhi settle",
            "scheme.yaml: this is a scheme, expected a stars document; for a scheme use jizhi settle",
        ),
        (
            "pay scheme.yaml --persons persons.csv --year 2023 --out out", 1,
            "scheme.yaml：这是积分细则，应为星级办法或薪酬表；积分细则用 jizhi settle",
            ("scheme.yaml: this is a scheme, expected a stars document or a pay table; "
            "for a scheme use jizhi settle"),
        ),
        (f"stars s.yaml {STARS} --year 1066", 2, "1066: 1900 – 2199", "1066: 1900 – 2199"),
        ("pay s.yaml --persons persons.csv --year 3000 --out out", 2, "3000: 1900 – 2199", "3000: 1900 – 2199"),
        (
            "pay s.yaml --persons subjects.csv --year 2023 --out out", 2,
            "subjects.csv: missing column: person", "subjects.csv: missing column: person",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_both_languages(
    folder: Path, line: str, status: int, zh: str, en: str
) -> None:
    for language, message in (("zh", zh), ("en", en)):
        result = jizhi(f"{line} --lang {language}")
        assert (result.exit_code, result.stdout, result.stderr) == (status, "", f"{message}\n")
    assert not (folder / "out").exists()


def test_a_wrong_document_is_told_with_its_line(folder: Path) -> None:
    text = (folder / "s.yaml").read_text(encoding="utf-8")
    (folder / "s.yaml").write_text(text.replace("ceiling: 9", "ceilling: 9"), encoding="utf-8")
    result = jizhi(f"stars s.yaml {STARS} --year 2023 --lang en")
    assert result.exit_code == 1
    assert "s.yaml:3: error: unknown key ceilling" in result.stderr
    assert jizhi("pay no.yaml --persons persons.csv --year 2023 --out out").exit_code == 2


def test_the_commands_are_listed_in_both_languages() -> None:
    said = jizhi("--help").output
    assert "评定星级 · Rates persons" in said
    assert "算报酬 · Pays a year" in said
