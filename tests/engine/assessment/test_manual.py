"""The manual's example loads, settles and has nothing against it; its table names every mode."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from jizhi.engine import assessments, guard_assessment
from jizhi.engine.document.assessment.indicator import Mode
from tests.engine.assessment.sheets import result, settled

MANUAL = Path(assessments.__file__).parents[2] / "docs" / "howto" / "write-an-assessment.md"
TABLE = """subject | indicator | rater_group | rater | value | grade | count
zhao    | growth    | task-force  | a     | 14    |       |
zhao    | publicity | task-force  | a     |       | 二类  |
zhao    | ballot    | mass        | b     |       | 优秀  | 15
zhao    | ballot    | mass        | b     |       | 称职  | 5
zhao    | honour    | task-force  | a     |       |       | 3"""


def test_the_example_loads_and_settles() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    example = re.findall(r"```yaml\n(.*?)```", text, re.S)[0]
    document = assessments.load_assessment(example)
    assert guard_assessment.check(document, dt.date(2026, 1, 1)) == []
    found = result(settled(document, TABLE, period="2022-H1"), period="2022-H1")
    assert (found.parts, found.bonus, found.total) == ((("work", 6500), ("opinion", 2850)), 500, 9850)


def test_the_table_names_every_mode() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.M) == [mode.value for mode in Mode]
