"""A fictional village made from a seed, and the shapes in which its roster may arrive.

ID numbers use a region that was never assigned, so no number here can belong to anybody.
"""

from __future__ import annotations

import html
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jizhi.sheets.values import check_digit

SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "安柏丰禾和兰乐岭宁平青石顺松田溪竹"
GRIDS = ("第一网格", "第二网格", "第三网格")
RELATIONS = ("配偶", "子", "女", "父", "母", "孙子", "孙女")
Grid = list[list[Any]]


@dataclass(frozen=True)
class Person:
    name: str
    id_number: str
    birth: date
    relation: str
    phone: str
    party: bool


@dataclass(frozen=True)
class Household:
    no: str
    grid: str
    people: tuple[Person, ...]

    @property
    def head(self) -> Person:
        return self.people[0]


def make_id(birth: date, sequence: int) -> str:
    first17 = f"990199{birth:%Y%m%d}{sequence:03d}"
    return first17 + check_digit(first17)


def make_village(seed: int, households: int = 60) -> list[Household]:
    rng = random.Random(seed)
    taken: set[str] = set()

    def person(relation: str) -> Person:
        while True:
            birth = date(1935, 1, 1) + timedelta(days=rng.randrange(30_000))
            number = make_id(birth, rng.randrange(1, 999))
            if number not in taken and not number.endswith("000"):
                taken.add(number)
                break
        name = rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))
        return Person(
            name, number, birth, relation, f"1990199{rng.randrange(10_000):04d}", rng.random() < 0.2
        )

    village = []
    for index in range(households):
        people = [person("户主")]
        for _ in range(rng.randrange(5)):
            member = person(rng.choice(RELATIONS))
            if all(member.name != other.name for other in people):
                people.append(member)
        village.append(Household(f"{index + 1:04d}", GRIDS[index * len(GRIDS) // households], tuple(people)))
    return village


def messy_date(rng: random.Random, day: date) -> Any:
    return rng.choice(
        [
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month}.{day.day}",
            f"{day:%Y/%m/%d}",
            f"{day:%Y%m%d}",
            datetime(day.year, day.month, day.day),  # noqa: DTZ001  spreadsheets know no zones
            (day - date(1899, 12, 30)).days,
        ]
    )


def messy_id(rng: random.Random, number: str) -> Any:
    full_width = number.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    return rng.choice([number, f" {number}", f"\t{number}", number.lower(), full_width, spaced, f"'{number}"])


def messy_name(rng: random.Random, name: str) -> str:
    return rng.choice([name, name, name, f"{name[0]}\u3000{name[1:]}", f" {name}", " ".join(name)])


def person_rows(village: Sequence[Household], seed: int, *, repeat: bool = False) -> Grid:
    """Rows under PERSON_HEADER; the household's cells stand once unless `repeat`."""
    rng = random.Random(seed)
    rows: Grid = []
    for household in village:
        for index, person in enumerate(household.people):
            shown = index == 0 or repeat
            rows.append(
                [
                    household.no if shown else None,
                    household.grid if shown else None,
                    household.head.name if shown else None,
                    messy_name(rng, person.name),
                    person.relation,
                    messy_id(rng, person.id_number),
                    messy_date(rng, person.birth),
                    rng.choice([person.phone, int(person.phone)]),
                    rng.choice(["是", "√", "中共党员"]) if person.party else rng.choice(["否", None, "群众"]),
                ]
            )
    return rows


PERSON_HEADER = [
    "户编号",
    "所属网格",
    "户主",
    "姓名",
    "与户主关系",
    "身份证号码",
    "出生日期",
    "联系电话",
    "是否党员",
]
HOUSEHOLD_HEADER = ["序号", "户号", "户主姓名", "户主身份证", "手机号", "家庭人口数", "网格", "家庭住址"]


def household_rows(village: Sequence[Household], seed: int) -> Grid:
    rng = random.Random(seed)
    return [
        [
            number,
            household.no,
            messy_name(rng, household.head.name),
            messy_id(rng, household.head.id_number),
            household.head.phone,
            rng.choice([len(household.people), str(len(household.people)), f"{len(household.people)}人"]),
            household.grid,
            f"{number}号",
        ]
        for number, household in enumerate(village, start=1)
    ]


def fill(sheet: Worksheet, rows: Grid) -> None:
    for row in rows:
        sheet.append(row)


def workbook(*sheets: tuple[str, Grid], finish: Callable[[Worksheet], None] | None = None) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        fill(sheet, rows)
        if finish is not None:
            finish(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def merge_households(first_row: int, columns: Sequence[int]) -> Callable[[Worksheet], None]:
    """Merge the household cells of each block downwards, as people do by hand."""

    def merge(sheet: Worksheet) -> None:
        starts = [
            r for r in range(first_row, sheet.max_row + 1) if sheet.cell(r, columns[0]).value is not None
        ]
        for start, after in pairwise([*starts, sheet.max_row + 1]):
            for column in columns:
                if after - start > 1:
                    sheet.merge_cells(
                        start_row=start, end_row=after - 1, start_column=column, end_column=column
                    )

    return merge


def csv_text(rows: Grid, separator: str) -> str:
    def cell(value: Any) -> str:
        if value is None:
            return ""
        text = f"{value:%Y/%m/%d}" if isinstance(value, date) else str(value)
        return (
            '"' + text.replace('"', '""') + '"' if separator in text or '"' in text or "\n" in text else text
        )

    return "".join(separator.join(map(cell, row)) + "\r\n" for row in rows)


def html_table(rows: Grid) -> str:
    cells = ("".join(f"<td>{html.escape(str(v)) if v is not None else ''}</td>" for v in row) for row in rows)
    return "<html><body><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></body></html>"
