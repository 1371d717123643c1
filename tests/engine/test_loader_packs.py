"""Packs and folders of versions: files named by days, strays, names between documents, what `jizhi check` answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from jizhi.cli.main import app
from jizhi.engine import checking, loader
from jizhi.engine.document.problem import DocumentError, Problem

PACK = "pack: p\ntitle: 甲\nplace: 乙\n"
HOUSEHOLD = """scheme: household
levels: {period: year, steps: [{level: 五星, over: 180}, {level: 无星}]}
outcomes:
  - {id: star, title: 星级户, when: {period: year, level: 五星}, reference: 一,
     then: {fact: {scheme: village, item: star}}}
"""
VILLAGE = """scheme: village
subject: area
items:
  - {id: star, kind: merit, title: 星级户, points: 5, from: {scheme: household, level: 五星}, reference: 一}
  - {id: graded, kind: merit, title: 获奖, points: {grades: {high: 5, low: 1}}, reference: 一}
  - {id: hours, kind: merit, title: 服务, points: {each: 1, per: hour}, reference: 一}
"""
ASSESSMENT = """assessment: secretary
subject: person
rater_groups: [{id: town}]
parts: [{id: work, full: 100, indicators: [{id: a, mode: panel, full: 100, reference: 一}]}]
grades: {steps: [{grade: excellent, from: 90}, {grade: rest}]}
reference: 一
"""


def write(folder: Path, **files: str) -> Path:
    documents = {
        "pack.yaml": PACK,
        "schemes/household/2022-03-01.yaml": HOUSEHOLD,
        "schemes/village/2022-03-01.yaml": VILLAGE,
    } | {name.replace("__", "/").replace("_d", "."): text for name, text in files.items()}
    for name, text in documents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[Problem]:
    return checking.problems(folder)


def test_a_pack_whose_documents_know_each_other_is_in_order(tmp_path: Path) -> None:
    assert problems(write(tmp_path)) == []


@pytest.mark.parametrize(
    ("old", "new", "file", "line", "found", "nearest"),
    [
        ("item: star}", "item: sta}", "household", 4, "sta", "star"),
        ("scheme: village, item", "scheme: vilage, item", "household", 4, "vilage", "village"),
        ("item: star}", "item: graded}", "household", 4, "-", ""),
        ("item: star}", "item: graded, grade: hihg}", "household", 4, "hihg", "high"),
        ("item: star}", "item: hours}", "household", 4, "hours", ""),
        ("{scheme: household, level", "{scheme: houshold, level", "village", 4, "houshold", "household"),
        ("household, level: 五星", "household, level: 五级", "village", 4, "五级", "五星"),
        ("scheme: household, level: 五星}", "assessment: secretary}", "village", 4, "secretary", ""),
    ],
)
def test_names_between_schemes(
    tmp_path: Path, old: str, new: str, file: str, line: int, found: str, nearest: str
) -> None:
    assert (old in HOUSEHOLD) != (old in VILLAGE)
    folder = write(tmp_path)
    for name, text in (("household", HOUSEHOLD), ("village", VILLAGE)):
        (tmp_path / "schemes" / name / "2022-03-01.yaml").write_text(text.replace(old, new), encoding="utf-8")
    told = problems(folder)
    assert [(Path(one.file).parent.name, one.line, one.found, one.nearest) for one in told] == [
        (file, line, found, nearest)
    ]


@pytest.mark.parametrize(
    ("source", "found", "nearest"),
    [
        ("{assessment: secretary, grade: excellent}", None, ""),
        ("{assessment: secretery}", "secretery", "secretary"),
        ("{assessment: secretary, grade: excelent}", "excelent", "excellent"),
        ("{register: training}", None, ""),
        ("{register: trainig}", "trainig", "training"),
    ],
)
def test_names_of_assessments_and_registers(
    tmp_path: Path, source: str, found: str | None, nearest: str
) -> None:
    folder = write(
        tmp_path,
        assessments__secretary__2022_dyaml=ASSESSMENT,
        registers__training_dyaml="register: training\n",
        schemes__village__2022_dyaml="",
    )
    (tmp_path / "schemes" / "village" / "2022.yaml").unlink()
    text = VILLAGE.replace("{scheme: household, level: 五星}", source)
    (tmp_path / "schemes" / "village" / "2022-03-01.yaml").write_text(text, encoding="utf-8")
    told = [(one.code, one.line, one.found, one.nearest) for one in problems(folder)]
    assert told == ([("unknown-name", 4, found, nearest)] if found else [])


def test_what_nobody_would_read_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, schemes__more_dyaml=VILLAGE, asessments__a__2022_dyaml="a: 1\n")
    assert [(one.code, one.found, one.nearest) for one in problems(folder)] == [
        ("stray", "asessments", "assessments"),
        ("stray", "more.yaml", ""),
    ]


WHOLE_PACK = f"""{PACK}area_levels:
  - {{key: county, title: {{zh: 县, en: County}}}}
  - {{key: village, title: 村}}
