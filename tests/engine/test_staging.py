"""Files through the database and files row by row give the same tables and the same refusals, however odd the cells."""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

import duckdb
import pytest

from jizhi.engine import files, filework, loader, reference, simulate, simulation_files
from jizhi.engine.loader import Versions

START, END = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
SCHEME = """
scheme: household
unit: {id: point, places: 1}
base: 10
classes: {A: 甲, B: 乙}
periods: {publish: month, summarise: quarter, appraise: year}
items:
  - {id: work, kind: merit, title: 劳动, points: {each: 1.5, per: hour}, limits: [{points: 10, per: month}]}
  - {id: crew, kind: merit, title: 全家, points: {each: 0.5, per: member}, best_of: act}
  - {id: prize, kind: merit, title: 荣誉, points: {grades: {省: 10, 市: 5}}, best_of: act, classes: [A]}
  - {id: step, kind: fault, title: 轻重, points: {ladder: [1, 2, 3]}, repeat: {factor: 2, within: 1 month}}
  - {id: panel, kind: merit, title: 评议, points: {between: [1, 5]}, limits: [{times: 1, per: week}]}
  - {id: tiers, kind: merit, title: 捐款, points: {bands: [{to: 10, each: 1}, {each: 0.1}], per: yuan}}
  - {id: forged, kind: veto, title: 作假, effect: {zero: quarter}}
limits: [{points: 40, per: quarter}]
rank: {within: group}
levels: {period: year, steps: [{level: 优, top: 30%}, {level: 良}]}
outcomes: [{id: low, title: 低, when: {period: year, total: {below: 20}}, then: talk}]
share: {period: year, within: group, from: 0}
"""
ODD = [
    "",
    " ",
    "x",
    "-1",
    "1e3",
    "3.0",
    "3",
    "0.0000001",
    "99999999999",
    " 2 ",
    "１",
    "a\tb",
    "a\x07b",
    "nan",
    "+4",
    "1,5",
]
FIRST_NAMES = ["h1", "h2", "h3", "户四", "h5"]


@pytest.fixture(scope="module")
def versions() -> Versions:
    return Versions.of(loader.load_scheme(SCHEME))


def subject_rows() -> list[list[str]]:
    rows = [["subject", "group", "class", "size", "from_date", "to_date"]]
    for place, name in enumerate(FIRST_NAMES):
        rows.append([name, "东" if place % 2 else "西", "AB"[place % 2], str(place or ""), "", ""])
    return rows + [
        ["h1", "西", "", "", "", ""],
        ["h9", "西", "", "many", "", ""],
        ["h6", "", "A", "2", "2022-02-01", "2022-06-30"],
    ]


def fact_rows(seed: int, count: int, *, odd: float) -> list[list[str]]:
    """Facts of which a part has a cell that no clerk should write."""
    rng = random.Random(seed)
    rows = []
    for number in range(1, count + 1):
        day = START + dt.timedelta(days=rng.randrange(365))
        row = [
            str(number),
            rng.choice([*FIRST_NAMES, "h6"]),
            rng.choice(["work", "crew", "prize", "step", "panel", "tiers", "work", "forged"]),
            day.isoformat(),
            rng.choice(["1", "2.5", "12.25", "0"]),
            rng.choice(["省", "市", "1", "2", "3"]),
            rng.choice(["1", "2.5", "5"]),
            rng.choice(["", "", "", "a", "b"]),
            rng.choice(["", "", "", "false", "true", "否"]),
        ]
        if rng.random() < odd:
            row[rng.randrange(len(row))] = rng.choice(
                [*ODD, str(number - 1), "h7", "2022-02-30", "2022/05/01", "1850-01-01"]
            )
        rows.append(row)
    return rows


def write_csv(path: Path, rows: list[list[str]], end: str = "\n") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator=end).writerows(rows)
    return path


HEADER = ["fact", "subject", "item", "date", "quantity", "grade", "given", "act", "reversed"]


def assert_same(
    versions: Versions, subjects: Path, facts: Path, folder: Path, *, pool: int | None = 1000
) -> int:
    """Both ways agree on every file, to the letter; how many rows were refused."""
    fast = filework.settle(versions, subjects, facts, START, END, folder / "fast", pool=pool)
    slow = filework.settle_row_by_row(
        reference.settle, versions, subjects, facts, START, END, folder / "slow", pool=pool
    )
    for table in (*files.COLUMNS, "rejected"):
        found, expected = ((folder / way / f"{table}.csv").read_text("utf-8") for way in ("fast", "slow"))
        assert list(csv.reader(found.splitlines())) == list(csv.reader(expected.splitlines())), table
    assert fast.counts == slow.counts
    return len(fast.rejected)


@pytest.mark.parametrize("seed", range(6))
def test_odd_cells_are_refused_or_mended_alike(versions: Versions, tmp_path: Path, seed: int) -> None:
    subjects = write_csv(tmp_path / "subjects.csv", subject_rows())
    facts = write_csv(
        tmp_path / "facts.csv", [HEADER, *fact_rows(seed, 400, odd=0.3)], "\r\n" if seed % 2 else "\n"
    )
    assert assert_same(versions, subjects, facts, tmp_path) > 20


