"""Files and ledger agree: what the installation exports, settled again by the command, gives what it stored."""

import csv
import datetime as dt
import random
import subprocess
import sys
from pathlib import Path

from jizhi.demo.month import moment
from jizhi.demo.setup import SCHEME
from jizhi.notices import services as notices
from jizhi.settlement import selectors as settlement
from jizhi.settlement import services as settlements
from tests.county import County
from tests.domain.line.test_any_order import live

MARCH = dt.date(2026, 3, 1)


def rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


def march(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["period"] == "2026-03"]
    assert len(found) == 8
    return found


def test_settling_the_exported_files_gives_what_is_stored(county: County, tmp_path: Path) -> None:
    committee = county.home.staff["committee"]
    live(county, random.Random(7), MARCH)
    notice = notices.post_notice(
        village=county.home.area,
        scheme=SCHEME,
        period="2026-03",
        by=committee,
        at=moment(dt.date(2026, 4, 3), 9),
    )
    notices.finalise_notice(notice=notice, by=committee, at=moment(dt.date(2026, 4, 25), 9))
    assert all(check.equal for check in settlements.recheck(village=county.home.area, scheme=SCHEME))

    settlement.export_files(county.home.area, SCHEME, tmp_path)
    command = [
        sys.executable, "-m", "jizhi.cli.main", "settle", tmp_path / "scheme",
        "--subjects", tmp_path / "subjects.csv", "--facts", tmp_path / "facts.csv",
        "--from", "2026-03-01", "--to", "2026-03-31", "--out", tmp_path / "out",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    stored, again = rows(tmp_path / "awards.csv", "fact"), rows(tmp_path / "out" / "awards.csv", "fact")
    assert len(stored) == len(again) > 15
    for number, row in stored.items():
        assert {name: again[number][name] for name in row} == row
    assert march(tmp_path / "totals.csv") == march(tmp_path / "out" / "totals.csv")
