"""Single cells: what is understood, what is refused, and that every true value survives every spelling."""

from __future__ import annotations

import random
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jizhi.sheets import values
from jizhi.sheets.numerals import parse_numeral
from jizhi.sheets.reading import Cell
from jizhi.sheets.reading.cells import make_cell
from tests.sheets import villages

DAYS = st.dates(min_value=date(1906, 1, 1), max_value=date(2099, 12, 31))
TEXTS = st.text(max_size=60)


def cell(value: Any) -> Cell:
    return make_cell(value)


@given(DAYS, st.integers(0, 10**6))
def test_every_spelling_of_a_date_is_that_date(day: date, seed: int) -> None:
    outcome = values.parse_date(cell(villages.messy_date(random.Random(seed), day)))
    assert (outcome.value, outcome.problem) == (day, None)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022年3月5日", date(2022, 3, 5)),
        ("２０２２年０３月０５日", date(2022, 3, 5)),
        ("2022 年 3 月 5 日", date(2022, 3, 5)),
        ("二〇二二年三月十五日", date(2022, 3, 15)),
        ("2022-03-05 00:00:00", date(2022, 3, 5)),
        ("2022-03-05T08:30", date(2022, 3, 5)),
        ("2022.3.5", date(2022, 3, 5)),
        ("2022。3。5", date(2022, 3, 5)),
        ("1986.2.16", date(1986, 2, 16)),
        ("15171", date(1941, 7, 14)),
        (15171, date(1941, 7, 14)),
        (15171.0, date(1941, 7, 14)),
        (20220305, date(2022, 3, 5)),
        (datetime(2022, 3, 5, 9, 30), date(2022, 3, 5)),  # noqa: DTZ001
        ("22.3.5", None),
        ("'86.2.16", None),
        ("860216", None),
        ("2022-02-30", None),
        ("2022-13-01", None),
        (20221301, None),
        (1986, None),
        (1986.2, None),
        ("2022年3月", None),
        ("3/5/2022", None),
        (True, None),
        ("昨天", None),
        (99999999, None),
        (-5, None),
    ],
)
def test_dates(written: Any, day: date | None) -> None:
    outcome = values.parse_date(cell(written))
    assert outcome.value == day
    assert (outcome.problem is None) == (day is not None)


@given(DAYS, st.integers(1, 998), st.integers(0, 10**6))
def test_every_spelling_of_an_id_number_is_that_number(day: date, sequence: int, seed: int) -> None:
    number = villages.make_id(day, sequence)
    outcome = values.parse_id_number(cell(villages.messy_id(random.Random(seed), number)))
    assert outcome.value == number
    assert values.birth_date_of(number) == day


@given(DAYS, st.integers(1, 998), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(day: date, sequence: int, place: int, shift: int) -> None:
    number = villages.make_id(day, sequence)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert values.parse_id_number(cell(wrong)).problem is not None


@given(DAYS, st.integers(1, 998))
def test_numbers_that_went_through_excel_are_refused_as_that(day: date, sequence: int) -> None:
    number = villages.make_id(day, sequence).replace("X", "0")
    for damaged in (float(number), int(number[:15] + "000"), f"{float(number):.5E}"):
        problem = values.parse_id_number(cell(damaged)).problem
        assert problem is not None
        assert "丢失" in problem.zh
    as_text = values.parse_id_number(cell(f"{number[:15]}000"))
    assert as_text.problem is None or "丢失" in as_text.problem.zh  # one in eleven is a number by chance


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31)), st.integers(1, 998))
def test_old_numbers_of_fifteen_digits(day: date, sequence: int) -> None:
    number = villages.make_id(day, sequence)
    old = number[:6] + number[8:17]
    for written in (old, int(old)):
        outcome = values.parse_id_number(cell(written))
        assert outcome.value == number
        assert outcome.note is not None


