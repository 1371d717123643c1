"""The example of the how-to is a document that loads, passes the law guard and pays what the page says."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from jizhi.engine import pay, pay_files, star_files, stars
from jizhi.engine.tables import Fact, Subject

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "write-stars-and-pay.md").read_text(
    encoding="utf-8"
)
DOCUMENT = stars.load(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0])
VERSIONS = stars.Versions.of(DOCUMENT)


def test_the_example_has_nothing_the_law_is_against() -> None:
    assert stars.problems(VERSIONS, dt.date(2023, 1, 1)) == []


def test_a_secretary_is_rated_and_paid_as_the_page_says() -> None:
    # 2022: competent 2, tenure 2 (in post since 2016), schooling 1 = 5, also the first rating in 2020 with tenure 1 + 1
    # 2023: excellent 3, tenure 2, income 1, contribution 1, schooling 1 = 8
    person = Subject("zhang", from_date=dt.date(2016, 12, 1))
    rows = [
        ("schooling", "2020-09-01", None),
        ("assessment", "2022-12-10", "competent"),
        ("assessment", "2023-12-10", "excellent"),
        ("income", "2023-05-01", None),
        ("contribution", "2023-06-01", None),
    ]
    facts = [
        Fact(number, "zhang", item, dt.date.fromisoformat(day), grade=grade)
        for number, (item, day, grade) in enumerate(rows, 1)
    ]
    (payable,), rejected = stars.payable(VERSIONS, [person], facts, 2023)
    assert rejected == []
    assert (payable.stars, payable.previous_stars, payable.first_stars) == (800, 500, 200)
    assert DOCUMENT.pay is not None
    sheet = pay.sheet(DOCUMENT.pay, payable, 2023)
    # 30,348 + 20,232 × 95 % + 3 × 1,000 + 3 × 100 = 52,868.40
    assert sheet.total == 5_286_840
    (quoted,) = re.findall(r"`(年薪标准 .*?元)`", PAGE)
    assert quoted in [line.reason.zh for line in sheet.lines]


def test_the_page_names_every_column_that_is_written() -> None:
    for name in (
        *pay_files.COLUMNS[:7],
        *star_files.SHEET,
        *star_files.LINE,
        *(f"{kind}_fen" for kind in pay.TITLES),
    ):
        assert f"`{name}`" in PAGE or f"[`{name}`]" in PAGE, name