def test_good_rows_need_no_second_look(
    versions: Versions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = write_csv(tmp_path / "subjects.csv", subject_rows())
    rows = [row for row in fact_rows(1, 900, odd=0) if not (row[1] == "h1" and row[2] == "crew")]
    rows = [
        row
        for row in rows
        if not (row[2] == "prize" and row[5] not in "省市") and not (row[2] == "step" and row[5] in "省市")
    ]
    facts = write_csv(tmp_path / "facts.csv", [HEADER, *rows])
    assert assert_same(versions, subjects, facts, tmp_path) == 2  # the two bad subjects
    monkeypatch.setattr(files, "fact", lambda _: pytest.fail("a good row was read by itself"))
    filework.settle(versions, subjects, facts, START, END, tmp_path / "again")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "ragged",
            "fact,subject,item,date,quantity\n1,h2,work,2022-01-05,2\n2,h2,work\n3,h2,work,2022-01-06,2,9\n",
        ),
        ("blank lines", "fact,subject,item,date,quantity\n\n1,h2,work,2022-01-05,2\n\n2,h2,work,bad,2\n"),
        (
            "two lines in a cell",
            'fact,subject,item,date,quantity,act\n1,h2,work,2022-01-05,2,"a\nb"\n2,h2,work,bad,2,\n',
        ),
        (
            "byte order mark",
            "\ufefffact,subject,item,date,quantity\n1,h2,work,2022-01-05,2\n2,h2,nothing,2022-01-05,2\n",
        ),
        (
            "other order and more columns",
            "remark,date,item,subject,fact,quantity\n说明,2022-01-05,work,h2,1,2\n,2022-01-05,work,nobody,2,2\n",
        ),
        ("capitals", "Fact, Subject,ITEM,Date,Quantity\n1,h2,work,2022-01-05,2\n"),
        ("no line end", "fact,subject,item,date,quantity\n1,h2,work,2022-01-05,2\n2,h2,work,2022-01-06,x"),
        ("only a header", "fact,subject,item,date\n"),
        (
            "falling numbers",
            "fact,subject,item,date,quantity\n9,h2,work,2022-01-05,2\n3,h2,work,2022-01-06,9\n9,h2,work,2022-01-07,2\n",
        ),
    ],
)
def test_tables_of_any_form(versions: Versions, tmp_path: Path, name: str, text: str) -> None:
    subjects = write_csv(tmp_path / "subjects.csv", subject_rows())
    facts = tmp_path / "facts.csv"
    facts.write_bytes(text.encode())
    assert_same(versions, subjects, facts, tmp_path)


TYPED = """CAST(fact AS BIGINT) AS fact, subject, item, CAST(date AS DATE) AS date,
    CAST(quantity AS DECIMAL(9, 2)) AS quantity, grade, CAST(given AS DECIMAL(12, 6)) AS given, act,
    reversed = 'true' AS reversed"""
FRAME = """CAST(fact AS INTEGER) AS fact, subject, item, CAST(date AS TIMESTAMP) AS date,
    CAST(quantity AS DOUBLE) AS quantity, grade, CAST(given AS DOUBLE) AS given, act,
    CAST(reversed = 'true' AS INTEGER) AS reversed"""
MIXED = """CAST(fact AS DOUBLE) AS fact, subject, item, date, CAST(quantity AS DECIMAL(30, 10)) AS quantity, grade,
    given, act, reversed"""


@pytest.mark.parametrize("shape", [TYPED, FRAME, MIXED], ids=["typed", "data frame", "mixed"])
def test_parquet_of_any_types(versions: Versions, tmp_path: Path, shape: str) -> None:
    subjects = write_csv(tmp_path / "subjects.csv", subject_rows())
    rows = fact_rows(3, 300, odd=0)
    rows[7][1], rows[9][2], rows[11][5] = "nobody", "nothing", "部"
    text = write_csv(tmp_path / "facts.csv", [HEADER, *rows])
    facts = tmp_path / "facts.parquet"
    duckdb.sql(
        f"COPY (SELECT {shape} FROM read_csv('{text}', all_varchar=true)) TO '{facts}' (FORMAT parquet)"
    )
    assert assert_same(versions, subjects, facts, tmp_path) > 3


@pytest.mark.parametrize("lacking", ["old", "new"])
def test_a_draft_may_bring_or_lack_an_item_that_has_facts(
    versions: Versions, tmp_path: Path, lacking: str
) -> None:
    subjects = write_csv(tmp_path / "subjects.csv", subject_rows()[:6])
    rows = [["1", "h2", "work", "2022-01-05", "2"], ["2", "h2", "forged", "2022-07-05", ""]]
    facts = write_csv(tmp_path / "facts.csv", [HEADER[:5], *rows])
    text = "\n".join(line for line in SCHEME.splitlines() if "forged" not in line)
    fewer = Versions.of(loader.load_scheme(text))
    old, new = (fewer, versions) if lacking == "old" else (versions, fewer)
    with simulate.ground(old, simulate.from_files(subjects, facts), START, END) as ground:
        for draft in (new, old, new):
            found = ground.compare(draft)
            assert [row.line for row in found.rejected_before] == ([3] if old is fewer else [])
            assert [row.line for row in found.rejected_after] == ([3] if draft is fewer else [])
            simulation_files.write(ground, found, tmp_path / "out", 1)