def test_an_exact_number_with_the_right_check_digit_is_understood() -> None:
    outcome = values.parse_id_number(cell(990199198602168082))
    assert outcome.value == "990199198602168082"
    assert outcome.note is not None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("99019919581216668x", "99019919581216668X"),
        ("99019919581216668ｘ", "99019919581216668X"),
        ("99019919581216668×", "99019919581216668X"),
        ("99019919581216668Х", "99019919581216668X"),  # Cyrillic
        ('="990199198602168082"', "990199198602168082"),
        ("`990199198602168082", "990199198602168082"),
        ("\u200b990199198602168082\u00a0", "990199198602168082"),
        ("990199-19860216-8082", "990199198602168082"),
        ("身份证：990199198602168082", "990199198602168082"),
        ("", None),
        ("无", None),
    ],
)
def test_id_spellings(written: str, number: str | None) -> None:
    outcome = values.parse_id_number(cell(written))
    assert (outcome.value, outcome.problem) == (number, None)


@pytest.mark.parametrize(
    ("written", "phone"),
    [
        ("19901993439", "19901993439"),
        (19901993439, "19901993439"),
        (19901993439.0, "19901993439"),
        ("199 0199 3439", "19901993439"),
        ("199-0199-3439", "19901993439"),
        ("+86 19901993439", "19901993439"),
        ("１９９０１９９３４３９", "19901993439"),
        ("0312-6612345", "03126612345"),
        ("19901993439/19901993440", "19901993439"),
        ("19901993439、0312-6612345", "19901993439"),
        ("19901993439（子）", "19901993439"),
        ("/", None),
    ],
)
def test_phones(written: Any, phone: str | None) -> None:
    outcome = values.parse_phone(cell(written))
    assert (outcome.value, outcome.problem) == (phone, None)


@pytest.mark.parametrize(
    "written", ["123", "1990199343", "199019934399", "电话", 1.5, "19901993439/12", "12345678901"]
)
def test_bad_phones(written: Any) -> None:
    assert values.parse_phone(cell(written)).problem is not None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("赵　丰", "赵丰"),
        ("赵 田 禾", "赵田禾"),
        (" 赵丰\n", "赵丰"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("周竹石（户主）", "周竹石"),
        ("Li  Hua", "Li Hua"),
        ("𠮷田禾", "𠮷田禾"),
        ("赵\u0007丰", "赵丰"),
        ("无", None),
    ],
)
def test_names(written: str, name: str | None) -> None:
    outcome = values.parse_name(cell(written))
    assert (outcome.value, outcome.problem) == (name, None)


@pytest.mark.parametrize("written", ["赵1", "赵?", "赵*", "赵丰（已故）", "赵丰,钱柏", 7, "赵" * 41])
def test_bad_names(written: Any) -> None:
    assert values.parse_name(cell(written)).problem is not None


@pytest.mark.parametrize(
    ("written", "no"),
    [("0001", "0001"), (1, "0001"), (1.0, "0001"), ("1", "0001"), ("０００１", "0001"), ("第1户", "0001"),
     ("12345", "12345"), ("X20", "X20"), ("1-003", "1-003"), ('="0001"', "0001"), ("0001号", "0001"), (None, None)],
)  # fmt: skip
def test_household_numbers(written: Any, no: str | None) -> None:
    outcome = values.parse_household_no(cell(written))
    assert (outcome.value, outcome.problem) == (no, None)


@pytest.mark.parametrize("written", [1.5, "一二三，四", "0001 0002\n" * 9, "？"])
def test_bad_household_numbers(written: Any) -> None:
    assert values.parse_household_no(cell(written)).problem is not None


@pytest.mark.parametrize(
    ("written", "party"),
    [("是", True), ("√", True), ("中共党员", True), ("预备党员", True), ("Y", True), (True, True), (1, True)]
    + [(text, False) for text in ("否", "群众", "共青团员", None, "×", "无", False, 0)],
)
def test_party(written: Any, party: bool) -> None:
    outcome = values.parse_party(cell(written))
    assert (outcome.value, outcome.note) == (party, None)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("二〇二二", 2022),
        ("7", 7),
        ("百", None),
        ("十十", None),
    ],
)
def test_numerals(text: str, number: int | None) -> None:
    assert parse_numeral(text) == number


@given(st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.datetimes(), st.none()))
def test_no_cell_crashes_a_parser(value: Any) -> None:
    made = make_cell(value)
    for parse in (
        values.parse_date,
        values.parse_household_no,
        values.parse_id_number,
        values.parse_name,
        values.parse_party,
        values.parse_phone,
        values.parse_size,
        values.parse_text,
    ):
        outcome = parse(made)
        assert outcome.problem is None or outcome.value is None
    values.partial_date(made)