organisation_levels: [{{key: village_head, title: 村级网格长}}]
calendar: {{meeting_day: 25, starts: 04-01}}
clocks: {{post_by_day: 15, window_days: 10, answer_days: 3, escalate_days: 10}}
store: {{every: month, day: 1}}
source: 公开报道
reference: {{zh: 文件, article: 第一条}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "found", "nearest"),
    [
        ("", "", 0, "", "", ""),
        ("area_levels", "area_level", 4, "unknown-key", "area_level", "area_levels"),
        ("key: village,", "kee: village,", 6, "unknown-key", "kee", "key"),
        ("key: village,", "key: Village,", 6, "invalid-value", "Village", ""),
        ("meeting_day: 25", "meeting_day: 31", 8, "invalid-value", "31", ""),
        ("starts: 04-01", "starts: 4/1", 8, "invalid-value", "4/1", ""),
        ("answer_days", "anser_days", 9, "unknown-key", "anser_days", "answer_days"),
        ("every: month", "every: monthly", 10, "unknown-name", "monthly", "month"),
        ("place: 乙\n", "", 1, "missing-key", "", ""),
    ],
)
def test_a_pack_may_say_and_its_slips_are_told(
    tmp_path: Path, old: str, new: str, line: int, code: str, found: str, nearest: str
) -> None:
    assert old in WHOLE_PACK
    folder = write(tmp_path, pack_dyaml=WHOLE_PACK.replace(old, new, 1))
    told = [(one.line, one.code, one.found, one.nearest) for one in problems(folder)]
    assert told == ([(line, code, found, nearest)] if code else [])


def test_one_scheme_in_two_folders_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, schemes__other__2022_dyaml=VILLAGE)
    assert [(one.code, one.found) for one in problems(folder)] == [("duplicate-id", "village")]


@pytest.mark.parametrize("name", ["2022-3-1", "2022-02-30", "20220301", "22-03-01", "2022.03.01"])
def test_a_day_that_is_none_is_no_name(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.yaml").write_text(VILLAGE, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        loader.load_versions(tmp_path)
    assert [(one.code, one.found) for one in caught.value.problems] == [("versions", f"{name}.yaml")]
    (tmp_path / f"{name}.yaml").rename(tmp_path / "draft.yaml")
    assert loader.load_versions(tmp_path).entries[0].from_date is None


@pytest.mark.parametrize(
    ("key", "other"), [("unit", "unit: {places: 0}"), ("year", "year: {starts: 04-01}"), ("scheme", "")]
)
def test_versions_must_agree(tmp_path: Path, key: str, other: str) -> None:
    text = VILLAGE.replace("scheme: village", f"scheme: {'hamlet' if not other else 'village'}")
    (tmp_path / "2022-03-01.yaml").write_text(VILLAGE, encoding="utf-8")
    (tmp_path / "2023-03-01.yaml").write_text(f"{text}{other}\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        loader.load_versions(tmp_path)
    assert [one.message.en for one in caught.value.problems] == [f"all versions must have the same {key}"]


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        (VILLAGE, 0, "0 errors, 0 warnings"),
        (VILLAGE.replace(", reference: 一", ""), 0, "0 errors, 3 warnings"),
        (VILLAGE.replace("points: 5", "points: -5"), 1, "expected: a number of points without sign"),
        (ASSESSMENT, 0, "0 errors, 0 warnings"),
        (ASSESSMENT.replace("mode: panel", "mode: pannel"), 1, "did you mean: panel"),
        ("stars: s\nceiling: x\n", 1, "ceiling"),
        ("pay: {standerd: 5}\n", 1, "did you mean: standard"),
    ],
)
def test_check_answers_for_every_kind(tmp_path: Path, text: str, status: int, words: str) -> None:
    file = tmp_path / "2022-03-01.yaml"
    file.write_text(text, encoding="utf-8")
    told = CliRunner().invoke(app, ["check", str(file), "--lang", "en"])
    assert told.exit_code == status, told.output
    assert words in told.output
    if status:
        assert f"{file}:" in told.output


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["check", str(tmp_path / "none.yaml")]).exit_code == 1
    days = ["--from", "2022-01-01", "--to", "2022-12-31"]
    files = ["--subjects", "s.csv", "--facts", "f.csv", "--out", str(tmp_path)]
    told = CliRunner().invoke(app, ["settle", str(tmp_path / "none.yaml"), *files, *days])
    assert told.exit_code == 2
    told = CliRunner().invoke(app, ["schema", "scheme"])
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in told.output
