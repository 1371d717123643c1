"""Versions lie in one folder, each file named by the day from which it applies. What they say is not read here."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.document.text import Text

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIKE_A_DAY = re.compile(r"\d{2,4}\D\d{1,2}\D\d{1,2}|\d{8}")


def of(path: Path) -> list[Path]:
    """The YAML files of a folder in order, or the one file."""
    return sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]


def day_of(file: Path, *, alone: bool) -> dt.date | None:
    """The day that names a version's file; None for a file that stands alone under another name."""
    if _DATED.fullmatch(file.stem):
        try:
            return dt.date.fromisoformat(file.stem)
        except ValueError:
            alone = False
    if alone and not _LIKE_A_DAY.fullmatch(file.stem):
        return None
    zh, en = "版本文件要用生效日命名", "a version's file is named by the day from which it applies"
    problem = Problem(
        "versions", "error", Text(zh=zh, en=en), str(file), 1, found=file.name, expected="2022-03-01.yaml"
    )
    raise DocumentError([problem])
