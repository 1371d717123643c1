"""From files to files: columns, lines of refused rows, exit status, and from stars to pay without a hand."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from jizhi.engine import pay_files, star_files
from tests.engine.pay.star_documents import WHOLE
from tests.engine.pay.test_documents import PAY

PERSONS = """person,name,group,level,stars,previous_stars,first_stars,from_date,to_date,left_normally
li,示例李,北,6,6,4,1,2019-03-01,,
wang,示例王,北,1,,,,2023-07-01,,
zhao,示例赵,南,6,6,,1,2015-01-01,2023-06-30,
qian,示例钱,南,6,6,,1,2015-01-01,2023-06-30,否
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a stars document, a pay table and persons."""
    (tmp_path / "stars.yaml").write_text(WHOLE + PAY, encoding="utf-8")
    (tmp_path / "pay.yaml").write_text(PAY, encoding="utf-8")
    (tmp_path / "persons.csv").write_text(PERSONS, encoding="utf-8")
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("document", ["stars.yaml", "pay.yaml"])
def test_a_year_is_paid_from_files(place: Path, document: str) -> None:
    said: list[str] = []
    out = place / "out"
    assert pay_files.run(place / document, place / "persons.csv", 2023, out, echo=said.append) == 0
    assert said == []
    found = {row["person"]: row for row in rows(out / "pay.csv")}
    # li: 30,348 + 20,232 + 2 × 1,000 + 2 × 100; wang half a year: 15,174 + 20,232 × 60 % / 2 = 6,069.60
    # zhao half a year: 15,174 + 10,116, against the first rating 5,000 + 500, then six months of 50
    assert [found[who]["total_fen"] for who in ("li", "wang", "zhao", "qian")] == [
        "5278000",
        "2124360",
        "3109000",
        "3079000",
    ]
    assert found["zhao"] == {
        "person": "zhao", "name": "示例赵", "group": "南", "level": "6", "stars": "6", "previous_stars": "",
        "first_stars": "1", "base_fen": "1517400", "performance_fen": "1011600", "added_stars_fen": "500000",
        "pension_fen": "50000", "leaving_fen": "30000", "total_fen": "3109000",
    }  # fmt: skip
    for who, row in found.items():
        parts = [int(line["fen"]) for line in rows(out / "pay_lines.csv") if line["person"] == who]
        assert sum(parts) == int(row["total_fen"])
        months = [int(line["fen"]) for line in rows(out / "pay_months.csv") if line["person"] == who]
        assert sum(months) == int(row["base_fen"])
    lines = rows(out / "pay_lines.csv")
    assert lines[0] == {
        "person": "li",
        "line": "base",
        "title": "基础工资",
        "fen": "3034800",
        "reason": "年薪标准 50580 元 × 基础 60% = 30348.00 元",
        "reason_en": "standard 50580 yuan × base 60% = 30348.00 yuan",
    }
    assert rows(out / "rejected.csv") == []


def test_rows_that_cannot_be_used_are_kept_with_line_and_reason(place: Path) -> None:
    more = [
        "li,,,6",
        ",,,6",
        "a,,,12",
        "b,,,",
        "c,,,五星,x",
        "d,,,5,5.123",
        "e,,,5,5,-1",
        "f,,,5,5,,,2023-02-30",
        "g,,,5,5,,,2023-05-01,2023-04-01",
        "h,,,5,5,,,2024-01-01",
        "i,,,5,5,,,,,maybe",
        "j,,,5,5,,,,,,more",
    ]
    (place / "persons.csv").write_text(PERSONS + "\n".join(more), encoding="utf-8")
    said: list[str] = []
    out = place / "out"
    assert pay_files.run(place / "pay.yaml", place / "persons.csv", 2023, out, echo=said.append) == 3
    levels = "(there are: 0, 1, 2, 3, 4, 5, 6)"
    assert [(row["table"], row["line"], row["reason"]) for row in rows(out / "rejected.csv")] == [
        ("persons", "6", "person: used twice, first in line 2: li"),
        ("persons", "7", "person: missing"),
        ("persons", "8", f"level: not in by_level: 12 {levels}"),
        ("persons", "9", "level: missing"),
        ("persons", "10", "stars: not a number of stars such as 5 or 4.5: x"),
        ("persons", "11", "stars: not a number of stars such as 5 or 4.5: 5.123"),
        ("persons", "12", "previous_stars: not a number of stars such as 5 or 4.5: -1"),
        ("persons", "13", "from_date: not a day such as 2022-05-03: 2023-02-30"),
        ("persons", "14", "from_date: after to_date: 2023-05-01"),
        ("persons", "15", "from_date: not in post in 2023"),
        ("persons", "16", "left_normally: neither true nor false: maybe"),
        ("persons", "17", "more cells than columns"),
    ]
    assert said[0] == "persons:6: person: used twice, first in line 2: li"
    assert len(rows(out / "pay.csv")) == 4


def test_what_cannot_be_read_or_is_wrong_has_its_status(place: Path) -> None:
    said: list[str] = []

    def run(document: str, persons: str = "persons.csv", year: int = 2023, **more: Any) -> int:
        said.clear()
        return pay_files.run(place / document, place / persons, year, place / "out", echo=said.append, **more)

    assert run("nothing.yaml") == 2
    assert "nothing.yaml" in said[0]
    assert run("pay.yaml", "nothing.csv") == 2
    assert run("pay.yaml", year=99999) == 2
    (place / "empty.yaml").write_text(WHOLE, encoding="utf-8")
    assert run("empty.yaml", language="en") == 1
    assert said == [
        f"{place}/empty.yaml:1: error: the version in force in 2023 has no `pay` [missing-key]; expected: pay"
    ]
    (place / "wrong.yaml").write_text(PAY.replace("base: 60%", "base: 0.6"), encoding="utf-8")
    assert run("wrong.yaml", language="en") == 1
    assert said[0].startswith(
        f"{place}/wrong.yaml:3: error: base is not right [invalid-value]; found: 0.6; expected:"
    )
    (place / "bad.csv").write_text("who,level\nli,3\n", encoding="utf-8")
    assert run("pay.yaml", "bad.csv") == 2
    assert said == [f"{place}/bad.csv: missing column: person"]
    (place / "out.txt").write_text("", encoding="utf-8")
    assert (
        pay_files.run(place / "pay.yaml", place / "persons.csv", 2023, place / "out.txt", echo=said.append)
        == 2
    )


@pytest.mark.parametrize("before", ["", WHOLE])
def test_a_year_is_paid_by_the_version_at_its_end(place: Path, before: str) -> None:
    folder = place / "versions"
    folder.mkdir()
    for day, standard in (("2022-03-01", 50580), ("2024-12-31", 60000)):
        (folder / f"{day}.yaml").write_text(before + PAY.replace("50580", str(standard)), encoding="utf-8")
    standards = [pay_files.load(folder, year).pay.standard for year in (2021, 2022, 2023, 2024, 2025)]
    assert standards == [5_058_000, 5_058_000, 5_058_000, 6_000_000, 6_000_000]
    assert pay_files.run(place / "persons.csv", place / "persons.csv", 2023, place / "out") == 1
    (place / "none").mkdir()
    assert pay_files.run(place / "none", place / "persons.csv", 2023, place / "out") == 1


def test_messages_go_to_stderr_when_nobody_says_otherwise(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pay_files.run(place / "pay.yaml", place / "nothing.csv", 2023, place / "out") == 2
    assert "nothing.csv" in capsys.readouterr().err


SUBJECTS = "subject,group,from_date,to_date\nli,north,2019-03-01,\nwang,north,2023-06-01,\nsun,north,,\n"
FACTS = """fact,subject,item,date,grade
1,li,assessment,2023-12-20,excellent
2,li,honour,2021-06-01,city
3,li,income,2022-11-01,
4,li,study,2020-07-01,
5,li,studdy,2023-01-01,
"""


def test_stars_are_rated_from_files_and_paid_from_what_that_wrote(place: Path) -> None:
    (place / "subjects.csv").write_text(SUBJECTS, encoding="utf-8")
    (place / "facts.csv").write_text(FACTS, encoding="utf-8")
    said: list[str] = []
    rated = place / "rated"
    inputs = place / "stars.yaml", place / "subjects.csv", place / "facts.csv"
    assert star_files.run(*inputs, rated, year=2023, echo=said.append) == 3
    assert said == ["facts:6: unknown item: studdy", "subjects:4: from_date: missing, years in post count"]
    assert rows(rated / "stars.csv")[0] == {
        "person": "li", "group": "north", "date": "2023-12-31", "rated": "true", "base": "4", "raised": "2",
        "dropped": "0", "removed": "0", "floor_lift": "0", "ceiling_cut": "0", "stars": "6", "level": "6",
        "reason": "基础 4 + 增星 2 = 6 星", "reason_en": "base 4 + raised 2 = 6 stars",
    }  # fmt: skip
    assert rows(rated / "stars.csv")[1]["rated"] == "false"
    assert [(row["item"], row["counted"], row["until"]) for row in rows(rated / "star_lines.csv")] == [
        ("assessment", "2", "2023-12-31"),
        ("honour", "1", "2024-06-01"),
        ("income", "1", "2024-11-01"),
        ("study", "1", "9999-12-31"),
        ("tenure", "1", "2023-12-31"),
    ]
    paid = place / "paid"
    assert pay_files.run(place / "stars.yaml", rated / "persons.csv", 2023, paid, echo=said.append) == 3
    assert [(row["person"], row["added_stars_fen"], row["total_fen"]) for row in rows(paid / "pay.csv")] == [
        ("li", "200000", "5278000")
    ]
    assert rows(paid / "rejected.csv")[0]["reason"].startswith("level: not in by_level: unrated")
    table = (WHOLE + PAY).replace("6: 100%", "6: 100%, unrated: 50%")
    (place / "stars.yaml").write_text(table, encoding="utf-8")
    # wang from June: 7/12 of 30,348 = 17,703, 7/12 of 20,232 × 50 % = 5,901
    assert pay_files.run(place / "stars.yaml", rated / "persons.csv", 2023, paid) == 0
    assert rows(paid / "pay.csv")[1]["total_fen"] == "2360400"


def test_stars_of_a_day_are_rated_alone(place: Path) -> None:
    (place / "subjects.csv").write_text(SUBJECTS.replace("sun,north,,\n", ""), encoding="utf-8")
    (place / "facts.csv").write_text(FACTS.replace("5,li,studdy", "5,li,study"), encoding="utf-8")
    inputs = place / "stars.yaml", place / "subjects.csv", place / "facts.csv", place / "out"
    assert star_files.run(*inputs, on=dt.date(2022, 10, 31)) == 0
    assert rows(place / "out" / "stars.csv")[0]["stars"] == "3"
    assert not (place / "out" / "persons.csv").exists()
    with pytest.raises(ValueError, match="either `year` or `on`"):
        star_files.run(*inputs)
