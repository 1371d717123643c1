"""`jizhi import KIND FILE`: the outcome on the screen, in the report and in the exit status."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jizhi.cli import console, imports
from jizhi.cli.main import app
from jizhi.imports.models import Import
from jizhi.intake.kinds import KINDS
from jizhi.people.models import Household
from tests.domain.imports.test_running import HEADER, county_rows, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open(monkeypatch: Any) -> None:
    @contextmanager
    def installation() -> Any:
        yield

    monkeypatch.setattr(console, "installation", installation)


def run(*words: str) -> Any:
    return CliRunner().invoke(app, ["import", *words])


def test_every_kind_has_its_command() -> None:
    assert set(imports.COMMANDS) == set(KINDS)


def test_dry_run_import_repeat_and_refusal(tmp_path: Path) -> None:
    area, rows = county_rows(2, 1)
    file, report = tmp_path / "a.xlsx", tmp_path / "out.json"
    file.write_bytes(workbook(HEADER, *rows))
    words = ("county-households", str(file), "--area", area.code)
    tried = run(*words, "--dry-run")
    assert (tried.exit_code, "新增 4" in tried.output) == (0, True)
    assert not Household.objects.exists()
    assert run(*words, "--report", str(report)).exit_code == 0
    assert json.loads(report.read_text())["counts"] == {
        "created": 4,
        "updated": 0,
        "unchanged": 0,
        "refused": 0,
    }
    assert "未变 4" in run(*words, "--resume").output
    rows[0][6] = "1"
    file.write_bytes(workbook(HEADER, *rows))
    refused = run(*words)
    assert refused.exit_code == 3
    assert "第 2 行" in refused.output and "G 身份证号码" in refused.output
    assert Import.objects.count() == 4


def test_unreadable_and_unknown_end_with_two(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("nothing,here\n1,2\n")
    area, _rows = county_rows(1, 1)
    assert run("areas", str(file), "--area", area.code).exit_code == 2
    assert run("areas", str(file), "--area", "nowhere").exit_code == 2
    assert run("areas", str(tmp_path / "none.xlsx"), "--area", area.code).exit_code == 2


def test_posts_leave_their_first_passwords_beside_the_table_and_visits_need_an_author(tmp_path: Path) -> None:
    area, _rows = county_rows(1, 1)
    file = tmp_path / "posts.xlsx"
    file.write_bytes(workbook(["姓名", "职务", "区划代码"], ["林新人", "楼栋长", area.code]))
    assert run("posts", str(file), "--area", area.code).exit_code == 0
    (kept,) = tmp_path.glob("*.handout.xlsx")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "未变 1" in run("posts", str(file), "--area", area.code).output
    assert len(list(tmp_path.glob("*.handout.xlsx"))) == 1
    assert run("visits", str(file), "--area", area.code).exit_code == 2
    assert run("visits", str(file), "--area", area.code, "--by", "nobody").exit_code == 2
