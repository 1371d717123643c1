"""`jizhi import households` and `jizhi area`: exit statuses, the report file, messages that help."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from jizhi.areas.models import Area
from jizhi.cli.main import app
from jizhi.people.models import Household
from tests import factories

pytestmark = pytest.mark.django_db
HEADER = ["户编号", "所属网格", "户主", "身份证号码", "家庭人口", "联系电话"]
BAD = ["X1", "第一网格", "钱乙", "990199197804035960", 2, None]


def _roster(folder: Path, *extra: list[Any]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "户主"
    sheet.append(HEADER)
    for number in range(1, 7):
        sheet.append(
            [
                f"{number:04d}",
                "第一网格",
                f"周{'甲乙丙丁戊己庚'[number]}",
                factories.id_number(number),
                3,
                None,
            ]
        )
    for row in extra:
        sheet.append(row)
    path = folder / "名单.xlsx"
    book.save(path)
    return path


def _run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_all_rows_usable_is_success_and_again_changes_nothing(tmp_path: Path) -> None:
    village, roster, report = factories.village(), _roster(tmp_path), tmp_path / "R.json"
    words = ("import", "households", roster, "--village", village.code, "--report", report)
    assert _run(*words, "--dry-run").exit_code == 0
    assert not Household.objects.exists()
    first = json.loads(report.read_text(encoding="utf-8"))
    assert _run(*words).exit_code == 0
    assert json.loads(report.read_text(encoding="utf-8")) == first
    assert set(first) == {"read", "created", "unchanged", "updated", "refused", "households"}
    assert (first["read"], first["created"], first["refused"]) == (6, 6, [])
    household = first["households"][0]
    assert (household["no"], household["head"], household["size"]) == ("0001", "周乙", 3)
    assert household["members"][0]["id"] == factories.id_number(1)
    assert _run(*words).exit_code == 0
    again = json.loads(report.read_text(encoding="utf-8"))
    assert (again["created"], again["unchanged"], again["updated"]) == (0, 6, 0)
    assert report.stat().st_mode & 0o077 == 0


def test_refused_rows_are_told_with_their_place_and_the_rest_is_imported(tmp_path: Path) -> None:
    village, report = factories.village(), tmp_path / "R.json"
    outcome = _run(
        "import", "households", _roster(tmp_path, BAD), "--village", village.code, "--report", report
    )
    assert outcome.exit_code == 3
    assert Household.objects.count() == 6
    (refused,) = json.loads(report.read_text(encoding="utf-8"))["refused"]
    assert set(refused) == {"sheet", "row", "column", "value", "reason"}
    assert (refused["sheet"], refused["row"], refused["value"]) == ("户主", 8, BAD[3])
    assert BAD[3] not in outcome.output


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 torn"])
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes) -> None:
    village, report, file = factories.village(), tmp_path / "R.json", tmp_path / "x.xlsx"
    file.write_bytes(content)
    outcome = _run("import", "households", file, "--village", village.code, "--report", report)
    assert outcome.exit_code == 2
    assert "x.xlsx: " in outcome.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["refused"][0]["reason"] in outcome.stderr


def test_a_missing_file_or_village_is_told_apart(tmp_path: Path) -> None:
    factories.village(code="130699101201", name="石桥村")
    missing = _run("import", "households", tmp_path / "none.xlsx", "--village", "130699101201")
    assert missing.exit_code == 2
    assert "none.xlsx" in missing.stderr
    unknown = _run("import", "households", _roster(tmp_path), "--village", "130699101210")
    assert unknown.exit_code == 2
    assert "130699101201 石桥村" in unknown.stderr
    assert "jizhi area list" in unknown.stderr
    township = _run(
        "import", "households", _roster(tmp_path), "--village", Area.objects.get(level="township").code
    )
    assert township.exit_code == 2


def test_areas_are_made_and_listed_from_nothing() -> None:
    assert _run("area", "create", "130699", "高阳县", "--level", "county").exit_code == 0
    assert (
        _run("area", "create", "130699101", "青禾镇", "--level", "township", "--parent", "130699").exit_code
        == 0
    )
    assert "  130699101  青禾镇  乡镇" in _run("area", "list").stdout
    again = _run("area", "create", "130699", "高阳县", "--level", "county")
    assert (again.exit_code, "130699" in again.stderr) == (2, True)
