"""Stars documents and pay tables from YAML: what is refused, with the line and the nearest name."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from jizhi.engine import stars
from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.text import Text
from jizhi.engine.reading import words
from tests.engine.pay.star_documents import DOCUMENT, WHOLE

PAY = """pay:
  standard: 50580
  base: 60%
  performance: {share: 40%, by_level: {0: 0%, 1: 60%, 2: 70%, 3: 80%, 4: 90%, 5: 95%, 6: 100%}}
  per_added_star: 1000
  pension_per_added_star: 100
  leaving: {added_since_first: 5, monthly: 50}
"""


def problems(text: str) -> list[Problem]:
    with pytest.raises(DocumentError) as caught:
        stars.load(text)
    return caught.value.problems


def test_a_whole_document_loads_with_its_pay_table() -> None:
    document = stars.load(WHOLE + PAY)
    assert document.pay is not None
    assert (document.pay.standard, document.pay.per_added_star) == (5_058_000, 100_000)
    assert document.pay.performance is not None
    assert list(document.pay.performance.by_level) == ["0", "1", "2", "3", "4", "5", "6"]


def test_it_becomes_a_scheme_of_merits_faults_and_a_veto() -> None:
    scheme = DOCUMENT.scheme
    assert (scheme.unit.id, scheme.range.min, scheme.range.max) == ("star", 0, 600)
    assert [(item.id, item.section, item.kind.value) for item in scheme.items] == [
        ("assessment", "base", "merit"),
        ("honour", "base", "merit"),
        ("tenure", "base", "merit"),
        ("income", "raise", "merit"),
        ("study", "raise", "merit"),
        ("idle", "drop", "fault"),
        ("incident", "removal", "fault"),
        ("discipline", "removal", "veto"),
    ]
    assert [(section.id, len(section.limits)) for section in scheme.sections] == [
        ("base", 0),
        ("raise", 1),
        ("drop", 0),
        ("removal", 0),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "found", "nearest"),
    [
        ("ceiling: 6", "cieling: 6", 3, "unknown-key", "cieling", "ceiling"),
        ("points: 1, valid: 2 years", "point: 1, valid: 2 years", 11, "unknown-key", "point", "points"),
        ("takes: all", "takes: al", 17, "unknown-name", "al", "all"),
        ("valid: ever", "valid: for ever", 12, "invalid-value", "for ever", ""),
        ("id: study", "id: income", 12, "duplicate-id", "income", ""),
        ("ceiling: 6", "ceiling: 6.5", 3, "places", "6.5", ""),
        ("best_of: act,", "best_of: act, classes: [A],", 7, "unknown-name", "A", ""),
        ("limits: {raise:", "limits: {rise:", 18, "unknown-key", "rise", "raise"),
        (
            "{points: 2, per: year}]}",
            "{points: 2, per: year}, {points: 2, per: year}]}",
            18,
            "idle-limit",
            "",
            "",
        ),
    ],
)
def test_a_mistake_is_found_with_its_line_and_the_nearest_name(
    old: str, new: str, line: int, code: str, found: str, nearest: str
) -> None:
    assert old in WHOLE
    first = problems(WHOLE.replace(old, new, 1))[0]
    assert (first.line, first.code) == (line, code)
    assert first.found.startswith(found)
    assert first.nearest == nearest


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        (
            "years: {3: 1, 6: 2}",
            "from: {register: post}",
            9,
            "either `points`, or `years` such as {3: 1, 6: 2}",
        ),
        (
            "years: {3: 1, 6: 2}",
            "years: {3: 1}, points: 1",
            9,
            "either `points`, or `years` such as {3: 1, 6: 2}",
        ),
        ("takes: all", "takes: all, points: 1", 17, "either `points`, such as 1, or `takes: all`"),
        ("points: 1}", "valid: 1 year}", 16, "either `points`, such as 1, or `takes: all`"),
        (
            "points: 1, valid: 2 years, limits",
            "limits",
            11,
            "`points`, such as 1 or {grades: {national: 3, city: 1}}",
        ),
    ],
)
def test_every_item_says_its_stars_in_one_way(old: str, new: str, line: int, expected: str) -> None:
    assert old in WHOLE
    (found,) = [one for one in problems(WHOLE.replace(old, new, 1)) if one.code == "invalid-value"]
    assert found.line == line
    assert found.found in ("tenure", "points, years", "points, takes", "incident", "income")
    assert expected in found.say("en")


def test_a_limit_on_a_part_counts_what_the_part_has() -> None:
    (found,) = problems(WHOLE.replace("{points: 2, per: year}", "{points: 2, per: year, kind: fault}"))
    assert (found.line, found.found) == (18, "kind: fault")
    same = stars.load(WHOLE.replace("{points: 2, per: year}", "{points: 2, per: year, kind: merit}"))
    assert same.scheme.sections == DOCUMENT.scheme.sections


@pytest.mark.parametrize("module", ["pay", "star"])
def test_what_is_expected_is_said_in_chinese_too(module: str) -> None:
    source = Path(stars.__file__).parents[1] / "document" / f"{module}.py"
    said = re.findall(r'(?:ValueError\(|Wrong\(|return )"([^"]+ [^"]+)"', source.read_text(encoding="utf-8"))
    assert len(said) >= 3
    for english in said:
        found = words.expected(english)
        assert isinstance(found, Text), english
        assert re.search("[\u4e00-\u9fff]", found.zh), english


def test_a_level_nobody_can_have_is_refused_in_the_pay_table() -> None:
    (found,) = problems(WHOLE + PAY.replace("5: 95%", "5: 95%, 7: 110%"))
    assert (found.code, found.line, found.found) == ("unknown-name", 22, "7")
    named = WHOLE + "levels: [{level: 五星, from: 5}, {level: 无星}]\n"
    (found,) = problems(named + "pay: {standard: 1000, performance: {share: 100%, by_level: {五级: 100%}}}\n")
    assert (found.found, found.nearest, found.expected) == ("五级", "五星", "五星, 无星, unrated")


def test_levels_above_the_ceiling_and_levels_used_twice_are_refused() -> None:
    levels = "levels:\n  - {level: 无星}\n  - {level: 七星, from: 7}\n  - {level: 无星, from: 2}\n"
    found = {one.code: one for one in problems(WHOLE + levels)}
    assert (found["idle-level"].line, found["idle-level"].found, found["idle-level"].expected) == (
        21,
        "7",
        "6",
    )
    assert found["duplicate-id"].found == "无星"


def test_a_level_without_pay_is_a_warning_and_the_law_is_looked_at() -> None:
    text = (WHOLE + PAY).replace("0: 0%, ", "").replace("履职不力", "越级上访")
    found = stars.problems(stars.Versions.of(stars.load(text)), dt.date(2026, 1, 1))
    assert ("unpaid-level", "warning", "0, unrated") in [(one.code, one.level, one.found) for one in found]
    assert ("petition", "error", "idle") in [(one.code, one.level, one.item) for one in found]


def test_versions_come_from_a_folder_by_their_days(tmp_path: Path) -> None:
    (tmp_path / "2022-03-01.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "2023-03-01.yaml").write_text(WHOLE.replace("ceiling: 6", "ceiling: 9"), encoding="utf-8")
    versions = stars.load_versions(tmp_path)
    assert versions.on(dt.date(2022, 2, 28)) is None
    in_force = [versions.on(dt.date(2023, 2, 28)), versions.on(dt.date(2023, 3, 1))]
    assert [one.ceiling for one in in_force if one] == [600, 900]
    assert stars.problems(versions)[0].file.endswith("2022-03-01.yaml")


@pytest.mark.parametrize(
    ("files", "code", "where"),
    [
        ({}, "empty", ""),
        ({"old.yaml": WHOLE, "2023-03-01.yaml": WHOLE}, "versions", "old.yaml"),
        (
            {"2022-03-01.yaml": WHOLE, "2023-03-01.yaml": WHOLE.replace("stars: secretary", "stars: x")},
            "versions",
            "2023-03-01.yaml",
        ),
        ({"2022-03-01.yaml": WHOLE.replace("ceiling", "cieling")}, "unknown-key", "2022-03-01.yaml"),
    ],
)
def test_versions_that_do_not_belong_together_are_refused(
    tmp_path: Path, files: dict[str, str], code: str, where: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        stars.load_versions(tmp_path)
    assert code in [one.code for one in caught.value.problems]
    assert all(one.file.endswith(where) for one in caught.value.problems)
